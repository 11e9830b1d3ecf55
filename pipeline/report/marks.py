"""Marks on the unit's own sheets: faulty cells filled and commented, those of an earlier receipt taken away."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.findings import Finding, Severity
from pipeline.idnumber import masked_text
from pipeline.receipt_marks import AUTHOR, own_words
from pipeline.report.look import look
from pipeline.report.measure import lines_of
from pipeline.report.own_copy import filled_cells, pages
from pipeline.report.safe_text import safe_text, sheet_title

SUMMARY = "回执"
_MARKER = f"{AUTHOR}：\n"
_LINE, _WIDTH, _CHARACTERS = 18, 360, 48  # a comment's line and width in points, its width in characters


def remove_earlier_marks(book: Workbook) -> None:
    """Our summary, comments and colours of an earlier receipt; the unit's own stay."""
    if SUMMARY in book.sheetnames and len(book.sheetnames) > 1:
        del book[SUMMARY]
    ours: dict[int, bool] = {}
    for page in pages(book):
        for cell in filled_cells(page):
            if cell.comment is not None and AUTHOR in cell.comment.text:
                cell.comment = _own_part(cell.comment)
            if _is_coloured(cell, ours):
                cell.fill = PatternFill()


def mark(book: Workbook, findings: Iterable[Finding]) -> None:
    """Fill and comment each cell that goes back or must be looked at; a row without a cell at its beginning."""
    found_at: dict[tuple[str, str], list[Finding]] = defaultdict(list)
    for found in findings:
        cell = _cell_of(book, found)
        if cell is not None:
            found_at[cell.parent.title, cell.coordinate].append(found)
    for (title, address), here in found_at.items():
        _mark_cell(book[title][address], here)


def mark_colours() -> dict[Severity, str]:
    """RRGGBB of each severity that is marked."""
    colours = look().colours
    return {Severity.RETURNED: colours.marked_fill.removeprefix("#"),
            Severity.REVIEW: colours.review_fill.removeprefix("#")}


def address_of(found: Finding) -> str | None:
    """Where on its sheet a finding is shown, None where it is about the whole sheet or file."""
    return found.cell or (f"A{found.row}" if found.row else None)


def _cell_of(book: Workbook, found: Finding) -> Any:
    address, title = address_of(found), sheet_title(found.sheet or SUMMARY)
    if address is None or found.severity not in mark_colours() or title not in book.sheetnames:
        return None
    cell = book[title][address]
    return _first_of_merge(book[title], address) if isinstance(cell, MergedCell) else cell


def _first_of_merge(page: Worksheet, address: str) -> Any:
    area = next(one for one in page.merged_cells.ranges if address in one)
    return page.cell(area.min_row, area.min_col)


def _mark_cell(cell: Any, findings: Sequence[Finding]) -> None:
    gravest = min((one.severity for one in findings), key=lambda severity: severity.weight)
    cell.fill = PatternFill("solid", fgColor=mark_colours()[gravest])
    ours = "\n".join(f"【{one.severity}】{one.rule} {masked_text(one.message)}" for one in findings)
    own, author = (f"{cell.comment.text}\n", cell.comment.author) if cell.comment else ("", AUTHOR)
    text = safe_text(f"{own}{_MARKER}{ours}")
    cell.comment = Comment(text, author, height=_LINE * (lines_of(text, _CHARACTERS, look().sizes.small) + 1), width=_WIDTH)


def _own_part(comment: Comment) -> Comment | None:
    own = own_words(comment.text)
    return Comment(own, comment.author or AUTHOR) if own else None


def _is_coloured(cell: Any, ours: dict[int, bool]) -> bool:
    """Whether a cell has one of our colours, by RRGGBB: programs write the transparency before it in their own way.

    `ours` remembers it by style, of which a workbook has few.
    """
    if cell.style_id not in ours:
        ours[cell.style_id] = str(cell.fill.fgColor.rgb)[-6:] in mark_colours().values()
    return ours[cell.style_id]
