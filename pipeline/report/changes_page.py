"""变动说明: why the figures are others than in the report before."""

from __future__ import annotations

from pipeline.quarter_report import QuarterReport
from pipeline.report.ruled import Page

_COLUMNS = (("数字", "note"), ("原", "rule"), ("现", "rule"), ("变动", "rule"), ("原因", "rule"), ("人员或单位", "employer"),
            ("填报单位", "unit"), ("月份", "month"), ("文件", "file"), ("工作表", "sheet"), ("行", "row"))


def write_changes(page: Page, report: QuarterReport) -> None:
    """A line for everything that came into a figure or went out of it."""
    changes = report.changes
    page.grid([kind for _, kind in _COLUMNS])
    page.title("变动说明", f"{report.quarter.chinese}与{changes.since}相比" if changes else report.quarter.chinese)
    if changes is None or not changes.lines:
        page.paragraph(2, "没有变动。")
        return
    page.listing(_COLUMNS, [
        [one.figure, one.before, one.after, f"{one.difference:+d}", one.kind, one.who, one.unit, one.month, one.file, one.sheet,
         one.row] for one in changes.lines])
