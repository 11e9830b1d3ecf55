"""config.yaml → Config, with Chinese errors that name the line."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.constructor import DuplicateKeyError
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from pipeline.config import Config

_FULL_WIDTH_COLON = re.compile(r"^\s*(?:- )?[\w（）]+：")


class ConfigError(Exception):
    """config.yaml cannot be used; the message lists every fault with its line, in Chinese."""


def load(path: Path) -> Config:
    """The district's configuration; raises ConfigError before anything else is touched."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise ConfigError(f"找不到配置文件：{path}") from error
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path.name} 读不出来，请用 UTF-8 编码保存：{error}") from error
    _refuse_full_width_colons(path.name, text)
    data = _parse(path.name, text)
    try:
        return Config.model_validate(data)
    except ValidationError as error:
        raise ConfigError(_explain(path.name, data, error)) from error


def _refuse_full_width_colons(name: str, text: str) -> None:
    for number, line in enumerate(text.splitlines(), 1):
        if _FULL_WIDTH_COLON.match(line):
            raise ConfigError(f"{name} 第 {number} 行：冒号写成了全角“：”，请改成半角“:”并在后面留一个空格")


def _parse(name: str, text: str) -> Any:
    try:
        data = YAML(typ="rt").load(text)
    except DuplicateKeyError as error:
        raise ConfigError(f"{name} 第 {_line(error)} 行：同一个键写了两次，请删去一处") from error
    except MarkedYAMLError as error:
        raise ConfigError(f"{name} 第 {_line(error)} 行：格式不对（多为缩进、引号或冒号），请对照相邻各行") from error
    except YAMLError as error:
        raise ConfigError(f"{name}：格式不对：{error}") from error
    if not isinstance(data, dict):
        raise ConfigError(f"{name}：应当是“键: 值”的列表，现在是空的或别的内容")
    return data


def _line(error: MarkedYAMLError) -> int:
    mark = error.problem_mark or error.context_mark
    return int(mark.line) + 1 if mark else 1


def _explain(name: str, data: Any, error: ValidationError) -> str:
    lines = []
    for fault in error.errors():
        place = [part for part in fault["loc"] if part != "[key]"]
        where = f"{name} 第 {_line_of(data, place)} 行 " if place else f"{name} "
        lines.append(f"{where}{'.'.join(map(str, place))}：{_sentence(fault)}")
    return "\n".join(lines)


def _line_of(data: Any, place: list[int | str]) -> int:
    """The line of a key path, or of its nearest parent where the key is missing."""
    line = 1
    for key in place:
        try:
            position = data.lc.key(key) if isinstance(data, dict) else data.lc.item(key)
            line, data = int(position[0]) + 1, data[key]
        except (KeyError, IndexError, TypeError, AttributeError):
            break
    return line


def _sentence(fault: Any) -> str:
    found = repr(fault["input"])[:60]
    context = fault.get("ctx", {})
    match fault["type"]:
        case "extra_forbidden":
            return "不认识的键，请检查拼写或删去"
        case "missing":
            return "缺少这一项"
        case "literal_error" | "none_required":
            return f"现在是 {found}，只能是 {context.get('expected', 'null')}"
        case "value_error":
            return str(context["error"]).replace("\n", "\n  ")
        case "string_pattern_mismatch":
            return f"现在是 {found}，格式不对"
        case "greater_than_equal" | "less_than_equal":
            return f"现在是 {found}，应当在 {context.get('ge', '')}～{context.get('le', '')} 的范围内"
        case kind:
            return f"现在是 {found}，应当是{_expected(kind)}"


def _expected(kind: str) -> str:
    names = {"int": "整数", "string": "文字", "bool": "true 或 false", "date": "日期（如 2019-01-01）",
             "list": "列表", "dict": "“键: 值”的列表", "model": "“键: 值”的列表", "tuple": "列表"}
    return next((text for prefix, text in names.items() if kind.startswith(prefix)), f"另一种写法（{kind}）")
