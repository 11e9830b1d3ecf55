"""The printed page of a receipt: lines and ruled tables on one grid of columns, from the top down."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from typing import Any, Literal, NamedTuple

from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.report.look import look
from pipeline.report.measure import lines_of
from pipeline.report.safe_text import write_text

_LINE = 16  # points
_A4 = 9
_CHINESE = 134  # the character set by which Excel replaces a missing font with a Chinese one
_LINK_COLOUR = "0563C1"

Style = Literal["title", "verdict", "heading", "body", "muted"]
Value = str | int | float
Columns = Sequence[tuple[str, int]]  # heading, columns of the grid that it takes
_Ruled = tuple[Value, int, Style]


class _Face(NamedTuple):
    """How a cell looks; without a style it is one that was merged away. `ground` is RRGGBB."""

    style: Style | None
    left: bool = False
    ground: str | None = None
    ruled: bool = False


class ReceiptPage:
    """A sheet being written; `row` is the next free one."""

    def __init__(self, page: Worksheet) -> None:
        self.page, self.row, self.widths = page, 1, look().receipt_widths
        self._worn: dict[_Face, Any] = {}
        _set_up(page)

    def line(self, text: str, style: Style = "body", ground: str | None = None) -> None:
        """A text over the whole width, on a ground of RRGGBB where asked."""
        cell, size = self._span(1, len(self.widths))[0], _font(style).size
        _put(cell, text)
        self._dress(cell, _Face(style, left=style != "title", ground=ground))
        self._close_row(lines_of(text, sum(self.widths), size), size / look().sizes.body)

    def gap(self) -> None:
        """Some white before what follows."""
        self._close_row(1, 0.5)

    def table(self, columns: Columns, rows: Sequence[Sequence[Value]]) -> int:
        """A ruled table; columns that take more than one of the grid hold text. Gives its first row below the headings."""
        self._cells([(heading, span, "heading") for heading, span in columns])
        first = self.row
        for values in rows:
            self._cells([(value, span, "body") for value, (_, span) in zip(values, columns, strict=True)])
        return first

    def form(self, rows: Sequence[Sequence[tuple[str, Value, int]]]) -> None:
        """A ruled form: in each row label after label with its value, which takes so many columns of the grid."""
        for row in rows:
            self._cells([cell for label, given, span in row for cell in _labelled(label, given, span)])

    def running_head(self, text: str) -> None:
        """What stands over every printed page."""
        self.page.oddHeader.left.text = text.replace("&", "&&")  # type: ignore[union-attr]

    def link(self, row: int, column: int, sheet: str, area: str) -> None:
        """From a cell of this page to an area of another sheet."""
        cell, quoted = self.page.cell(row, column), sheet.replace("'", "''")
        cell.hyperlink = Hyperlink(cell.coordinate, location=f"'{quoted}'!{area}")
        cell.font = _font("body", underline="single", color=_LINK_COLOUR)

    def _cells(self, row: Sequence[_Ruled]) -> None:
        """One row of a table: each value, the columns of the grid that it takes, and its style."""
        at, lines = 0, 1
        for value, span, style in row:
            first, *rest = self._span(at + 1, span)
            ground = look().colours.header_fill.removeprefix("#") if style == "heading" else None
            _put(first, value)
            self._dress(first, _Face(style, left=span > 1, ground=ground, ruled=True))
            for cell in rest:
                self._dress(cell, _Face(None, ground=ground, ruled=True))
            lines = max(lines, lines_of(str(value), sum(self.widths[at : at + span]), look().sizes.body))
            at += span
        self._close_row(lines, 1)

    def _dress(self, cell: Any, face: _Face) -> None:
        """The face by its numbers where it was worn before: openpyxl compares whole fonts and borders for each cell."""
        if face not in self._worn:
            _put_on(cell, face)
            self._worn[face] = cell._style
        cell._style = copy(self._worn[face])

    def _span(self, column: int, span: int) -> list[Any]:
        """`span` cells of this row, merged."""
        last = column + span - 1
        if span > 1:
            self.page.merge_cells(start_row=self.row, start_column=column, end_row=self.row, end_column=last)
        return [self.page.cell(self.row, at) for at in range(column, last + 1)]

    def _close_row(self, lines: int, scale: float) -> None:
        self.page.row_dimensions[self.row].height = (_LINE * lines + 5) * scale
        self.row += 1


def _labelled(label: str, given: Value, span: int) -> tuple[_Ruled, _Ruled]:
    return (label, 1, "heading"), (given, span, "body")


def _put(cell: Any, value: Value) -> None:
    if isinstance(value, str):
        write_text(cell, value)
    else:
        cell.value = value


def _put_on(cell: Any, face: _Face) -> None:
    if face.style:
        cell.font = _font(face.style)
        cell.alignment = Alignment("left" if face.left else "center", "center", wrap_text=True, indent=int(face.left))
    if face.ground:
        cell.fill = PatternFill("solid", face.ground)
    if face.ruled:
        side = Side("thin", look().colours.border.removeprefix("#"))
        cell.border = Border(side, side, side, side)


def _font(style: Style, **more: Any) -> Font:
    fonts, sizes, muted = look().fonts, look().sizes, look().colours.muted.removeprefix("#")
    styles: dict[Style, dict[str, Any]] = {
        "title": {"name": fonts.title, "size": sizes.title},
        "verdict": {"name": fonts.header, "size": sizes.header + 3, "bold": True},
        "heading": {"name": fonts.header, "size": sizes.header},
        "body": {"name": fonts.body, "size": sizes.body},
        "muted": {"name": fonts.body, "size": sizes.note, "color": muted},
    }
    return Font(charset=_CHINESE, **styles[style], **more)


def _set_up(page: Worksheet) -> None:
    """A4 landscape, one page wide, with page numbers."""
    for column, width in zip("ABCDEF", look().receipt_widths, strict=True):
        page.column_dimensions[column].width = width
    page.page_setup.orientation, page.page_setup.paperSize = "landscape", _A4
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    page.sheet_properties.pageSetUpPr.fitToPage = True  # type: ignore[union-attr]
    page.print_options.horizontalCentered = True
    for side, inches in look().margins.inches.items():
        setattr(page.page_margins, side, inches)
    page.oddFooter.center.text = "第&P页 共&N页"  # type: ignore[union-attr]
    page.sheet_view.showGridLines = False
