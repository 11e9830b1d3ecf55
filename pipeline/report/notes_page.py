"""编制说明: how the figures were made, and every decision where the plan leaves room."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.config import Config
from pipeline.quarter_report import QuarterReport, Reading
from pipeline.report.ruled import Cell, Page

_COLUMNS = (("规则", "rule"), ("条款", "clause"), ("取舍", "words"), ("开关", "switch"), ("现值", "stage"), ("其他口径", "stage"),
            ("其他口径下的合计", "note"))


def write_notes(page: Page, report: QuarterReport, config: Config) -> None:
    """Sentences on how was counted, then a line for each switch and each of its other readings."""
    page.grid([kind for _, kind in _COLUMNS])
    page.title("编制说明", report.quarter.chinese)
    row = 2
    for number, text in enumerate(_sentences(report, config), 1):
        row = page.paragraph(row, f"{number}. {text}")
    rows = [cells for reading in report.readings for cells in _cells(reading)]
    page.listing(_COLUMNS, rows, row + 1)
    page.sheet.freeze_panes(2, 0)


def _sentences(report: QuarterReport, config: Config) -> Iterator[str]:
    total, levels = report.total, "、".join(config.target_levels)
    yield (f"计入：级别为{levels}，{config.switches.baseline_date}以后、本季度末以前取得（引进以引进日期为准），所在行没有退回，"
           "同一人同一级别只计一次，先到者计入。")
    targets = config.targets_on(report.quarter.last_day).total
    yield (f"附件2的合计数照原件：总体需求{targets.demand}、现有{targets.existing}、预培育{total.target}。"
           "总体需求与现有数量的范围不同（有的行没有需求数），两者相减不是缺口。")
    yield "现有数量是季度末持有效证书、仍在本区的人数，计划以前取得的也算；总体需求数量是各单位最近一次摸底的应配置人数之和。"
    yield "下表是计划没有写明或自相矛盾之处的取舍；“其他口径”一栏写明换一种理解时合计会是多少。改 config.yaml 中的开关即可改变口径。"


def _cells(reading: Reading) -> Iterator[list[Cell]]:
    start: list[Cell] = [reading.rule, reading.clause, reading.decision or None, reading.switch, reading.value]
    if not reading.others:
        yield [*start, None, None]
    for value, effect in reading.others:
        yield [*start, value, effect]
