"""The second reader, for sound .xlsx files at which the first one stumbles."""

from __future__ import annotations

import io
import warnings
from typing import TYPE_CHECKING, Any

from pipeline.intake.ooxml import NOTHING_ODD, Oddities
from pipeline.intake.sheet import RawSheet
from pipeline.plain_text import harmless

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet


def read_again(content: bytes, oddities: dict[str, Oddities]) -> list[RawSheet]:
    """The workbook's sheets; none where it cannot be read either."""
    from openpyxl import load_workbook
    from openpyxl.worksheet.worksheet import Worksheet

    try:
        with warnings.catch_warnings(action="ignore"):
            book = load_workbook(io.BytesIO(content), data_only=True, keep_links=False)
    except Exception:  # whatever the damage is, the file is returned
        return []
    return [_sheet(page, oddities.get(page.title, NOTHING_ODD))
            for page in book.worksheets if isinstance(page, Worksheet)]


def _sheet(page: Worksheet, odd: Oddities) -> RawSheet:
    rows: list[list[Any]] = [list(cells) for cells in page.iter_rows(min_row=1, min_col=1, values_only=True)]
    for row, column in odd.errors:
        rows[row][column] = None
    merges = [((one.min_row - 1, one.min_col - 1), (one.max_row - 1, one.max_col - 1))
              for one in page.merged_cells.ranges]
    return RawSheet(harmless(page.title), rows, sorted(merges), page.sheet_state != "visible", odd)
