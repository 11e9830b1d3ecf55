"""Cells as text: what is blank, what may be stored, what may be shown."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, time, timedelta

from pipeline.idnumber import compact, mask, masked_text

Raw = str | float | int | bool | date | datetime | time | timedelta | None

_INVISIBLE = "\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff"
# What no XML may hold, what steers terminals, and what cannot be seen.
_UNWANTED = re.compile(rf"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff{_INVISIBLE}]")
_SEEN = re.compile(rf"[^\s\x00-\x1f'’{_INVISIBLE}]")
_LIKE_AN_ID = re.compile(r"[0-9A-Z]{15,19}")
_HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
_SHOWN = 40


def is_blank(raw: Raw) -> bool:
    """Whether nothing but spaces, apostrophes and invisible characters stands in a cell."""
    if isinstance(raw, str):
        return not raw or not (raw[0].isalnum() or _SEEN.search(raw))
    return raw is None


def text_of(raw: Raw) -> str:
    """A cell as plain text, without outer spaces, invisible and illegal characters."""
    if isinstance(raw, str):
        return raw.strip() if raw.isprintable() else _UNWANTED.sub("", raw).strip()
    if isinstance(raw, bool):
        return "是" if raw else "否"
    if isinstance(raw, float):
        return f"{raw:.0f}" if raw.is_integer() and abs(raw) < 1e15 else repr(raw)
    if isinstance(raw, datetime):
        return raw.date().isoformat() if raw.time() == time() else raw.isoformat(" ", "seconds")
    return "" if raw is None else str(raw)


def typed_text(raw: Raw) -> str:
    """As `text_of`, half-width and without the apostrophe that marks text."""
    return text_of(raw).lstrip("'’").translate(_HALF_WIDTH).strip()


def squeezed(text: str) -> str:
    """Text for comparison: compatibility forms unified, all spaces out."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def shown(raw: Raw) -> str:
    """A cell as it may be shown: short, on one line, ID numbers masked however they are written."""
    text = " ".join(text_of(raw).split())
    text = mask(text) if _LIKE_AN_ID.fullmatch(compact(text)) else masked_text(text)
    return text[:_SHOWN] + ("…" if len(text) > _SHOWN else "")


def quoted(raw: Raw) -> str:
    """`shown`, in quotation marks."""
    return f"“{shown(raw)}”"
