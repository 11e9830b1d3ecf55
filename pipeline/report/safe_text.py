"""Text that stays text: never a formula, nothing that makes a workbook unreadable."""

from __future__ import annotations

import re
from typing import Any

from pipeline.plain_text import harmless

_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_NOT_IN_TITLES = re.compile(r"[\\*?:/\[\]]")
_LONGEST_TITLE = 31
_MOST = 32_767  # characters in one cell
_CUT = "…（过长，已截断）"


def safe_text(text: str) -> str:
    """The text without characters that no workbook can hold, and not longer than a cell takes."""
    clean = _UNWRITABLE.sub("", text)
    return clean if len(clean) <= _MOST else clean[: _MOST - len(_CUT)] + _CUT


def write_text(cell: Any, text: str) -> None:
    """Put a text into an openpyxl cell as a text, whatever it begins with."""
    cell.value = safe_text(text)
    cell.data_type = "s"


def sheet_title(name: str) -> str:
    """A sheet's name as an .xlsx may have it (an .ods may have longer and stranger ones)."""
    return _NOT_IN_TITLES.sub("_", harmless(name))[:_LONGEST_TITLE] or "_"
