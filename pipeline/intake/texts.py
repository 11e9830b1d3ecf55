"""A raw cell as text: blank or not, for comparison, and as it may be shown."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime, time

from pipeline.idnumber import compact, masked_text
from pipeline.intake.opening import Raw

_ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_INVISIBLE = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe0f\ufeff\u00ad]")
HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}


def is_blank(raw: Raw) -> bool:
    """Whether nothing but spaces and invisible characters stands in a cell."""
    if not isinstance(raw, str):
        return raw is None
    return not raw[:1].isalnum() and not _INVISIBLE.sub("", raw).strip(" \t\r\n\u00a0\u3000'’")


def text_of(raw: Raw) -> str:
    """A cell as plain text, without outer spaces, invisible and illegal characters."""
    if isinstance(raw, str) and raw.isprintable() and "\ufe0f" not in raw:
        return raw.strip(" ")
    if isinstance(raw, bool):
        return "是" if raw else "否"
    if isinstance(raw, float):
        return f"{raw:.0f}" if raw.is_integer() and abs(raw) < 1e15 else repr(raw)
    if isinstance(raw, datetime):
        return raw.date().isoformat() if raw.time() == time() else raw.isoformat(" ")
    if raw is None:
        return ""
    return _ILLEGAL.sub("", _INVISIBLE.sub("", str(raw))).strip(" \t\r\n\u00a0\u3000")


def quoted(raw: Raw) -> str:
    """A cell as it may be shown in a message: short, on one line, IDs masked."""
    shown = " ".join(text_of(raw).split())
    together = compact(shown)  # an ID may be full-width or have spaces in it
    shown = masked_text(shown if together == masked_text(together) else together)
    return f"“{shown[:40]}{'…' if len(shown) > 40 else ''}”"


def normal_choice(text: str) -> str:
    """A choice's spelling for comparison: no spaces, half-width, one kind of separator."""
    return re.sub(r"[,/;]", "、", "".join(unicodedata.normalize("NFKC", text).split()))
