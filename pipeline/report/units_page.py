"""分单位: what each unit sent in and what became of it."""

from __future__ import annotations

from pipeline.config import Config
from pipeline.quarter_report import QuarterReport
from pipeline.report.ruled import Cell, Page


def write_units(page: Page, report: QuarterReport, config: Config) -> None:
    """A line for each unit, in the order of 附件1, and a total."""
    columns = [("单位", "unit"), ("读入行数", "count"), *((f"计入{level}", "count") for level in config.target_levels),
               ("计划外", "count"), ("重复", "count"), ("退回", "count"), ("被更正代替", "count"), ("有效申请（件）", "count"),
               ("申请金额（元）", "money")]
    rows: list[list[Cell]] = [
        [one.unit, one.rows_read, *one.counted.values(), one.outside, one.duplicate, one.returned, one.superseded,
         one.claims, one.claimed_amount] for one in report.units]
    page.grid([kind for _, kind in columns])
    page.title("分单位情况", f"{report.quarter.chinese}　持证人员与各类奖励申请")
    page.bottom_line(page.listing(columns, rows), columns, rows, range(1, len(columns)))
