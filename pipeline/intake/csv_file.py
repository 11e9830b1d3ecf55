"""Text files of comma-separated values, as Excel and WPS write them."""

from __future__ import annotations

import csv
import io

from pipeline.config import Limits
from pipeline.intake.extents import Extent
from pipeline.intake.refusal import Refused
from pipeline.intake.text import Raw

_ENCODINGS = ("utf-8-sig", "gb18030")


def csv_rows(content: bytes, limits: Limits) -> list[list[Raw]]:
    """The rows of cells, all of them text and equally many in each; raises Refused for anything that is no such text."""
    try:
        rows: list[list[Raw]] = [list(row) for row in csv.reader(io.StringIO(_text(content), newline=""), strict=True)]
    except csv.Error as error:
        raise Refused("CSV 的引号或换行不成对，读不了；请用 Excel 另存为 .xlsx 再报") from error
    width = max(map(len, rows), default=0)
    Extent(len(rows), width).check("CSV", limits)
    return [row + [None] * (width - len(row)) for row in rows]


def _text(content: bytes) -> str:
    for encoding in _ENCODINGS:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise Refused("文字编码认不出；请用 Excel 另存为 .xlsx 或“CSV UTF-8”再报")
