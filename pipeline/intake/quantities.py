"""Dates, numbers and amounts: read where there is one reading, never guessed."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, timedelta
from decimal import Decimal

from pipeline.intake.rejection import Rejected
from pipeline.intake.text import Raw, quoted, squeezed, typed_text

_DATE = re.compile(
    r"(\d{4})\s*[-./年]\s*(\d{1,2})\s*[-./月]\s*(\d{1,2})\s*[日号]?(?:[ T]+\d{1,2}:\d{2}(?::\d{2}(?:\.0+)?)?)?", re.ASCII)
_DATE_DIGITS = re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII)
_NUMBER = re.compile(
    r"[¥￥]?(\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)(?:元整|元|人|名|个|年度|年|学时|课时|小时)?", re.ASCII)
_FIRST_YEAR, _LAST_YEAR = 1900, 2100
_EXCEL_DAY_ZERO = date(1899, 12, 30)
_LIKELY_SERIALS = range(32874, 73051)  # 1990 to 2099
_MOST_EXACT = 10**15  # Excel keeps 15 digits of a number


def take_date(raw: Raw) -> str:
    """The day as ISO text; raises Rejected where it is impossible or can be read in two ways (N07)."""
    day = day_of(raw)
    if day is None or not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        raise Rejected("N07", f"{quoted(raw)}不是真实的日期{_serial_hint(raw)}；请写成 2020-08-31 的样子")
    return day.isoformat()


def day_of(raw: Raw) -> date | None:
    """The day that a cell states in any accepted spelling."""
    if isinstance(raw, datetime):
        return raw.date()
    if isinstance(raw, date):
        return raw
    if isinstance(raw, bool | timedelta):
        return None
    plain = unicodedata.normalize("NFKC", typed_text(raw))
    found = _DATE.fullmatch(plain) or _DATE_DIGITS.fullmatch(plain)
    try:
        return date(int(found[1]), int(found[2]), int(found[3])) if found else None
    except ValueError:
        return None


def _serial_hint(raw: Raw) -> str:
    """A date that lost its format is a number; from which day it counts, 1900 or 1904, nobody can tell."""
    if isinstance(raw, float | int) and raw in _LIKELY_SERIALS:
        return f"（像是失去日期格式的 {_EXCEL_DAY_ZERO + timedelta(days=int(raw))}，请核对）"
    return ""


def number_of(raw: Raw) -> Decimal:
    """The number in a cell, with separators and a unit or without; raises Rejected otherwise (N08)."""
    if isinstance(raw, float | int) and not isinstance(raw, bool):
        number: Decimal | None = Decimal(repr(raw))
    else:
        found = _NUMBER.fullmatch(squeezed(typed_text(raw))) if isinstance(raw, str) else None
        number = Decimal(found[1].replace(",", "")) if found else None
    if number is None or not number.is_finite() or not 0 <= number < _MOST_EXACT:
        raise Rejected("N08", f"{quoted(raw)}应为不小于 0 的数字；请只写数字，如 2000")
    return number


def take_amount(raw: Raw) -> float:
    """An amount or a number of hours, to a hundredth."""
    number = number_of(raw)
    rounded = round(number, 2)
    if not _as_good_as_equal(number, rounded):
        raise Rejected("N08", f"{quoted(raw)}应最多有两位小数；请核对")
    return float(rounded)


def take_count(raw: Raw) -> int:
    """A whole number."""
    number = number_of(raw)
    whole = round(number)
    if not _as_good_as_equal(number, Decimal(whole)):
        raise Rejected("N08", f"{quoted(raw)}应为整数；请核对")
    return whole


def take_year(raw: Raw) -> int:
    """A year."""
    year = take_count(raw)
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        raise Rejected("N08", f"{quoted(raw)}应为年度；请写成 2020 的样子")
    return year


def _as_good_as_equal(number: Decimal, rounded: Decimal) -> bool:
    """Formulas leave 1000.0000000000001 for 1000."""
    return abs(number - rounded) < Decimal("1e-6")
