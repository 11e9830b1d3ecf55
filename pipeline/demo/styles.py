"""Ways of filling in a workbook: how offices really spell dates, numbers, names and choices."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from random import Random
from typing import Literal

from pipeline.calendar import Month
from pipeline.config import Config
from pipeline.demo.paper import Cell, Return
from pipeline.sheets import Column, Kind

Format = Literal["xlsx", "openpyxl", "ods", "csv"]
_WIDE = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}


@dataclass(frozen=True)
class Habit:
    """How one unit writes: the file's format, the sheet's layout, and the spelling of its cells."""

    format: Format = "xlsx"
    encoding: str = "utf-8-sig"
    path: str = "{month}/{unit}{number}月.xlsx"
    dates: str = "real"
    since_1904: bool = False
    ids: str = "plain"
    names: str = "plain"
    amounts: str = "plain"
    choices: str = "plain"
    month: str = "iso"
    title: bool = False
    two_rows: bool = False
    own_order: bool = False
    aliases: bool = False
    example: bool = False
    instructions: bool = False
    totals: bool = False
    subtotals: bool = False
    signature: bool = False
    gaps: bool = False
    header_again: bool = False
    sheet_name: str = "{label}"


HABITS = (
    Habit(title=True, example=True, instructions=True),
    Habit(title=True, dates="dots", path="报送/{month}/{unit}.xlsx", totals=True, signature=True, month="chinese"),
    Habit(two_rows=True, dates="chinese", ids="wide", path="{unit}/{unit}{month}月报.xlsx", month="digits"),
    Habit("openpyxl", title=True, own_order=True, dates="slashes", names="spaced", sheet_name="{label}名单",
          path="{month}/{unit}（{year}年{number}月）.xlsx"),
    Habit(aliases=True, own_order=True, ids="fifteen", amounts="yuan", dates="digits", signature=True, month="date",
          path="报送/{year}/{unit}{month}.xlsx"),
    Habit(title=True, since_1904=True, gaps=True, ids="spaced", choices="long", path="{month}/{number}月报表-{unit}.xlsx"),
    Habit("ods", title=True, dates="real", path="{month}/{unit}.ods", totals=True),
    Habit("openpyxl", dates="iso", ids="apostrophe", amounts="comma", header_again=True, two_rows=True,
          path="{month}/{unit}月报{year}{number:02d}.xlsx", month="long"),
    Habit(dates="dots", ids="invisible", choices="spaced", title=True, aliases=True, totals=True, subtotals=True,
          signature=True, path="报送/{unit}/{number}月_{year}.xlsx", sheet_name="{label} (2)"),
)
CSV = Habit("csv", dates="slashes", path="{month}/{unit}_{month}_{label}.csv")
CSV_CHINESE = Habit("csv", "gb18030", dates="chinese", amounts="comma", path="csv/{unit}_{month}_{label}.csv")

_DATES: dict[str, Callable[[date], Cell]] = {
    "real": lambda day: day,
    "iso": lambda day: day.isoformat(),
    "dots": lambda day: f"{day.year}.{day.month}.{day.day}",
    "slashes": lambda day: f"{day.year}/{day.month}/{day.day}",
    "chinese": lambda day: f"{day.year}年{day.month}月{day.day}日",
    "digits": lambda day: f"{day:%Y%m%d}",
}
_IDS: dict[str, Callable[[str], str]] = {
    "plain": str,
    "wide": lambda number: number.translate(_WIDE),
    "fifteen": lambda number: number[:6] + number[8:17],
    "spaced": lambda number: f"{number[:6]} {number[6:14]} {number[14:]}",
    "apostrophe": lambda number: f"'{number.lower()}",
    "invisible": lambda number: f"\u200b{number.lower()}\ufeff",
}
_MONTHS: dict[str, Callable[[Month], Cell]] = {
    "iso": str,
    "chinese": lambda month: f"{month.year}年{month.month}月",
    "digits": lambda month: f"{month.year}{month.month:02d}",
    "date": lambda month: date(month.year, month.month, 1),
    "long": lambda month: f"{month.year}年{month.month:02d}月份",
}


def habit_of(filed: Return, config: Config) -> Habit:
    """A unit keeps its ways, but every third learns the template in the end; the last one exports its rows as CSV."""
    place, month = config.unit_order[filed.unit], filed.month
    exports = place == len(config.units) - 1 and filed.sheets and "decisions" not in filed.sheets
    if exports and month < Month(2021, 1):
        return CSV if month < Month(2020, 1) else CSV_CHINESE
    return HABITS[0] if month >= Month(2021, 1) and place % 3 == 0 else HABITS[place % len(HABITS)]


def month_text(month: Month, habit: Habit) -> Cell:
    """The month as the unit writes it on the cover."""
    return _MONTHS[habit.month](month)


def spelt(column: Column, value: Cell, habit: Habit, config: Config) -> Cell:
    """A meant value as the unit writes it."""
    if isinstance(value, date):
        return _DATES[habit.dates](value) if column.kind is Kind.DATE else value
    if isinstance(value, str):
        return _spelt_text(column, value, habit, config)
    return _amount(column, value, habit) if isinstance(value, int) else value


def _spelt_text(column: Column, text: str, habit: Habit, config: Config) -> str:
    if column.kind is Kind.ID:
        return _IDS[habit.ids](text)
    if column.kind is Kind.NAME and habit.names == "spaced" and len(text) == 3:
        return f"{text[0]}  {text[1:]}"
    return _choice(column, text, habit, config) if column.kind is Kind.CHOICE else text


def _amount(column: Column, value: int, habit: Habit) -> Cell:
    units = {Kind.MONEY: "元", Kind.COUNT: "人"}
    if column.kind in units and habit.amounts == "comma":
        return f"{value:,}"
    if column.kind in units and habit.amounts == "yuan":
        return f"{value}{units[column.kind]}"
    return value


def _choice(column: Column, value: str, habit: Habit, config: Config) -> str:
    if habit.choices == "spaced":
        return " ".join(value[:2]) + value[2:]
    if habit.choices == "long" and column.choices_from == "sectors":
        return next((sector.wording for sector in config.sectors if sector.name == value), value)
    if habit.choices == "long" and column.choices_from == "levels":
        return f"{value}职称"
    return value


def label_of(column: Column, habit: Habit, random: Random) -> str:
    """The heading that the unit uses for a column."""
    if habit.aliases and column.aliases:
        return random.choice(column.aliases)
    return f"{column.label}*" if habit.example and column.required else column.label
