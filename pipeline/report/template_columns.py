"""What one column of a template looks like: its format, width, example, wording and validation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from pipeline.config import Config
from pipeline.sheets import Column, Kind, choices_of

_FIRST_DAY, _LAST_DAY = date(1900, 1, 1), date(2100, 12, 31)
_LIST_LIMIT = 255  # Excel's limit for a list that stands inside the validation itself
_WIDEST = 20
_ONE_LINE = 5  # characters of a header that stay on one line
_TITLE_LIMIT = 32  # Excel's limit for the title of a message


@dataclass(frozen=True)
class _Face:
    """How the cells of one kind are shown and explained."""

    words: str
    width: int
    example: str | float | date
    number_format: str = "@"


_FACES = {
    Kind.TEXT: _Face("", 14, ""),
    Kind.NAME: _Face("", 9, "示例张三"),
    Kind.ID: _Face("", 20, "330503199001010000"),
    Kind.CODE: _Face("", 17, "ZC2019330500001"),
    Kind.PHONE: _Face("11位手机号码，或带区号的座机", 13, "0572-0000000"),
    Kind.USCC: _Face("营业执照上的18位代码", 20, "9133050300000000XX"),
    Kind.DATE: _Face("写成 2020-08-31 的样子", 11, date(2020, 8, 20), "yyyy-mm-dd"),
    Kind.MONTH: _Face("写成 2020-08 的样子", 11, "2020-08"),
    Kind.YEAR: _Face("四位数的年份，如 2020", 7, 2020, "0"),
    Kind.COUNT: _Face("整数，不写“人”等单位", 8, 1, "0"),
    Kind.MONEY: _Face("单位为元，只写数字", 10, 1000, "#,##0.00"),
    Kind.HOURS: _Face("只写数字", 8, 48, "General"),
    Kind.CHOICE: _Face("从下拉列表中选", 7, ""),
    Kind.YESNO: _Face("从下拉列表中选", 6, "是"),
    Kind.TICK: _Face("没有的空着", 6, "√"),
}


def number_format(column: Column) -> str:
    """The cells' number format; "@" keeps digits as the text that was typed."""
    return _FACES[column.kind].number_format


def choices(column: Column, config: Config) -> list[str]:
    """The values of the column's drop-down, empty where it has none."""
    match column.kind:
        case Kind.YESNO:
            return ["是", "否"]
        case Kind.TICK:
            return ["√"]
        case _:
            return choices_of(column, config)


def example(column: Column, config: Config) -> str | float | date:
    """What stands in the example row, in the column's own type and never a real person's."""
    face = _FACES[column.kind]
    if values := choices(column, config):
        return column.example if column.example in values else values[0]
    if not column.example:
        return face.example or f"示例{column.label}"
    if isinstance(face.example, date):
        return date.fromisoformat(column.example)
    return column.example if isinstance(face.example, str) else float(column.example)


def width(column: Column, config: Config) -> int:
    """The column's width in characters of Latin text; a long header takes two lines."""
    choice = max(map(len, choices(column, config)), default=0)
    header = len(column.label) if len(column.label) <= _ONE_LINE else (len(column.label) + 1) // 2
    return max(_FACES[column.kind].width, min(2 * choice + 2, _WIDEST), 2 * header + 2)


def header_text(column: Column) -> str:
    """The label, with * where the column is required."""
    return f"{column.label}*" if column.required else column.label


def guidance(column: Column) -> str:
    """What to fill in, in a sentence; blank where the label says it all."""
    default = f"不填即为{column.default}" if column.default else ""
    words = "" if _FACES[column.kind].words in column.hint else _FACES[column.kind].words
    return "；".join(filter(None, [column.hint, words, default]))


def fits_inside(values: Sequence[str]) -> bool:
    """Whether a drop-down can hold these values itself, without a range of cells."""
    joined = ",".join(values)
    return len(joined) <= _LIST_LIMIT and '"' not in joined and joined.count(",") < max(len(values), 1)


def validation(column: Column, config: Config, first_cell: str, ranges: dict[tuple[str, ...], str]) -> dict[str, Any]:
    """The data validation of a column whose first entry cell is `first_cell`.

    `ranges` gives the defined name of each list that does not fit inside.
    """
    words = guidance(column)
    messages = {
        "input_title": column.label[:_TITLE_LIMIT],
        "input_message": words,
        "error_title": f"{column.label}不对"[:_TITLE_LIMIT],
        "error_message": f"请重新填写：{words}。" if words else "",
    }
    return messages | _criterion(column, config, first_cell, ranges)


def _criterion(column: Column, config: Config, first_cell: str, ranges: dict[tuple[str, ...], str]) -> dict[str, Any]:
    match column.kind:
        case Kind.ID:
            # A warning only: spaces and full-width digits are put right when the sheet is read.
            formula = f"=OR(LEN({first_cell})=15,LEN({first_cell})=18)"
            return {"validate": "custom", "value": formula, "error_type": "warning"}
        case Kind.DATE:
            return {"validate": "date", "criteria": "between", "minimum": _FIRST_DAY, "maximum": _LAST_DAY}
        case Kind.YEAR:
            years = {"minimum": _FIRST_DAY.year, "maximum": _LAST_DAY.year}
            return {"validate": "integer", "criteria": "between", **years}
        case Kind.COUNT:
            return {"validate": "integer", "criteria": ">=", "value": 0}
        case Kind.MONEY | Kind.HOURS:
            return {"validate": "decimal", "criteria": ">=", "value": 0}
    values = choices(column, config)
    return {"validate": "list", "source": ranges.get(tuple(values), values)} if values else {"validate": "any"}
