"""The blank intake workbook of each unit, pre-filled and derived whole from the declaration in `sheets`."""

from __future__ import annotations

import io
from datetime import datetime
from pathlib import Path

from xlsxwriter import Workbook
from xlsxwriter.utility import xl_col_to_name

from pipeline.calendar import Month
from pipeline.config import Config
from pipeline.files import write_if_changed
from pipeline.report import template_columns as cells
from pipeline.report.template_front import write_cover, write_guide
from pipeline.report.template_sheet import write_sheet
from pipeline.sheets import SHEETS, Sheet

_TEXT_STAYS_TEXT = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


def write_templates(config: Config, month: Month, folder: Path) -> list[Path]:
    """One workbook for each unit whose return is due, named such as 练市镇_2020-08.xlsx; gives their paths."""
    return [
        write_if_changed(folder / f"{unit}_{month}.xlsx", template_bytes(config, unit, month))
        for unit in config.reporting_units
    ]


def template_bytes(config: Config, unit: str, month: Month) -> bytes:
    """One unit's workbook for one month: 封面, its data sheets, 填写说明; the same bytes each time."""
    stream = io.BytesIO()
    sheets = _sheets_of(config, unit)
    with Workbook(stream, {"in_memory": True} | _TEXT_STAYS_TEXT) as book:
        book.set_properties({"author": config.office, "created": datetime(month.year, month.month, 1)})
        write_cover(book, config, unit, month)
        pages = [book.add_worksheet(sheet.label) for sheet in sheets]
        write_guide(book, config, sheets)
        ranges = _write_long_lists(book, config, sheets)
        for page, sheet in zip(pages, sheets, strict=True):
            write_sheet(book, page, sheet, config, ranges)
    return stream.getvalue()


def _sheets_of(config: Config, unit: str) -> list[Sheet]:
    decides = unit in (config.first_review_unit, config.office_unit)
    return [sheet for sheet in SHEETS if decides or not sheet.deciding]


def _write_long_lists(book: Workbook, config: Config, sheets: list[Sheet]) -> dict[tuple[str, ...], str]:
    lists = {tuple(cells.choices(column, config)) for sheet in sheets for column in sheet.columns}
    lengthy = sorted(values for values in lists if not cells.fits_inside(values))
    if not lengthy:
        return {}
    page = book.add_worksheet("选项")
    page.very_hidden()
    for place, values in enumerate(lengthy):
        page.write_column(0, place, values)
        letter = xl_col_to_name(place)
        book.define_name(f"选项_{place + 1}", f"='选项'!${letter}$1:${letter}${len(values)}")
    return {values: f"=选项_{place + 1}" for place, values in enumerate(lengthy)}
