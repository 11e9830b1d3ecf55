"""配置达标: units and establishments beside what the law asks of them."""

from __future__ import annotations

from pipeline.quarter_lists import EstablishmentLine, UnitDuty
from pipeline.quarter_report import QuarterReport
from pipeline.report.blocks import Block, write_blocks
from pipeline.report.ruled import Cell, Page

_UNITS = (("责任单位", "unit"), ("最近摸底日期", "kind"), ("本年摸底", "sector"), ("单位数", "count"), ("负有义务", "count"),
          ("其中未达标", "count"), ("应配置", "count"), ("现有", "count"), ("尚缺", "count"))
_ESTABLISHMENTS = (("单位名称", "employer"), ("单位类型", "kind"), ("培育范围", "sector"), ("从业人员", "count"), ("应配置", "count"),
                   ("填报应配置", "count"), ("现有", "count"), ("尚缺", "count"), ("是否达标", "state"), ("摸底日期", "day"),
                   ("责任单位", "unit"), ("历次从业人员数", "note"))


def write_duties(page: Page, report: QuarterReport) -> None:
    """Each responsible unit's sums, then every establishment, those below their duty first."""
    duties = report.lists.duties
    units = Block("一、各责任单位（未达标的由责任单位督促）", _UNITS, [_unit(one) for one in duties.units], "本季度没有单位摸底。",
                  summed=range(3, len(_UNITS)))
    lines = Block("二、各单位配置情况（未达标的在前）", _ESTABLISHMENTS, [_line(one) for one in duties.establishments],
                  "本季度没有单位摸底。")
    write_blocks(page, "配置达标", f"{report.quarter.chinese}　依最近一次摸底；应配置人数依计划二（一）（二）　单位：家、人",
                 [units, lines])


def _unit(one: UnitDuty) -> list[Cell]:
    survey = "是" if one.current else "未更新" if one.newest_survey else "未摸底"
    return [one.unit, one.newest_survey, survey, one.establishments, one.bound, one.below, one.required, one.present,
            one.short]


def _line(one: EstablishmentLine) -> list[Cell]:
    return [one.establishment, one.kind, one.sector, one.headcount, one.required, one.reported, one.present, one.short,
            one.state, one.surveyed_on, one.unit, one.history]
