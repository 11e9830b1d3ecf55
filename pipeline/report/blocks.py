"""Several lists below one another on one page, each with its heading, or a line where it is empty."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from pipeline.report.look import look
from pipeline.report.ruled import Cell, Column, Page


@dataclass(frozen=True)
class Block:
    """One list; `summed` are the columns with a live total, `empty` what is said where it has no rows, `remarks` stand below."""

    heading: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    empty: str
    summed: Sequence[int] = ()
    remarks: Sequence[str] = ()


def write_blocks(page: Page, title: str, below: str, blocks: Sequence[Block]) -> None:
    """The whole page: title, the line below it, and the blocks; the longest one's header is repeated on every page."""
    page.grid(_grid(blocks))
    page.title(title, below)
    page.sheet.freeze_panes(2, 1)
    longest, row = max(blocks, key=lambda block: len(block.rows)), 2
    for block in blocks:
        page.heading(row, block.heading)
        if block is longest and block.rows:
            page.sheet.repeat_rows(row + 1)
        row = _table(page, block, row + 1) if block.rows else _lines(page, [block.empty], row + 1)
        row = _lines(page, block.remarks, row) + 1


def _grid(blocks: Iterable[Block]) -> list[str]:
    """For each column of the page the widest kind that a block has there."""
    kinds = look().columns
    stacked = zip_longest(*([kind for _, kind in block.columns] for block in blocks), fillvalue="row")
    return [max(there, key=lambda kind: kinds[kind].width) for there in stacked]


def _lines(page: Page, lines: Sequence[str], top: int) -> int:
    for row, text in enumerate(lines, top):
        page.sheet.write_string(row, 0, text, page.words())
    return top + len(lines)


def _table(page: Page, block: Block, top: int) -> int:
    below = page.table(top, block.columns, block.rows)
    headings = [{"header": heading, "header_format": page.head()} for heading, _ in block.columns]
    page.sheet.add_table(top, 0, below - 1, len(headings) - 1, {"columns": headings, "style": None})
    return page.bottom_line(below, block.columns, block.rows, block.summed) if block.summed else below
