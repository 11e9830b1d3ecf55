"""What all pages of a template share: cell styles, print set-up and protection."""

from __future__ import annotations

from typing import Any, Literal

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from pipeline.report.look import look

Style = Literal["title", "lead", "header", "required", "words", "example", "given", "entry", "unruled", "ruled"]

_A4 = 9
_CHINESE = 134  # the character set by which Excel replaces a missing font with a Chinese one
_MAY = ("format_columns", "format_rows", "insert_rows", "sort", "autofilter")


def style(book: Workbook, name: Style, number_format: str = "General") -> Format:
    """The cell format of that name."""
    return book.add_format(_styles()[name] | {"num_format": number_format})


def _styles() -> dict[Style, dict[str, Any]]:
    fonts, sizes, colours = look().fonts, look().sizes, look().colours
    ruled = {"border": 1, "border_color": colours.border}
    body = _text(fonts.body, sizes.body)
    centred = {"align": "center"}
    header = _text(fonts.header, sizes.header) | ruled | centred | {"bg_color": colours.header_fill}
    return {
        "title": _text(fonts.title, sizes.title) | {"text_wrap": False},
        "lead": body | {"text_wrap": False},
        "header": header,
        "required": header | {"bg_color": colours.required_fill},
        "words": body | ruled | {"indent": 1},
        "example": body | ruled | centred | {"italic": True, "font_color": colours.muted},
        "given": body | ruled | centred,
        "entry": body | ruled | centred | {"locked": False, "bg_color": colours.entry_fill},
        "unruled": body | centred | {"locked": False},
        "ruled": ruled,
    }


def _text(font: str, size: float) -> dict[str, Any]:
    return {"font_name": font, "font_size": size, "font_charset": _CHINESE, "valign": "vcenter", "text_wrap": True}


def lay_out(page: Worksheet) -> None:
    """A4 landscape, one page wide, with page numbers."""
    page.set_paper(_A4)
    page.set_landscape()
    page.fit_to_pages(1, 0)
    page.center_horizontally()
    page.set_margins(**look().margins.inches)
    page.set_footer("&C第&P页 共&N页", {"scale_with_doc": False})


def protect(page: Worksheet) -> None:
    """Everything but the entry cells is locked, without a password; sizes may change and rows be added."""
    page.protect("", dict.fromkeys(_MAY, True))
