"""A command that was written wrongly, told in Chinese: the library that reads it speaks English."""

from __future__ import annotations

import re
from typing import Any

import typer

from pipeline.idnumber import masked_text

_SENTENCES = (
    (r"No such option:? '?([^\s']+?)'?(?: \(Possible options: (.+)\)|\.? Did you mean (.+)\?)$", r"没有选项 \1（是不是 \2\3？）"),
    (r"No such option:? '?([^\s']+?)'?\.?$", r"没有选项 \1"),
    (r"No such command '([^']+)'\.(?: Did you mean (?:one of: )?(.+)\?)$", r"没有命令 \1（是不是 \2？）"),
    (r"No such command '([^']+)'\.$", r"没有命令 \1"),
    (r"Option '(.+)' does not take a value\.", r"\1 后面不用写内容"),
    (r"Got unexpected extra arguments?(?:\(s\))? \((.+)\)", r"多写了 \1"),
    (r"Option '(.+)' requires an argument\.", r"\1 后面要写内容"),
    (r"Missing (?:argument|option) '?([^']+?)'?\.", r"少写了 \1"),
    (r"Invalid value(?: for '?([^':]+?)'?)?: ", r"\1 "),
    (r"Input should be a valid integer, unable to parse string as an integer|'?\S*?'? is not a valid int(?:eger)?\.?", "应是整数"),
    (r"Input should be greater than or equal to (\d+)", r"不能小于 \1"),
    (r"Input should be less than or equal to (\d+)", r"不能大于 \1"),
)


def is_wrong_usage(error: Exception) -> bool:
    """Whether it is the reader of the command line that complains."""
    return isinstance(error, typer.BadParameter.__bases__[0])


def in_chinese(error: Any) -> str:
    """What is wrong with the command, without a whole ID number, and where its use is told; unknown words stay as they are."""
    said = error.format_message()
    for pattern, sentence in _SENTENCES:
        said = re.sub(pattern, sentence, said)
    explained = getattr(getattr(error, "param", None), "help", None)
    command = error.ctx.command_path if error.ctx else "run.py"
    also = f"（{explained}）" if explained and explained not in said else ""
    return masked_text(f"命令写得不对：{said.strip()}{also}\n用法请看：python {command} --help")
