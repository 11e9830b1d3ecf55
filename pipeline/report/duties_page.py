"""配置达标: units and establishments beside what the law asks of them."""

from __future__ import annotations

from pipeline.quarter_lists import EstablishmentLine, UnitDuty
from pipeline.quarter_report import QuarterReport
from pipeline.report.blocks import Block, write_blocks
from pipeline.report.ruled import Cell, Page

_WIDTHS = (28, 18, 15, 10, 10, 12, 8, 8, 10, 13, 14, 30)
_UNITS = ("责任单位", "最近摸底日期", "本年摸底", "单位数", "负有义务", "其中未达标", "应配置", "现有", "尚缺")
_ESTABLISHMENTS = ("单位名称", "单位类型", "培育范围", "从业人员", "应配置", "填报应配置", "现有", "尚缺", "是否达标", "摸底日期",
                   "责任单位", "历次从业人员数")


def write_duties(page: Page, report: QuarterReport) -> None:
    """Each responsible unit's sums, then every establishment, those below their duty first."""
    duties = report.lists.duties
    page.title("配置达标", f"{report.quarter.chinese}　依最近一次摸底；应配置人数依计划二（一）（二）　单位：家、人", len(_WIDTHS) - 1)
    units = Block("一、各责任单位（未达标的由责任单位督促）", _UNITS, [_unit(one) for one in duties.units], "本季度没有单位摸底。",
                  summed=range(3, len(_UNITS)))
    lines = Block("二、各单位配置情况（未达标的在前）", _ESTABLISHMENTS, [_line(one) for one in duties.establishments],
                  "本季度没有单位摸底。", left=[0, 11])
    below = write_blocks(page, _WIDTHS, [units, lines])
    if lines.rows:
        page.sheet.autofilter(below - 2 - len(lines.rows), 0, below - 2, len(_ESTABLISHMENTS) - 1)


def _unit(one: UnitDuty) -> list[Cell]:
    survey = "是" if one.current else "未更新" if one.newest_survey else "未摸底"
    return [one.unit, one.newest_survey, survey, one.establishments, one.bound, one.below, one.required, one.present,
            one.short]


def _line(one: EstablishmentLine) -> list[Cell]:
    return [one.establishment, one.kind, one.sector, one.headcount, one.required, one.reported, one.present, one.short,
            one.state, one.surveyed_on, one.unit, one.history]
