"""工作举措: the class before each exam, what each unit did, and the log."""

from __future__ import annotations

from pipeline.quarter_report import QuarterReport
from pipeline.report.blocks import Block, write_blocks
from pipeline.report.ruled import Cell, Page

_CLASSES = (("考试年度", "year"), ("级别", "unit"), ("考试日期", "day"), ("培训班主题", "words"), ("办班日期", "day"),
            ("考前培训", "state"))
_COUNTS = (("单位", "unit"), ("举措", "unit"), ("次数", "count"), ("参加人次", "count"))
_LOG = (("日期", "day"), ("单位", "unit"), ("举措", "item"), ("主题", "words"), ("级别", "level"), ("参加人数", "count"))


def write_activities(page: Page, report: QuarterReport) -> None:
    """Classes, counts, log."""
    told = report.lists.activities
    classes: list[list[Cell]] = [
        [str(one.year), one.level, one.exam_on, one.topic, one.held_on, one.state] for one in told.classes]
    counts: list[list[Cell]] = [[one.unit, one.activity, one.times, one.participants] for one in told.counts]
    log: list[list[Cell]] = [
        [one.held_on, one.unit, one.activity, one.topic, one.level, one.participants] for one in told.log]
    blocks = [
        Block("一、考前专题培训班", _CLASSES, classes, "“考试安排”中还没有考试日期。"),
        Block("二、各单位举措", _COUNTS, counts, "本季度没有工作举措。", summed=[2, 3]),
        Block("三、举措台账（近期在前）", _LOG, log, "本季度没有工作举措。"),
    ]
    write_blocks(page, "工作举措", f"{report.quarter.chinese}　依计划三（三）（五）　每年考前组织一期专题培训班", blocks)
