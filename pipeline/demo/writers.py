"""Pages as the bytes of a file: .xlsx by two libraries, .ods by hand, .csv; the same pages give the same bytes."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from xml.sax.saxutils import escape

import xlsxwriter
from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties

from pipeline.demo.pages import Page, Printed
from pipeline.demo.paper import Cell, Formula
from pipeline.files import same_bytes_each_time


def content_of(printed: Printed) -> bytes:
    """The file's bytes."""
    content = printed.filed.content
    return _WRITERS[printed.habit.format](printed) if content is None else content


def _made_on(printed: Printed) -> datetime:
    day = printed.filed.filled_on
    return datetime(day.year, day.month, day.day, 9)


def _xlsx(printed: Printed) -> bytes:
    target = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
               "date_1904": printed.habit.since_1904}
    with xlsxwriter.Workbook(target, options) as book:
        book.set_properties({"created": _made_on(printed)})
        formats = _Formats(book)
        for page in printed.pages:
            _write_page(book.add_worksheet(page.name), page, formats)
    return target.getvalue()


class _Formats:
    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self.day = book.add_format({"num_format": "yyyy-mm-dd", "border": 1})
        self.text = book.add_format({"num_format": "@", "border": 1})
        self.plain = book.add_format({"border": 1})
        self.merged = book.add_format({"border": 1, "align": "center", "valign": "vcenter"})
        self.title = book.add_format({"bold": True})


def _write_page(sheet: xlsxwriter.worksheet.Worksheet, page: Page, formats: _Formats) -> None:
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    for column, width in page.widths().items():
        sheet.set_column(column, column, width)
    for (row, column), cell in page.cells.items():
        _write_cell(sheet, row, column, cell, formats, formats.title if page.lone(row) else None)
    for top, left, bottom, right in page.merges:
        if (top, left) != (bottom, right):
            sheet.merge_range(top, left, bottom, right, "", formats.merged)
            _write_cell(sheet, top, left, page.cells.get((top, left)), formats, formats.merged)
    for row in page.hidden:
        sheet.set_row(row, None, None, {"hidden": True})
    for (row, column), text in page.comments.items():
        sheet.write_comment(row, column, text, {"author": "审核员乙"})


def _write_cell(
    sheet: xlsxwriter.worksheet.Worksheet, row: int, column: int, cell: Cell, formats: _Formats, look: Any
) -> None:
    match cell:
        case str():
            sheet.write_string(row, column, cell, look or formats.text)
        case date():
            sheet.write_datetime(row, column, datetime(cell.year, cell.month, cell.day), look or formats.day)
        case Formula():
            sheet.write_formula(row, column, cell.text, look or formats.plain, "")
        case int() | float():
            sheet.write_number(row, column, cell, look or formats.plain)


def _openpyxl(printed: Printed) -> bytes:
    book = Workbook()
    book.remove(book.worksheets[0])
    book.properties.created = book.properties.modified = _made_on(printed)
    for page in printed.pages:
        sheet = book.create_sheet(page.name)
        sheet.page_setup.orientation, sheet.page_setup.fitToHeight = "landscape", 0
        sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
        for (row, column), cell in page.cells.items():
            sheet.cell(row + 1, column + 1, cell).number_format = "yyyy-mm-dd" if isinstance(cell, date) else "@"
        for column, width in page.widths().items():
            sheet.column_dimensions[get_column_letter(column + 1)].width = width
        for top, left, bottom, right in page.merges:
            sheet.merge_cells(start_row=top + 1, start_column=left + 1, end_row=bottom + 1, end_column=right + 1)
    target = io.BytesIO()
    book.save(target)
    return same_bytes_each_time(target.getvalue(), _made_on(printed))


def _csv(printed: Printed) -> bytes:
    (page,) = printed.pages
    height, width = (1 + max(place[axis] for place in page.cells) for axis in (0, 1))
    target = io.StringIO(newline="")
    for row in range(height):
        csv.writer(target).writerow(["" if (cell := page.cells.get((row, column))) is None else cell
                                     for column in range(width)])
    return target.getvalue().encode(printed.habit.encoding)


_ODS_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
_ODS_SPACES = " ".join(f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{space}:1.0"' for name, space in (
    ("office", "office"), ("table", "table"), ("text", "text"), ("manifest", "manifest")))


def _ods(printed: Printed) -> bytes:
    tables = "".join(f'<table:table table:name="{escape(page.name)}">{_ods_rows(page)}</table:table>'
                     for page in printed.pages)
    content = (f'<office:document-content {_ODS_SPACES} office:version="1.2"><office:body><office:spreadsheet>'
               f"{tables}</office:spreadsheet></office:body></office:document-content>")
    manifest = (f"<manifest:manifest {_ODS_SPACES} manifest:version=\"1.2\">" + "".join(
        f'<manifest:file-entry manifest:full-path="{path}" manifest:media-type="{kind}"/>'
        for path, kind in (("/", _ODS_TYPE), ("content.xml", "text/xml"))) + "</manifest:manifest>")
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, text in (("mimetype", _ODS_TYPE), ("content.xml", content), ("META-INF/manifest.xml", manifest)):
            archive.writestr(zipfile.ZipInfo(name), text)
    return target.getvalue()


def _ods_rows(page: Page) -> str:
    height, width = (1 + max(place[axis] for place in page.cells) for axis in (0, 1))
    return "".join(
        "<table:table-row>" + "".join(_ods_cell(page.cells.get((row, column))) for column in range(width))
        + "</table:table-row>" for row in range(height))


def _ods_cell(cell: Cell) -> str:
    match cell:
        case date():
            return f'<table:table-cell office:value-type="date" office:date-value="{cell}"/>'
        case int() | float():
            return f'<table:table-cell office:value-type="float" office:value="{cell}"/>'
        case str():
            return f'<table:table-cell office:value-type="string"><text:p>{escape(cell)}</text:p></table:table-cell>'
    return "<table:table-cell/>"


_WRITERS: dict[str, Callable[[Printed], bytes]] = {"xlsx": _xlsx, "openpyxl": _openpyxl, "ods": _ods, "csv": _csv}
