"""One cell: from what was written to the value that counts, or the reason why there is none.

The raw cell's type decides, never its looks: an ID stored as a number has lost digits for good.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from pipeline.idnumber import compact, fault, mask, upgrade
from pipeline.intake.opening import Raw
from pipeline.intake.texts import HALF_WIDTH, normal_choice, quoted, text_of
from pipeline.reading import Value
from pipeline.sheets import Kind

_DATE = re.compile(
    r"(\d{4})\s*[-./年]\s*(\d{1,2})\s*[-./月]\s*(\d{1,2})\s*[日号]?(?:[ T]\d{1,2}:\d{2}(?::\d{2}(?:\.0+)?)?)?",
    re.ASCII)
_DATE_DIGITS = re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII)
_NUMBER = re.compile(r"[¥￥]?(\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)(?:元整?|人|名|个|年|小时|学时|课时)?", re.ASCII)
_MOBILE = re.compile(r"1\d{10}")
_LANDLINE = re.compile(r"(?:0\d{2,3}-?)?\d{7,8}(?:-\d{1,6})?")
_YES = {"是", "有", "√", "✓", "✔", "☑", "■", "1", "y", "yes", "true", "对"}
_NO = {"否", "无", "没有", "×", "✗", "✘", "□", "☐", "0", "n", "no", "false", "未"}
_CHOICE_ENDINGS = ("职称", "级", "证书", "注册安全工程师", "资格")
_MOST_DIGITS = 15  # Excel keeps no more of a number


@dataclass(frozen=True, slots=True)
class Taken:
    """A cell as it counts; `changed` where it was written in another form."""

    value: Value
    changed: bool = False


@dataclass(frozen=True, slots=True)
class Rejected(Exception):
    """A cell that cannot count: the rule, and a Chinese sentence with found, expected and remedy."""

    rule: str
    message: str


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a cell's check needs beside the cell: accepted spellings and the row's kind of document."""

    spellings: dict[str, str]
    document: str | None = None


def take(kind: Kind, raw: Raw, beside: Surroundings) -> Taken:
    """The value of a filled cell of a kind; raises Rejected where it cannot count."""
    return _TAKERS[kind](raw, beside)


def _text(raw: Raw, _: Surroundings) -> Taken:
    return Taken(text_of(raw))


def _name(raw: Raw, _: Surroundings) -> Taken:
    text = text_of(raw).lstrip("'’").translate(HALF_WIDTH).replace("•", "·").replace("・", "·").replace("‧", "·")
    words = text.split()
    joined = " ".join(words) if text.isascii() else "".join(words)
    return Taken(joined, joined != text_of(raw))


def _id(raw: Raw, beside: Surroundings) -> Taken:
    if not isinstance(raw, str):
        raise Rejected("N03", "身份证号码存成了数字，末尾几位已经丢失，无法还原；请把单元格设为“文本”格式后重新填写")
    number = upgrade(compact(raw))
    if reason := fault(number, beside.document):
        raise Rejected("N02", f"身份证号码“{mask(number)[:40]}”不对：{reason}；请对照证件改正")
    return Taken(number, number != raw.strip())


def _code(raw: Raw, _: Surroundings) -> Taken:
    if isinstance(raw, float | int) and not isinstance(raw, bool) and abs(raw) >= 10**_MOST_DIGITS:
        raise Rejected("N03", f"超过{_MOST_DIGITS}位的编号存成了数字，末尾几位已经丢失；"
                              "请把单元格设为“文本”格式后重新填写")
    text = "".join(text_of(raw).lstrip("'’").translate(HALF_WIDTH).split())
    return Taken(text, text != text_of(raw))


def _uscc(raw: Raw, beside: Surroundings) -> Taken:
    code = _code(raw, beside)
    upper = str(code.value).replace("-", "").upper()
    return Taken(upper, code.changed or upper != code.value)


def _phone(raw: Raw, beside: Surroundings) -> Taken:
    return _code(raw, beside)


def phone_is_plausible(number: str) -> bool:
    """N10: 11 digits starting with 1, or a landline."""
    bare = number.replace("(", "").replace(")", "-").removeprefix("+86")
    return bool(_MOBILE.fullmatch(bare.replace("-", "")) or _LANDLINE.fullmatch(bare))


def _date(raw: Raw, _: Surroundings) -> Taken:
    day, changed = _day(raw)
    if day is None or not 1900 <= day.year <= 2100:
        raise Rejected("N07", f"日期{quoted(raw)}不是真实的日期；请写成 2020-08-31 的样子")
    return Taken(day.isoformat(), changed)


