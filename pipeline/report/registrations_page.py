"""注册与继续教育: what holders are late with, soon due with, or short of."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.config import Config
from pipeline.quarter_lists import PersonLine
from pipeline.quarter_report import QuarterReport
from pipeline.report.blocks import Block, write_blocks
from pipeline.report.ruled import Cell, Page

_PERSON = (("填报单位", "unit"), ("姓名", "person"), ("身份证号码", "id"), ("工作单位", "employer"), ("级别", "level"))
_DUE = (*_PERSON, ("注册截止日", "day"), ("发证", "stage"))
_HOURS = (*_PERSON, ("注册日期", "day"), ("继续教育", "stage"))


def write_registrations(page: Page, report: QuarterReport, config: Config) -> None:
    """Overdue first, then soon due, then too few hours."""
    told, switches = report.lists.registrations, config.switches
    blocks = [
        Block("一、逾期未注册", _DUE, _people(told.overdue), "本季度没有逾期未注册的人员。"),
        Block(f"二、{switches.register_soon_days}天内注册到期", _DUE, _people(told.due_soon), "本季度没有即将到期的人员。"),
        Block("三、继续教育学时不足", _HOURS, _people(told.few_hours), "本季度没有学时不足的人员。"),
    ]
    write_blocks(page, "注册与继续教育", f"{report.quarter.chinese}　发证后{switches.register_within_months}个月内注册，"
                 f"每周期继续教育不少于{switches.ce_hours}学时；现有持证人员 {told.holders} 人，已注册 {told.registered} 人，"
                 f"已注册而未填学时的 {told.hours_unknown} 人", blocks)


def _people(lines: Sequence[PersonLine]) -> list[list[Cell]]:
    return [[one.unit, one.name, one.id_number, one.employer, one.level, one.day, one.fact] for one in lines]
