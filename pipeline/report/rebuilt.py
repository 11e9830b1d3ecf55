"""A workbook of another format (.xls, .ods, .et, .csv) made again as .xlsx, every cell at its address."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet
from python_calamine import CalamineWorkbook, SheetTypeEnum

from pipeline.report.measure import width_of
from pipeline.report.safe_text import sheet_title, write_text

_WIDEST = 40
_MOST_MERGES = 2000  # openpyxl compares each with all before it
_Corner = tuple[int, int]


@dataclass(frozen=True, slots=True)
class _Cells:
    """One sheet's values from A1 and its merged ranges as zero-based corners."""

    name: str
    rows: Sequence[Sequence[Any]]
    merges: Sequence[tuple[_Corner, _Corner]] = field(default_factory=list)


def rebuilt(original: bytes, csv_sheet: str) -> Workbook | None:
    """The cells' values at the same addresses, a .csv as the sheet `csv_sheet`; None where nothing can be opened."""
    sheets = _from_calamine(original) or list(_from_csv(original, csv_sheet))
    if not sheets:
        return None
    book = Workbook()
    book.remove(book.worksheets[0])
    for cells in sheets:
        _write(book.create_sheet(sheet_title(cells.name)), cells)
    return book


def _write(page: Worksheet, cells: _Cells) -> None:
    widths: dict[int, int] = {}
    for row, values in enumerate(cells.rows, 1):
        for column, value in enumerate(values, 1):
            if value not in ("", None):
                _put(page.cell(row, column), value)
                widths[column] = max(widths.get(column, 0), width_of(str(value)))
    for column, width in widths.items():
        page.column_dimensions[get_column_letter(column)].width = min(width + 3, _WIDEST)
    _merge(page, cells)


def _put(cell: Any, value: Any) -> None:
    if isinstance(value, str):
        write_text(cell, value)
    else:
        cell.value = value


def _merge(page: Worksheet, cells: _Cells) -> None:
    """A mended copy must read as the original does; a merge over the whole sheet would make every cell of it."""
    last_row, last_column = page.max_row - 1, page.max_column - 1
    for (top, left), (bottom, right) in cells.merges[:_MOST_MERGES]:
        if top <= last_row and left <= last_column:
            page.merge_cells(start_row=top + 1, start_column=left + 1, end_row=min(bottom, last_row) + 1,
                             end_column=min(right, last_column) + 1)


def _from_calamine(original: bytes) -> list[_Cells]:
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(original))
        return [_cells_of(book, tab.name) for tab in book.sheets_metadata if tab.typ == SheetTypeEnum.WorkSheet]
    except BaseException as error:  # the reader's panics are no Exceptions
        if isinstance(error, KeyboardInterrupt | SystemExit):
            raise
        return []


def _cells_of(book: CalamineWorkbook, name: str) -> _Cells:
    sheet = book.get_sheet_by_name(name)
    return _Cells(name, sheet.to_python(skip_empty_area=False), sheet.merged_cell_ranges or [])


def _from_csv(original: bytes, name: str) -> Iterator[_Cells]:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = original.decode(encoding)
        except UnicodeDecodeError:
            continue
        yield _Cells(name, list(csv.reader(io.StringIO(text, newline=""))))
        return
