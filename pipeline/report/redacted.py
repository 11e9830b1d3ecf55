"""An original without one person: what stood in their rows and wherever their number stood is gone, the rest as it was."""

from __future__ import annotations

import io
from datetime import datetime

from openpyxl import Workbook
from openpyxl.cell import Cell

from pipeline.files import same_bytes_each_time
from pipeline.idnumber import compact, upgrade
from pipeline.report.own_copy import filled_cells, own_copy, pages

_DAY = datetime(1980, 1, 1)


def redacted_original(original: bytes, places: set[tuple[str, int]], id_number: str) -> bytes:
    """The workbook as .xlsx with those rows (sheet, row) emptied; an empty one where it cannot be opened."""
    book = own_copy(original, next(iter(sheet for sheet, _ in places))) or Workbook()
    for page in pages(book):
        for cell in filled_cells(page):
            if isinstance(cell, Cell) and ((page.title, cell.row) in places or _is_number(cell.value, id_number)):
                cell.value = cell.comment = cell.hyperlink = None
    book.properties.creator = book.properties.lastModifiedBy = None
    target = io.BytesIO()
    book.save(target)
    return same_bytes_each_time(target.getvalue(), modified=_DAY)


def _is_number(value: object, id_number: str) -> bool:
    return isinstance(value, str) and (id_number in compact(value) or upgrade(compact(value)) == id_number)
