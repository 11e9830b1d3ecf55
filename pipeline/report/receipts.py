"""Receipts: the unit's own workbook back, faulty cells marked with the reason, a summary first."""

from __future__ import annotations

import io
from datetime import datetime, time

from openpyxl import Workbook

from pipeline.config import Config
from pipeline.files import same_bytes_each_time
from pipeline.receipt_marks import AUTHOR
from pipeline.report.marks import SUMMARY, mark, remove_earlier_marks
from pipeline.report.own_copy import own_copy
from pipeline.report.receipt_summary import Papers, write_summary


def receipt(original: bytes, papers: Papers, config: Config) -> bytes:
    """The annotated copy as .xlsx; where the original cannot be opened, the summary alone.

    The same papers give the same bytes.
    """
    book = None if papers.submission.refused else own_copy(original, _csv_sheet(papers))
    if book is None:
        book = Workbook()
        summary = book.worksheets[0]
        summary.title = SUMMARY
    else:
        remove_earlier_marks(book)
        mark(book, papers.findings)
        summary = book.create_sheet(SUMMARY, 0)
    write_summary(summary, papers, config)
    _show_first(book)
    return _saved(book, papers)


def _csv_sheet(papers: Papers) -> str:
    """A .csv names its one sheet in its file name, as the rows' outcomes do."""
    return papers.outcomes[0].sheet if papers.outcomes else "报表"


def _show_first(book: Workbook) -> None:
    book.active = 0
    for page in book.worksheets[1:]:
        page.sheet_view.tabSelected = False


def _saved(book: Workbook, papers: Papers) -> bytes:
    day = datetime.combine(papers.submission.arrived_on, time())
    book.properties.created, book.properties.creator = day, AUTHOR
    book.properties.lastModifiedBy = AUTHOR
    target = io.BytesIO()
    book.save(target)
    return same_bytes_each_time(target.getvalue(), modified=day)
