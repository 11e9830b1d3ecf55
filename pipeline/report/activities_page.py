"""工作举措: the class before each exam, what each unit did, and the log."""

from __future__ import annotations

from pipeline.quarter_report import QuarterReport
from pipeline.report.blocks import Block, write_blocks
from pipeline.report.ruled import Cell, Page

_WIDTHS = (18, 18, 18, 44, 12, 12)
_CLASSES = ("考试年度", "级别", "考试日期", "培训班主题", "办班日期", "考前培训")
_COUNTS = ("单位", "举措", "次数", "参加人次")
_LOG = ("日期", "单位", "举措", "主题", "级别", "参加人数")


def write_activities(page: Page, report: QuarterReport) -> None:
    """Classes, counts, log."""
    told = report.lists.activities
    page.title("工作举措", f"{report.quarter.chinese}　依计划三（三）（五）　每年考前组织一期专题培训班", len(_WIDTHS) - 1)
    classes: list[list[Cell]] = [
        [str(one.year), one.level, one.exam_on, one.topic, one.held_on, one.state] for one in told.classes]
    counts: list[list[Cell]] = [[one.unit, one.activity, one.times, one.participants] for one in told.counts]
    log: list[list[Cell]] = [
        [one.held_on, one.unit, one.activity, one.topic, one.level, one.participants] for one in told.log]
    write_blocks(page, _WIDTHS, [
        Block("一、考前专题培训班", _CLASSES, classes, "“考试安排”中还没有考试日期。", left=[3]),
        Block("二、各单位举措", _COUNTS, counts, "本季度没有工作举措。", summed=[2, 3]),
        Block("三、举措台账（近期在前）", _LOG, log, "本季度没有工作举措。", left=[3]),
    ])
