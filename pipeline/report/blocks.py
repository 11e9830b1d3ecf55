"""Several lists below one another on one page, each with its heading, or a line where it is empty."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from xlsxwriter.utility import xl_rowcol_to_cell

from pipeline.report.ruled import BLANK, Cell, Page

_TOTAL_FILL = "#F2F2F2"


@dataclass(frozen=True)
class Block:
    """One list; `summed` are the columns with a live total, `empty` what is said where it has no rows."""

    heading: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    empty: str
    left: Sequence[int] = ()
    summed: Sequence[int] = ()


def write_blocks(page: Page, widths: Sequence[float], blocks: Iterable[Block], top: int = 2) -> int:
    """The blocks in columns of these widths; gives the row below the last."""
    for block in blocks:
        page.sheet.write_string(top, 0, block.heading, page.words(bold=True))
        if block.rows:
            top = _table(page, widths, block, top + 1) + 1
        else:
            page.sheet.write_string(top + 1, 0, block.empty, page.words())
            top += 3
    page.sheet.freeze_panes(2, 1)
    return top


def write_lines(page: Page, top: int, lines: Iterable[str]) -> int:
    """Sentences below one another; gives the row below the blank one that follows."""
    for row, text in enumerate(lines, top):
        page.sheet.write_string(row, 0, text, page.words())
        top = row + 1
    return top + 1


def _table(page: Page, widths: Sequence[float], block: Block, top: int) -> int:
    columns = list(zip(block.columns, widths, strict=False))
    below = page.table(top, columns, block.rows, block.left)
    if not block.summed:
        return below
    style = page.style(bold=True, bg_color=_TOTAL_FILL)
    for column in range(len(columns)):
        page.sheet.write_string(below, column, "" if column else "合计", style)
    totals = [sum(value for row in block.rows if isinstance(value := row[column], int | float)) for column in block.summed]
    page.sums(below, block.summed, range(top + 1, below), totals, style)
    return below + 1


def write_rate(page: Page, row: int, column: int, part: int, whole: int, rate: float | None, bold: bool = False) -> None:
    """A live share of the numbers in two columns of a row."""
    style = page.style(num_format="0.0%", **({"bold": True, "bg_color": _TOTAL_FILL} if bold else {}))
    above, below = xl_rowcol_to_cell(row, part), xl_rowcol_to_cell(row, whole)
    page.sheet.write_formula(row, column, f'=IF({below}=0,"{BLANK}",{above}/{below})', style, BLANK if rate is None else rate)
