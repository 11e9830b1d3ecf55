"""One filled cell: from what was written to the value that counts, or the reason why there is none.

The raw cell's type decides, never its looks: an ID stored as a number has lost digits for good.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date

from pipeline.config import Config
from pipeline.idnumber import compact, fault, mask, upgrade
from pipeline.intake.quantities import take_amount, take_count, take_date, take_year
from pipeline.intake.rejection import Rejected
from pipeline.intake.text import Raw, quoted, squeezed, text_of, typed_text
from pipeline.reading import Value
from pipeline.sheets import Column, Kind, spellings_of

Taker = Callable[[Raw], Value]

_CHINESE_NAME = re.compile(r"[\u4e00-\u9fff]{1,20}")
_MIDDLE_DOTS = re.compile(r"(?<=[\u2e80-\U0003ffff]) *[•・‧∙⋅･●.] *(?=[\u2e80-\U0003ffff])")
_LATIN_GAP = re.compile(r"(?<=[^\W\d_\u2e80-\U0003ffff]) +(?=[^\W\d_\u2e80-\U0003ffff])")
_LIKE_AN_ID = re.compile(r"[0-9]{14,17}[0-9X]")
_SCIENTIFIC = re.compile(r"-?\d(?:\.\d+)?[Ee][+-]?\d{2,3}")
_MOBILE = re.compile(r"1\d{10}", re.ASCII)
_LANDLINE = re.compile(r"(?:0\d{2,3}-?)?\d{7,8}(?:-\d{1,6})?", re.ASCII)
_YES = {"是", "有", "√", "✓", "✔", "☑", "■", "1", "y", "yes", "true", "对"}
_NO = {"否", "无", "没有", "×", "✕", "✗", "✘", "□", "☐", "0", "n", "no", "false"}
_CHOICE_ENDINGS = ("注册安全工程师", "职业资格", "职称", "证书", "资格", "级")
_MOST_DIGITS = 15  # Excel keeps no more of a number
_AS_TEXT = "请把单元格设为“文本”格式后重新填写"


def taker(column: Column, config: Config) -> Taker:
    """The function that takes a filled cell of a column; it raises Rejected for a cell that cannot count."""
    if column.kind is Kind.CHOICE:
        spellings = {_choice(spelling): value for spelling, value in spellings_of(column, config).items()}
        return lambda raw: _take_choice(raw, spellings)
    return _TAKERS.get(column.kind, text_of)


def take_id(raw: Raw, document: str | None = None) -> str:
    """An ID number of 18 characters (or of a foreigner's older card); raises Rejected under N02 or N03."""
    if not isinstance(raw, str):
        found = mask(f"{raw:.0f}") if isinstance(raw, float | int) else text_of(raw)
        raise Rejected("N03", f"存成了数字（{found}），末尾几位可能已经丢失，无法还原；{_AS_TEXT}")
    number = upgrade(compact(text_of(raw)))
    if _SCIENTIFIC.fullmatch(number):
        raise Rejected("N02", f"{quoted(raw)}变成了科学计数法，末尾几位已经丢失；{_AS_TEXT}")
    if reason := fault(number, document):
        raise Rejected("N02", f"{quoted(mask(number))}不对：{reason}；请对照证件改正")
    return number


def looks_like_an_id(raw: Raw) -> bool:
    """Whether somebody meant an ID number, right or wrong."""
    if isinstance(raw, float | int):
        return raw > 10**13
    return isinstance(raw, str) and bool(_LIKE_AN_ID.fullmatch(raw) or _LIKE_AN_ID.fullmatch(compact(raw)))


def phone_is_plausible(number: str) -> bool:
    """N10: 11 digits starting with 1, or a landline."""
    bare = number.replace("(", "").replace(")", "-").removeprefix("+86").replace("—", "-")
    return bool(_MOBILE.fullmatch(bare.replace("-", "")) or _LANDLINE.fullmatch(bare))


def take_yes_or_no(raw: Raw) -> int:
    """1 for yes or a tick, 0 for no or a cross."""
    word = squeezed(text_of(raw)).casefold().removesuffix("\ufe0f")  # the mark that colours a tick
    if word not in _YES and word not in _NO:
        raise Rejected("N08", f"{quoted(raw)}看不出是或否；请填“是”“否”，或打“√”“×”")
    return int(word in _YES)


def _take_name(raw: Raw) -> str:
    text = typed_text(raw)
    if _CHINESE_NAME.fullmatch(text):
        return text
    words = _MIDDLE_DOTS.sub("·", " ".join(text.split()))
    return _LATIN_GAP.sub("\x00", words).replace(" ", "").replace("\x00", " ")


def _take_code(raw: Raw) -> str:
    text = "".join(typed_text(raw).split())
    if (isinstance(raw, float | int) and abs(raw) >= 10**_MOST_DIGITS) or _SCIENTIFIC.fullmatch(text):
        raise Rejected("N03", f"{quoted(raw)}超过{_MOST_DIGITS}位，存成了数字，末尾几位已经丢失；{_AS_TEXT}")
    if isinstance(raw, date):
        raise Rejected("N03", f"{quoted(raw)}被当成了日期，原来的写法已经丢失；{_AS_TEXT}")
    return text


def _take_uscc(raw: Raw) -> str:
    return compact(_take_code(raw))


def _choice(text: str) -> str:
    """A choice's spelling for comparison: no spaces, half-width, one kind of separator."""
    return re.sub(r"[,/;]", "、", squeezed(text))


def _take_choice(raw: Raw, spellings: Mapping[str, str]) -> str:
    text = _choice(typed_text(raw))
    while text not in spellings:
        shorter = next((text.removesuffix(end) for end in _CHOICE_ENDINGS if text.endswith(end)), "")
        if f"{shorter}级" in spellings and text != f"{shorter}级":
            shorter += "级"
        if not shorter:
            allowed = "、".join(dict.fromkeys(spellings.values()))
            raise Rejected("N08", f"{quoted(raw)}不在可选值内；应为：{allowed}")
        text = shorter
    return spellings[text]


_TAKERS: dict[Kind, Taker] = {
    Kind.NAME: _take_name, Kind.ID: take_id, Kind.CODE: _take_code, Kind.PHONE: _take_code, Kind.USCC: _take_uscc,
    Kind.DATE: take_date, Kind.YEAR: take_year, Kind.COUNT: take_count, Kind.MONEY: take_amount,
    Kind.HOURS: take_amount, Kind.YESNO: take_yes_or_no, Kind.TICK: take_yes_or_no,
}
