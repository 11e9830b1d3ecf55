"""问题清单: what was returned and what must be looked at."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.finding_groups import grouped
from pipeline.findings import Severity
from pipeline.quarter_report import FindingLine, QuarterReport
from pipeline.report.marks import mark_colours
from pipeline.report.ruled import Cell, Page

_COLUMNS = (("处理", "level"), ("单位", "unit"), ("月份", "month"), ("文件", "file"), ("工作表", "sheet"), ("单元格", "cell"),
            ("规则", "rule"), ("说明", "words"))
_TOP = 2


def write_findings(page: Page, report: QuarterReport) -> None:
    """The same message once, with all its cells; returned before to-review, notes counted only."""
    notes = sum(line.finding.severity is Severity.NOTE for line in report.findings)
    page.grid([kind for _, kind in _COLUMNS])
    page.title("问题清单", f"{report.quarter.chinese}　退回的行不计入，复核的行照常计入、请核对　"
               f"另有提示 {notes} 条，见各单位回执；已有复核结论 {report.concluded} 条")
    rows = _grouped(report.findings)
    page.listing(_COLUMNS, rows, _TOP)
    fills = {str(severity): f"#{colour}" for severity, colour in mark_colours().items()}
    for row, cells in enumerate(rows, _TOP + 1):
        page.put(row, 0, cells[0], page.face("level", bg_color=fills[str(cells[0])]))


def _grouped(lines: Sequence[FindingLine]) -> list[list[Cell]]:
    weighty = [line for line in lines if line.finding.severity is not Severity.NOTE]
    return [[str(one.severity), one.unit, one.month or "—", one.file, one.sheet, "、".join(one.cells) or "—", one.rule,
             one.message] for one in grouped(weighty)]
