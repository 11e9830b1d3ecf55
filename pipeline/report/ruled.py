"""Ruled tables on printed pages: what the sheets of the quarter's workbook share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from pipeline.report.look import Colours, Sizes, look
from pipeline.report.measure import lines_of
from pipeline.report.template_page import lay_out

BLANK = "—"
TEXT_STAYS_TEXT = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_CHINESE = 134  # the character set by which Excel replaces a missing font with a Chinese one
_NO_WARNINGS = ("number_stored_as_text", "formula_differs", "formula_range")
_LINE = 16  # points
_INDENT = 1  # between a rule and the text that begins at it
Cell = str | int | float | None
Column = tuple[str, str]  # heading, kind in look.yaml


@dataclass
class Page:
    """One sheet being written; every text goes in as text, whatever it begins with."""

    book: Workbook
    name: str
    size: float = field(default_factory=lambda: look().sizes.body)
    sheet: Worksheet = field(init=False)
    widths: list[float] = field(init=False, default_factory=list)
    _formats: dict[tuple[tuple[str, Any], ...], Format] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.sheet = self.book.add_worksheet(self.name)
        lay_out(self.sheet)
        self.sheet.hide_gridlines(2)

    @property
    def colours(self) -> Colours:
        """The colours of look.yaml."""
        return look().colours

    @property
    def sizes(self) -> Sizes:
        """The type sizes of look.yaml."""
        return look().sizes

    @property
    def last(self) -> int:
        """The last column of the grid."""
        return len(self.widths) - 1

    def grid(self, kinds: Sequence[str]) -> None:
        """The sheet's columns, as wide as look.yaml has their kinds."""
        self.widths = look().spread(kinds)
        for column, width in enumerate(self.widths):
            self.sheet.set_column(column, column, width)

    def style(self, **changes: Any) -> Format:
        """Body text in a ruled cell, changed as asked."""
        key = tuple(sorted(changes.items()))
        if key not in self._formats:
            given = {"font_name": look().fonts.body, "font_size": self.size, "font_charset": _CHINESE,
                     "valign": "vcenter", "align": "center", "text_wrap": True, "border": 1,
                     "border_color": self.colours.border}
            self._formats[key] = self.book.add_format(given | changes)
        return self._formats[key]

    def head(self, **changes: Any) -> Format:
        """A heading's style."""
        given = {"font_name": look().fonts.header, "font_size": self.sizes.header, "bg_color": self.colours.header_fill}
        return self.style(**{**given, **changes})

    def words(self, **changes: Any) -> Format:
        """Text without rules."""
        return self.style(**{"border": 0, "align": "left", "text_wrap": False, **changes})

    def face(self, kind: str, **changes: Any) -> Format:
        """The style of a column's cells."""
        column = look().columns[kind]
        indent = _INDENT if column.align == "left" else 0
        return self.style(**{"align": column.align, "num_format": column.number, "indent": indent, **changes})

    def total(self, kind: str = "unit") -> Format:
        """The style of a bottom line's cells."""
        return self.face(kind, bold=True, bg_color=self.colours.total_fill)

    def title(self, text: str, below: str) -> None:
        """The page's title over its whole width, and a line below it."""
        big = self.style(font_name=look().fonts.title, font_size=self.sizes.title, border=0, text_wrap=False)
        self.sheet.merge_range(0, 0, 0, self.last, text, big)
        self.sheet.set_row(0, 36)
        self.sheet.merge_range(1, 0, 1, self.last, below, self.words(align="right", font_size=self.sizes.note))

    def frame(self, running_head: str) -> None:
        """A running head, the area that is printed, and no warnings where years, shares and sums are meant as they stand."""
        text = running_head.replace("&", "&&")  # one alone begins a code
        self.sheet.set_header(f"&L{text}&R{self.name}", {"scale_with_doc": False})
        self.sheet.print_area(0, 0, self.sheet.dim_rowmax, self.last)
        self.sheet.ignore_errors(dict.fromkeys(_NO_WARNINGS, "A1:XFD1048576"))

    def heading(self, row: int, text: str) -> None:
        """What stands over one of several lists."""
        self.sheet.write_string(row, 0, text, self.words(font_name=look().fonts.header))
        self.sheet.set_row(row, _LINE + 8)

    def paragraph(self, row: int, text: str, **changes: Any) -> int:
        """A text over the page's whole width, as high as it needs; gives the next row."""
        size = changes.get("font_size", self.size)
        self.sheet.merge_range(row, 0, row, self.last, text, self.words(text_wrap=True, **changes))
        self.sheet.set_row(row, 4 + _LINE * lines_of(text, sum(self.widths), size) * size / self.sizes.body)
        return row + 1

    def put(self, row: int, column: int, value: Cell, style: Format) -> None:
        """A number as a number, a text as a text, nothing as a dash."""
        if isinstance(value, int | float):
            self.sheet.write_number(row, column, value, style)
        else:
            self.sheet.write_string(row, column, BLANK if value is None else value, style)

    def link(self, row: int, column: int, sheet: str, cell: str, style: Format, tip: str) -> None:
        """A way from a cell to another one; the cell's value is to be written after it."""
        self.sheet.write_url(row, column, f"internal:'{sheet}'!{cell}", style, BLANK, tip)

    def sum(self, row: int, column: int, rows: range, total: float, style: Format) -> None:
        """A live total under a column, with its value for programs that do not calculate."""
        letter = xl_col_to_name(column)
        self.sheet.write_formula(row, column, f"=SUM({letter}{rows.start + 1}:{letter}{rows.stop})", style, total)

    def share(self, row: int, column: int, part: tuple[int, float], whole: tuple[int, float], style: Format) -> None:
        """A live share of two numbers of a row, given as (column, number); a dash where there is no whole."""
        above, below = (xl_rowcol_to_cell(row, at) for at, _ in (part, whole))
        value = part[1] / whole[1] if whole[1] else BLANK
        self.sheet.write_formula(row, column, f'=IF(N({below})=0,"{BLANK}",{above}/{below})', style, value)

    def table(self, top: int, columns: Sequence[Column], rows: Sequence[Sequence[Cell]]) -> int:
        """A ruled list; gives the row below it."""
        for at, (heading, _) in enumerate(columns):
            self.sheet.write_string(top, at, heading, self.head())
        self._set_height(top, [heading for heading, _ in columns])
        faces = [self.face(kind) for _, kind in columns]
        for row, values in enumerate(rows, top + 1):
            for at, (value, face) in enumerate(zip(values, faces, strict=True)):
                self.put(row, at, value, face)
            self._set_height(row, values)
        return top + 1 + len(rows)

    def listing(self, columns: Sequence[Column], rows: Sequence[Sequence[Cell]], top: int = 2) -> int:
        """The page's only list: filter buttons, its header repeated on every page and kept in sight. Gives the row below it."""
        below = self.table(top, columns, rows)
        self.sheet.autofilter(top, 0, max(below - 1, top), len(columns) - 1)
        self.sheet.freeze_panes(top + 1, 1)
        self.sheet.repeat_rows(top)
        return below

    def bottom_line(self, row: int, columns: Sequence[Column], rows: Sequence[Sequence[Cell]], summed: Iterable[int]) -> int:
        """合计 below a list that ends above `row`: live totals of the columns `summed`. Gives the row below it."""
        for at in range(len(columns)):
            self.sheet.write_string(row, at, "" if at else "合计", self.total())
        for at in summed:
            total = sum(value for line in rows if isinstance(value := line[at], int | float))
            self.sum(row, at, range(row - len(rows), row), total, self.total(columns[at][1]))
        self.sheet.set_row(row, _LINE + 4)
        return row + 1

    def _set_height(self, row: int, values: Sequence[Cell]) -> None:
        lines = [lines_of(str(value), width - _INDENT, self.size) for value, width in zip(values, self.widths, strict=False)]
        self.sheet.set_row(row, 4 + _LINE * max(lines) * self.size / self.sizes.body)
