"""A workbook of another format (.xls, .ods, .et, .csv) made again as .xlsx, every cell at its address."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime

from openpyxl import Workbook
from python_calamine import CalamineWorkbook

from pipeline.report.safe_text import write_text


def rebuilt(original: bytes) -> Workbook | None:
    """The cells' values at the same addresses; None where the file cannot be opened at all."""
    sheets = _from_calamine(original) or _from_csv(original)
    if not sheets:
        return None
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets:
        page = book.create_sheet(name)
        for row, cells in enumerate(rows, 1):
            for column, value in enumerate(cells, 1):
                if isinstance(value, bool | int | float | date | datetime):
                    page.cell(row, column).value = value
                elif value not in ("", None):
                    write_text(page.cell(row, column), str(value))
    return book


def _from_calamine(original: bytes) -> list[tuple[str, list[list[object]]]]:
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(original))
        return [(name, [list(row) for row in book.get_sheet_by_name(name).to_python(skip_empty_area=False)])
                for name in book.sheet_names]
    except BaseException as error:  # the reader's panics are no Exceptions
        if isinstance(error, KeyboardInterrupt | SystemExit):
            raise
        return []


def _from_csv(original: bytes) -> list[tuple[str, list[list[object]]]]:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = original.decode(encoding)
        except UnicodeDecodeError:
            continue
        return [("报表", [list(row) for row in csv.reader(io.StringIO(text, newline=""))])]
    return []
