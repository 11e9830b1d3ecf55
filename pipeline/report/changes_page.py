"""变动说明: why the figures are others than in the report before."""

from __future__ import annotations

from pipeline.quarter_report import QuarterReport
from pipeline.report.ruled import Page

_COLUMNS = (("数字", 26), ("原", 7), ("现", 7), ("变动", 8), ("原因", 8), ("人员或单位", 30), ("填报单位", 14), ("月份", 10), ("文件", 34),
            ("工作表", 14), ("行", 6))


def write_changes(page: Page, report: QuarterReport) -> None:
    """A line for everything that came into a figure or went out of it."""
    changes = report.changes
    page.title("变动说明", f"{report.quarter.chinese}与{changes.since}相比" if changes else report.quarter.chinese, len(_COLUMNS) - 1)
    if changes is None or not changes.lines:
        page.sheet.merge_range(2, 0, 2, len(_COLUMNS) - 1, "没有变动。", page.words())
        return
    below = page.table(2, _COLUMNS, [
        [one.figure, one.before, one.after, f"{one.difference:+d}", one.kind, one.who, one.unit, one.month, one.file, one.sheet,
         one.row] for one in changes.lines], left=[0, 5, 8])
    page.filtered(2, below, len(_COLUMNS))
