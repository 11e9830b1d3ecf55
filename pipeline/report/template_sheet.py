"""One data sheet of a template: title, header row, example row and the rows to fill in."""

from __future__ import annotations

from datetime import date

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from pipeline.config import Config
from pipeline.report import template_columns as cells
from pipeline.report.template_page import lay_out, protect, style
from pipeline.report.template_print import pages_across, print_across
from pipeline.sheets import Column, Kind, Sheet

ENTRY_ROWS = 200
_SERIAL = 6  # the width of 序号
_TITLE, _NOTE, _HEADER, _EXAMPLE, _FIRST = range(5)  # 0-based rows
_LAST = _FIRST + ENTRY_ROWS - 1
_TWO_LINES = 30  # the height of a row in points
_RULED = 12  # rows that are ruled from the start; the others are once something stands in them
_HOW_TO = "从灰色示例行的下一行开始填写，示例行不用删；带 * 的栏目必填；粘贴时请选“只粘贴数值”"


def write_sheet(
    book: Workbook, page: Worksheet, sheet: Sheet, config: Config, ranges: dict[tuple[str, ...], str]
) -> None:
    """Lay out one declared sheet on an empty page; `ranges` as in `template_columns.validation`."""
    page.set_default_row(_TWO_LINES)
    page.set_row(_TITLE, 36)
    page.set_row(_NOTE, 20)
    page.set_row(_HEADER, 40)
    page.write_string(_TITLE, 0, sheet.label, style(book, "title"))
    kept = _frozen_columns(sheet)
    pages = pages_across([_SERIAL, *(cells.width(column, config) for column in sheet.columns)], kept)
    page.write_string(_NOTE, 0 if pages == 1 else kept, _HOW_TO, style(book, "lead"))  # once, not cut off on every page
    _write_serial(book, page)
    for place, column in enumerate(sheet.columns, 1):
        _write_column(book, page, place, column, config)
        check = cells.validation(column, config, xl_rowcol_to_cell(_FIRST, place), ranges)
        page.data_validation(_FIRST, place, _LAST, place, check)
    _rule_filled_rows(book, page, len(sheet.columns))
    _finish(page, sheet)
    if pages > 1:
        print_across(page, pages, kept)


def _write_serial(book: Workbook, page: Worksheet) -> None:
    page.set_column(0, 0, _SERIAL)
    page.write_string(_HEADER, 0, "序号", style(book, "header"))
    page.write_string(_EXAMPLE, 0, "示例", style(book, "example"))
    _write_entries(book, page, 0, "General")


def _write_column(book: Workbook, page: Worksheet, place: int, column: Column, config: Config) -> None:
    shown = cells.number_format(column)
    page.set_column(place, place, cells.width(column, config))
    page.write_string(
        _HEADER, place, cells.header_text(column), style(book, "required" if column.required else "header")
    )
    _write_example(page, place, cells.example(column, config), style(book, "example", shown))
    _write_entries(book, page, place, shown)


def _write_example(page: Worksheet, place: int, value: str | float | date, cell: Format) -> None:
    match value:
        case str():
            page.write_string(_EXAMPLE, place, value, cell)
        case date():
            page.write_datetime(_EXAMPLE, place, value, cell)
        case _:
            page.write_number(_EXAMPLE, place, value, cell)


def _write_entries(book: Workbook, page: Worksheet, place: int, number_format: str) -> None:
    ruled, plain = style(book, "entry", number_format), style(book, "unruled", number_format)
    for row in range(_FIRST, _LAST + 1):
        page.write_blank(row, place, None, ruled if row < _FIRST + _RULED else plain)


def _rule_filled_rows(book: Workbook, page: Worksheet, last: int) -> None:
    row = _FIRST + _RULED
    filled = f"=COUNTA($A{row + 1}:${xl_col_to_name(last)}{row + 1})>0"
    page.conditional_format(
        row, 0, _LAST, last, {"type": "formula", "criteria": filled, "format": style(book, "ruled")}
    )


def _finish(page: Worksheet, sheet: Sheet) -> None:
    last = xl_rowcol_to_cell(_LAST, len(sheet.columns))
    page.ignore_errors({"number_stored_as_text": f"A{_EXAMPLE + 1}:{last}"})
    page.freeze_panes(_HEADER + 1, _frozen_columns(sheet))
    page.repeat_rows(_HEADER)
    page.set_selection(_FIRST, 1, _FIRST, 1)
    lay_out(page)
    protect(page)


def _frozen_columns(sheet: Sheet) -> int:
    """序号 and all columns up to the person's name, which stay in sight."""
    return next((place + 1 for place, column in enumerate(sheet.columns, 1) if column.kind is Kind.NAME), 1)
