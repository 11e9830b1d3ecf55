"""监管人员: those under duty to sit the exam, per department and by name."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.quarter_lists import SupervisorLine
from pipeline.quarter_report import QuarterReport
from pipeline.report.blocks import Block, write_blocks
from pipeline.report.ruled import Cell, Page

_GROUPS = (("填报单位", "unit"), ("所属部门", "note"), ("从事安全监管人数", "count"), ("已取证", "count"), ("已报考", "count"),
           ("应报考未报考", "count"), ("鼓励报考（无强制要求）", "count"))
_PEOPLE = (("填报单位", "unit"), ("所属部门", "note"), ("身份证号码", "id"), ("姓名", "person"), ("年龄（周岁）", "item"),
           ("报考情况", "item"), ("说明", "words"))


def write_supervisors(page: Page, report: QuarterReport) -> None:
    """Numbers per department, then three lists of names."""
    told = report.lists.supervision
    groups: list[list[Cell]] = [
        [one.unit, one.department, one.supervisors, one.certified, one.registered, one.bound, one.encouraged]
        for one in told.groups]
    blocks = [
        Block("一、分部门情况", _GROUPS, groups, "本季度没有监管人员。", summed=range(2, len(_GROUPS))),
        Block("二、应当报考而未报考的人员", _PEOPLE, _people(told.bound), "本季度没有应当报考而未报考的人员。"),
        Block("三、鼓励报考的人员（无强制要求）", _PEOPLE, _people(told.encouraged), "本季度没有鼓励报考的人员。"),
        Block("四、报考情况与“持证人员”“报考人员”不一致的人员", _PEOPLE, _people(told.disagreeing), "本季度没有不一致的人员。"),
    ]
    write_blocks(page, "监管人员", f"{report.quarter.chinese}　从事安全生产监管工作的人员，依计划二（三）　单位：人", blocks)


def _people(lines: Sequence[SupervisorLine]) -> list[list[Cell]]:
    return [[one.unit, one.department, one.id_number, one.name, one.age, one.exam_status, one.note] for one in lines]
