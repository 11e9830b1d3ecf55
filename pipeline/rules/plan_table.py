"""The plan's table and a person's place in it (T, D, R4)."""

from __future__ import annotations

import pandas as pd

from pipeline.findings import Severity
from pipeline.rules.engine import Terms, rule


@rule("T04", clause="附件2“现有数量”", severity=Severity.NOTE, sheets=("certificates",), cells=("effective_on",),
      at="issued_on",
      message="{effective_on}取得，不晚于基准日{config.switches.baseline_date}：计入现有数量，不计入三年培育数量")
def cultivated_after_the_baseline(holders: pd.DataFrame, terms: Terms) -> pd.Series[bool]:
    """现有数量 18"""
    return holders["effective_on"] > terms.config.switches.baseline_date.isoformat()


@rule("T05", clause="三（四）“新引进的…和经考试取得”", severity=Severity.NOTE, sheets=("certificates",),
      cells=("route",), message="引进人员按现行口径不计入培育数量（count_introduced: false）")
def introduced_engineers_count(holders: pd.DataFrame, terms: Terms) -> pd.Series[bool]:
    """对于新引进的注册安全工程师和经考试取得注册安全工程师职业资格证书的人员"""
    return (holders["route"] != "引进") | terms.config.switches.count_introduced


@rule("D08", clause="附件2“培育范围”", severity=Severity.REVIEW, sheets=("certificates",),
      cells=("sector", "survey_sector"),
      message="{employer}在最近一次摸底中属于“{survey_sector}”，这里填的是“{sector}”；请核对培育范围或摸底表")
def sector_agrees_with_the_survey(holders: pd.DataFrame, _: Terms) -> pd.Series[bool]:
    """培育范围"""
    return holders["sector"] == holders["survey_sector"]


@rule("R4", clause="附件2（每人每级计一次）", severity=Severity.REVIEW, sheets=("certificates",),
      cells=("first_report",), at="id_number",
      message="{name}的{level}证书已由{first_report}，只计一次{difference}；请核对由哪家单位、以哪条为准")
def reported_by_one_unit_and_alike(holders: pd.DataFrame, _: Terms) -> pd.Series[bool]:
    """the same (person, level) is counted once, for the first in order of arrival"""
    return (holders["first_unit"] == holders["unit"]) & (holders["difference"] == "")


RULES = (cultivated_after_the_baseline, introduced_engineers_count, sector_agrees_with_the_survey)
# Asked only of rows that no other rule returned.
REPEAT_RULES = (reported_by_one_unit_and_alike,)
