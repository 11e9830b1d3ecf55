"""Ruled tables on printed pages: what the sheets of the quarter's workbook share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from pipeline.report.look import look
from pipeline.report.measure import lines_of
from pipeline.report.template_page import lay_out

BLANK = "—"
TEXT_STAYS_TEXT = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_CHINESE = 134  # the character set by which Excel replaces a missing font with a Chinese one
_LINE = 16  # points
Cell = str | int | float | None


@dataclass
class Page:
    """One sheet being written; every text goes in as text, whatever it begins with."""

    book: Workbook
    name: str
    sheet: Worksheet = field(init=False)

    def __post_init__(self) -> None:
        self.sheet = self.book.add_worksheet(self.name)
        lay_out(self.sheet)
        self.sheet.hide_gridlines(2)

    def style(self, **changes: Any) -> Format:
        """Body text in a ruled cell, changed as asked."""
        given = {"font_name": look().fonts.body, "font_size": look().sizes.body, "font_charset": _CHINESE,
                 "valign": "vcenter", "align": "center", "text_wrap": True, "border": 1,
                 "border_color": look().colours.border}
        return self.book.add_format(given | changes)

    def head(self, **changes: Any) -> Format:
        """A heading's style."""
        given = {"font_name": look().fonts.header, "font_size": look().sizes.header,
                 "bg_color": look().colours.header_fill}
        return self.style(**{**given, **changes})

    def words(self, **changes: Any) -> Format:
        """Text without rules."""
        return self.style(**{"border": 0, "align": "left", "text_wrap": False, **changes})

    def title(self, text: str, below: str, last_column: int) -> None:
        """The page's title over its whole width, and a line below it."""
        big = self.style(font_name=look().fonts.title, font_size=look().sizes.title, border=0, text_wrap=False)
        self.sheet.merge_range(0, 0, 0, last_column, text, big)
        self.sheet.set_row(0, 36)
        self.sheet.merge_range(1, 0, 1, last_column, below, self.words(align="right", font_size=look().sizes.note))

    def put(self, row: int, column: int, value: Cell, style: Format) -> None:
        """A number as a number, a text as a text, nothing as a dash."""
        if isinstance(value, int | float):
            self.sheet.write_number(row, column, value, style)
        else:
            self.sheet.write_string(row, column, BLANK if value is None else value, style)

    def sums(self, row: int, columns: Iterable[int], rows: range, totals: Sequence[float], style: Format) -> None:
        """A live total under each column, with its value for programs that do not calculate."""
        for column, total in zip(columns, totals, strict=True):
            letter = xl_col_to_name(column)
            formula = f"=SUM({letter}{rows.start + 1}:{letter}{rows.stop})"
            self.sheet.write_formula(row, column, formula, style, total)

    def table(
        self, top: int, columns: Sequence[tuple[str, float]], rows: Sequence[Sequence[Cell]], left: Sequence[int] = ()
    ) -> int:
        """A ruled list of columns (heading, width); the columns `left` hold text. Gives the row below it."""
        for column, (heading, width) in enumerate(columns):
            self.sheet.write_string(top, column, heading, self.head())
            self.sheet.set_column(column, column, width)
        self.sheet.set_row(top, _LINE + 4)
        middle, text = self.style(), self.style(align="left")
        for at, values in enumerate(rows, top + 1):
            for column, value in enumerate(values):
                self.put(at, column, value, text if column in left else middle)
            lines = [lines_of(str(value), width) for value, (_, width) in zip(values, columns, strict=True)]
            self.sheet.set_row(at, 4 + _LINE * max(lines))
        return top + 1 + len(rows)

    def filtered(self, top: int, below: int, columns: int) -> None:
        """Filter buttons on a list, its header repeated on every page and kept in sight."""
        self.sheet.autofilter(top, 0, max(below - 1, top), columns - 1)
        self.sheet.freeze_panes(top + 1, 1)
        self.sheet.repeat_rows(top)
