"""The findings that a person must look at, as a workbook that comes back through inputs/ (复核结论)."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date, datetime, time

from xlsxwriter import Workbook

from pipeline.calendar import Month
from pipeline.config import Config
from pipeline.quarter_report import FindingLine
from pipeline.report import template_columns as cells
from pipeline.report.reviews import asked_style, given_style, write_cover
from pipeline.report.ruled import TEXT_STAYS_TEXT, Page
from pipeline.sheets import COVER_LABEL, RESOLUTIONS

_KINDS = {"finding": "stage", "conclusion": "day", "decided_on": "item", "decided_by": "item", "remark": "words"}
_ENTERED = ("conclusion", "decided_on", "decided_by")
_HEADER, _LINE = 2, 18
_STEPS = (
    "1. 在本页填上填报人、联系电话；",
    "2. 在“复核结论”中逐条核对，填结论（属实、已更正、不再提示）、日期、经办人；还没有核对的行留空；",
    "3. 保存后放入 inputs/ 再运行一次：有结论的问题不再提示，除非所在的行又有变化。",
)


def conclusions_workbook(
    month: Month, today: date, lines: Sequence[tuple[str, FindingLine]], config: Config
) -> bytes:
    """Cover and 复核结论 with the number of every open finding; the same findings give the same bytes."""
    target = io.BytesIO()
    book = Workbook(target, {**TEXT_STAYS_TEXT, "in_memory": True})
    book.set_properties({"title": "待核对的问题", "company": config.office, "created": datetime.combine(today, time())})
    write_cover(Page(book, COVER_LABEL), config.office_unit, month, today, config, _STEPS)
    _write_findings(Page(book, RESOLUTIONS.label), lines, config)
    book.close()
    return target.getvalue()


def _write_findings(page: Page, lines: Sequence[tuple[str, FindingLine]], config: Config) -> None:
    page.grid([_KINDS[column.field] for column in RESOLUTIONS.columns])
    page.title(f"待核对的问题（{len(lines)}条）", "填“结论”“日期”“经办人”三列；还没有核对的行留空")
    for at, column in enumerate(RESOLUTIONS.columns):
        entered = column.field in _ENTERED
        page.sheet.write_string(_HEADER, at, cells.header_text(column), asked_style(page) if entered else page.head())
        if entered:
            check = cells.validation(column, config, "", {})
            page.sheet.data_validation(_HEADER + 1, at, _HEADER + max(len(lines), 1), at, check)
    styles = {column.field: page.style(num_format=cells.number_format(column), locked=False)
              for column in RESOLUTIONS.columns}
    given, words = given_style(page), page.style(align="left", num_format="@", locked=False)
    for row, (number, line) in enumerate(lines, _HEADER + 1):
        page.put(row, 0, number, given)
        for at, field in enumerate(_ENTERED, 1):
            page.sheet.write_blank(row, at, None, styles[field])
        page.put(row, len(_ENTERED) + 1, _in_words(line), words)
        page.sheet.set_row(row, 2 * _LINE)
    page.sheet.freeze_panes(_HEADER + 1, 1)
    page.sheet.repeat_rows(_HEADER)
    page.sheet.autofilter(_HEADER, 0, _HEADER + max(len(lines), 1), len(RESOLUTIONS.columns) - 1)
    page.sheet.protect("", {"format_columns": True, "format_rows": True, "autofilter": True})


def _in_words(line: FindingLine) -> str:
    """Where and what, enough to look it up without turning elsewhere."""
    found = line.finding
    where = "　".join(str(part) for part in (line.unit, line.month, line.file, found.sheet, found.cell) if part)
    return f"{where}　{found.rule}：{found.message}"
