"""config.yaml → Config, with Chinese errors that name the line."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.constructor import DuplicateKeyError, RoundTripConstructor
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.reader import ReaderError

from pipeline.config import Config
from pipeline.config_checks import Fault, contradictions
from pipeline.faults import CannotGoOn
from pipeline.policy import Model

M = TypeVar("M", bound=Model)

# A key at the start of a line, or inside the braces of one, with the colon of Chinese typing behind it.
_FULL_WIDTH_COLON = re.compile(r"""\s*(?:- )?(?:[^#"']*\{(?:[^{}#"']*,)?\s*)?[\w（）]+：""")
_COLON_WITHOUT_SPACE = re.compile(r"\s*(?:- )?[\w（）]+:[^\s#]")

_SENTENCES = {
    "extra_forbidden": "不认识的键，请检查拼写或删去",
    "missing": "缺少这一项",
    "literal_error": "现在是 {found}，只能是 {expected}",
    "none_required": "现在是 {found}，只能是 null",
    "string_pattern_mismatch": "现在是 {found}，格式不对",
    "greater_than_equal": "现在是 {found}，不能小于 {ge}",
    "less_than_equal": "现在是 {found}，不能大于 {le}",
}
_EXPECTED = {
    "int": "整数", "string": "文字（请加英文引号）", "bool": "true 或 false", "date": "日期（如 2019-01-01）",
    "list": "列表", "dict": "“键: 值”的列表", "model": "“键: 值”的列表", "tuple": "列表", "too_": "恰好两个数的列表",
}


class ConfigError(CannotGoOn):
    """config.yaml cannot be used; the message lists every fault with its line, in Chinese."""

    code = 2


class _Constructor(RoundTripConstructor):
    """Leaves dates as text, so that an impossible one is refused with its line."""


_Constructor.add_constructor("tag:yaml.org,2002:timestamp", lambda _, node: node.value)


def load(path: Path, shown: str | None = None) -> Config:
    """The district's configuration; raises ConfigError before anything else is touched, with the file's name as `shown`."""
    return read(path, Config, contradictions, shown)


def read(path: Path, model: type[M], faults_of: Callable[[M], list[Fault]], shown: str | None = None) -> M:
    """A file as its model, which agrees with itself by `faults_of`; raises ConfigError."""
    name, text = shown or path.name, _text(path)
    _refuse_full_width_colons(name, text)
    data = _parse(name, text)
    try:
        config = model.model_validate(data)
    except ValidationError as error:
        faults = [_fault(one) for one in error.errors()]
    else:
        faults = faults_of(config)
    if faults:
        raise ConfigError("\n".join(_located(name, data, place, sentence) for place, sentence in faults))
    return config


def _text(path: Path) -> str:
    try:
        content = path.read_bytes()
        return content.decode("utf-8-sig")
    except FileNotFoundError as error:
        raise ConfigError(f"找不到配置文件：{path}") from error
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise ConfigError(f"{path.name} 第 {line} 行：不是 UTF-8 编码，请在编辑器中另存为 UTF-8") from error
    except OSError as error:
        raise ConfigError(f"{path.name} 读不出来：{error.strerror}") from error


def _refuse_full_width_colons(name: str, text: str) -> None:
    for number, line in enumerate(text.splitlines(), 1):
        if _FULL_WIDTH_COLON.match(line):
            raise ConfigError(f"{name} 第 {number} 行：冒号写成了全角“：”，请改成半角“:”并在后面留一个空格")


def _parse(name: str, text: str) -> CommentedMap:
    yaml = YAML(typ="rt")
    yaml.Constructor = _Constructor
    try:
        data = yaml.load(text)
    except DuplicateKeyError as error:
        raise ConfigError(f"{name} 第 {_line(error)} 行：同一个键写了两次，请删去一处") from error
    except MarkedYAMLError as error:
        _refuse_colons_without_space(name, text, error)
        raise ConfigError(f"{name} 第 {_line(error)} 行：格式不对（多为缩进、引号或冒号），请对照相邻各行") from error
    except ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise ConfigError(f"{name} 第 {line} 行：有看不见的控制字符，请删去重打这一行") from error
    if not isinstance(data, CommentedMap):
        raise ConfigError(f"{name} 第 1 行：应当是“键: 值”的列表，现在是空的或别的内容")
    return data


def _refuse_colons_without_space(name: str, text: str, error: MarkedYAMLError) -> None:
    """The parser notices such a line only further below."""
    for number, line in enumerate(text.splitlines()[:_line(error)], 1):
        if _COLON_WITHOUT_SPACE.match(line):
            raise ConfigError(f"{name} 第 {number} 行：冒号后面少了一个空格，请补上") from error


def _line(error: MarkedYAMLError) -> int:
    mark = error.problem_mark or error.context_mark
    return int(mark.line) + 1 if mark else 1


def _fault(found: Any) -> Fault:
    """A fault of pydantic's as a key path and a sentence."""
    place = tuple(part for part in found["loc"] if part != "[key]")
    words = {"found": repr(found["input"])[:60], **found.get("ctx", {})}
    kind = found["type"]
    expected = next((text for prefix, text in _EXPECTED.items() if kind.startswith(prefix)), f"另一种写法（{kind}）")
    sentence = _SENTENCES.get(kind, f"现在是 {{found}}，应当是{expected}")
    return place, sentence.format(**words).replace(" or ", " 或 ")


def _located(name: str, data: CommentedMap, place: tuple[str | int, ...], sentence: str) -> str:
    return f"{name} 第 {_line_of(data, place)} 行 {'.'.join(map(str, place))}：{sentence}"


def _line_of(data: Any, place: tuple[str | int, ...]) -> int:
    """The line of a key path, or of its nearest parent where the key is missing."""
    line = 1
    for key in place:
        try:
            position = data.lc.key(key) if isinstance(data, CommentedMap) else data.lc.item(key)
            line, data = int(position[0]) + 1, data[key]
        except (KeyError, IndexError, TypeError, AttributeError):
            break
    return line