def _day(raw: Raw) -> tuple[date | None, bool]:
    if isinstance(raw, datetime):
        return raw.date(), False
    if isinstance(raw, date):
        return raw, False
    text = text_of(raw).lstrip("'’") if isinstance(raw, str | float | int) and not isinstance(raw, bool) else ""
    plain = unicodedata.normalize("NFKC", text)
    found = _DATE.fullmatch(plain) or _DATE_DIGITS.fullmatch(plain)
    try:
        return (date(int(found[1]), int(found[2]), int(found[3])), True) if found else (None, True)
    except ValueError:
        return None, True


def day_of(raw: Raw) -> date | None:
    """The day that a cell states in any accepted spelling."""
    return _day(raw)[0]


def _number(raw: Raw) -> tuple[Decimal, bool]:
    if isinstance(raw, float | int) and not isinstance(raw, bool):
        number, changed = Decimal(repr(raw)) if abs(raw) < 1e15 else None, False
    else:
        plain = "".join(unicodedata.normalize("NFKC", text_of(raw)).lstrip("'’").split())
        found, changed = _NUMBER.fullmatch(plain if isinstance(raw, str) else ""), True
        number = _decimal(found[1]) if found else None
    if number is None or number < 0:
        raise Rejected("N08", f"{quoted(raw)}不是数字；请只写数字，如 2000")
    return number, changed


def _decimal(text: str) -> Decimal | None:
    try:
        return Decimal(text.replace(",", ""))
    except InvalidOperation:
        return None


def _money(raw: Raw, _: Surroundings) -> Taken:
    number, changed = _number(raw)
    if number != round(number, 2):
        raise Rejected("N08", f"金额{quoted(raw)}细于一分；请核对")
    return Taken(float(number), changed)


def _count(raw: Raw, _: Surroundings) -> Taken:
    number, changed = _number(raw)
    if number != number.to_integral_value():
        raise Rejected("N08", f"{quoted(raw)}不是整数；请核对")
    return Taken(int(number), changed)


def _year(raw: Raw, beside: Surroundings) -> Taken:
    taken = _count(raw, beside)
    if not 1900 <= int(taken.value or 0) <= 2100:
        raise Rejected("N08", f"{quoted(raw)}不是年度；请写成 2020 的样子")
    return taken


def _hours(raw: Raw, _: Surroundings) -> Taken:
    number, changed = _number(raw)
    return Taken(float(number), changed)


def _choice(raw: Raw, beside: Surroundings) -> Taken:
    if isinstance(raw, str) and raw in beside.spellings:
        return Taken(beside.spellings[raw], beside.spellings[raw] != raw)
    text = normal_choice(text_of(raw))
    for spelling in (text, *_shortened(text)):
        if spelling in beside.spellings:
            value = beside.spellings[spelling]
            return Taken(value, value != text_of(raw))
    allowed = "、".join(dict.fromkeys(beside.spellings.values()))
    raise Rejected("N08", f"{quoted(raw)}不在可选值内；应为：{allowed}")


def _shortened(text: str) -> list[str]:
    shorter = []
    for _ in range(3):
        ending = next((end for end in _CHOICE_ENDINGS if text.endswith(end) and text != end), None)
        if ending is None:
            break
        text = text.removesuffix(ending)
        shorter += [text, f"{text}级"]
    return shorter


def _yes_or_no(raw: Raw, _: Surroundings) -> Taken:
    word = unicodedata.normalize("NFKC", text_of(raw)).casefold().strip()
    if word in _YES or word in _NO:
        return Taken(int(word in _YES), False)
    raise Rejected("N08", f"{quoted(raw)}看不出是或否；请填“是”“否”或打“√”")


_TAKERS: dict[Kind, Callable[[Raw, Surroundings], Taken]] = {
    Kind.TEXT: _text, Kind.NAME: _name, Kind.ID: _id, Kind.CODE: _code, Kind.PHONE: _phone, Kind.USCC: _uscc,
    Kind.DATE: _date, Kind.MONTH: _text, Kind.YEAR: _year, Kind.COUNT: _count, Kind.MONEY: _money,
    Kind.HOURS: _hours, Kind.CHOICE: _choice, Kind.YESNO: _yes_or_no, Kind.TICK: _yes_or_no,
}
