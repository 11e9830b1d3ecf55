"""Receipts: the unit's own workbook back, faulty cells marked with the reason, a summary first."""

from __future__ import annotations

import io
import re
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, time
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.config import Config
from pipeline.files import same_bytes_each_time
from pipeline.findings import Finding, Severity
from pipeline.idnumber import masked_text
from pipeline.report.look import look
from pipeline.report.rebuilt import rebuilt
from pipeline.report.receipt_summary import Papers, SummaryPage
from pipeline.report.safe_text import safe_text

AUTHOR = "安委办回执"
SUMMARY = "回执"
_ROW_ONLY = re.compile(r"\d+$")
# Formulas that reach outside the workbook are not handed on.
_REACHES_OUT = re.compile(r"\||\[\d+\]|HYPERLINK|WEBSERVICE|DDE|IMPORT|CALL\(|EXEC", re.IGNORECASE)


def receipt(original: bytes, papers: Papers, config: Config) -> bytes:
    """The annotated copy as .xlsx; where the original cannot be opened, the summary alone.

    The same papers give the same bytes.
    """
    book = None if papers.submission.refused else _own_copy(original)
    marked = book is not None
    book = book or Workbook()
    if marked:
        _disarm(book)
        _remove_earlier_marks(book)
        _mark(book, papers.findings)
    summary = book.create_sheet(SUMMARY, 0) if marked else book.worksheets[0]
    summary.title = SUMMARY
    SummaryPage(summary, config).write(papers, marked)
    book.active = 0
    for page in book.worksheets[1:]:
        page.sheet_view.tabSelected = False
    return _saved(book, papers)


def _own_copy(original: bytes) -> Workbook | None:
    """The original as openpyxl reads it, without macros and outside links; rebuilt where it is another format."""
    try:
        return load_workbook(io.BytesIO(original), keep_vba=False, keep_links=False)
    except Exception:  # .xls, .ods, .csv and what openpyxl stumbles over
        return rebuilt(original)


def _disarm(book: Workbook) -> None:
    """Formulas that reach outside become texts; defined names and links go."""
    for page in _pages(book):
        for cells in page.iter_rows():
            for cell in cells:
                if cell.data_type == "f" and _REACHES_OUT.search(str(cell.value)):
                    cell.value = safe_text(str(cell.value))
                    cell.data_type = "s"
                if cell.hyperlink is not None:
                    cell.hyperlink = None


def _remove_earlier_marks(book: Workbook) -> None:
    """Marks of an earlier receipt: our summary, our comments, our colours."""
    if SUMMARY in book.sheetnames and len(book.sheetnames) > 1:
        del book[SUMMARY]
    ours = {_colour(look().colours.marked_fill), _colour(look().colours.review_fill)}
    for page in _pages(book):
        for cells in page.iter_rows():
            for cell in cells:
                if cell.comment is not None and AUTHOR in (cell.comment.author, cell.comment.text[: len(AUTHOR)]):
                    _without_our_words(cell)
                    if cell.fill.fgColor.rgb in ours:
                        cell.fill = PatternFill()


def _without_our_words(cell: Any) -> None:
    own, _, _ = cell.comment.text.partition(f"{AUTHOR}：")
    cell.comment = Comment(own.strip(), cell.comment.author) if own.strip() else None


def _colour(code: str) -> str:
    return f"00{code.removeprefix('#')}"


def _pages(book: Workbook) -> Iterable[Worksheet]:
    return [page for page in book.worksheets if isinstance(page, Worksheet)]


def _mark(book: Workbook, findings: Iterable[Finding]) -> None:
    by_cell: dict[tuple[str, str], list[Finding]] = defaultdict(list)
    for found in findings:
        if found.sheet in book.sheetnames and found.severity is not Severity.NOTE:
            address = found.cell or (f"A{found.row}" if found.row else None)
            if address:
                by_cell[found.sheet, address].append(found)
    for (sheet, address), here in by_cell.items():
        _mark_cell(book[sheet], address, here)


def _mark_cell(page: Worksheet, address: str, findings: list[Finding]) -> None:
    cell: Any = page[address]
    if isinstance(cell, MergedCell):
        cell = _first_of_merge(page, address)
    gravest = min(findings, key=lambda one: one.severity.weight).severity
    colours = look().colours
    colour = colours.marked_fill if gravest is Severity.RETURNED else colours.review_fill
    cell.fill = PatternFill("solid", fgColor=_colour(colour))
    text = "\n".join(f"【{one.severity}】{one.rule} {masked_text(one.message)}" for one in findings)
    own = f"{cell.comment.text}\n" if cell.comment is not None else ""
    cell.comment = Comment(safe_text(f"{own}{AUTHOR}：\n{text}"), AUTHOR, height=140, width=360)


def _first_of_merge(page: Worksheet, address: str) -> Any:
    merge = next(one for one in page.merged_cells.ranges if address in one)
    return page.cell(merge.min_row, merge.min_col)


def _saved(book: Workbook, papers: Papers) -> bytes:
    day = datetime.combine(papers.submission.arrived_on, time())
    book.properties.created, book.properties.creator = day, AUTHOR
    book.properties.lastModifiedBy = AUTHOR
    target = io.BytesIO()
    book.save(target)
    return same_bytes_each_time(target.getvalue(), modified=day)
