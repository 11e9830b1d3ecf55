"""Who must have an engineer and who must sit the exam (计划二（一）至（三））; asked of the newest row of each."""

from __future__ import annotations

import pandas as pd

from pipeline.findings import Severity
from pipeline.rules.duty_facts import DUTY
from pipeline.rules.engine import Terms, rule

_SURVEY, _SUPERVISORS = ("establishments",), ("supervisors",)
_HIRE = "应配置{lawful}人，现有{present}人，尚缺{short}人；请督促招聘、引进或组织报考，已有持证人员的请补报“持证人员”"


def _met(surveys: pd.DataFrame, duty: str) -> pd.Series[bool]:
    return (surveys["duty"] != duty) | (surveys["short"] == 0)


@rule("D01", clause="二（一）", severity=Severity.REVIEW, sheets=_SURVEY, cells=("newest", "establishment_type"),
      at="establishment_type", message="{establishment}为{establishment_type}，" + _HIRE)
def dangerous_trades_have_an_engineer(surveys: pd.DataFrame, _: Terms) -> pd.Series[bool]:
    """危险化学品生产、储存单位、金属冶炼单位…应当配置注册安全工程师"""
    return _met(surveys, "D01")


@rule("D02", clause="二（一）", severity=Severity.REVIEW, sheets=_SURVEY, cells=("newest", "headcount"), at="headcount",
      message="{establishment}为{establishment_type}，从业人员{headcount}人，" + _HIRE)
def large_builders_have_an_engineer(surveys: pd.DataFrame, _: Terms) -> pd.Series[bool]:
    """从业人员300人以上的建筑施工单位应当配置注册安全工程师"""
    return _met(surveys, "D02")


@rule("D03", clause="二（一）", severity=Severity.REVIEW, sheets=_SURVEY, cells=("newest", "headcount"), at="headcount",
      message="{establishment}为{establishment_type}，从业人员{headcount}人，" + _HIRE)
def large_industry_has_an_engineer(surveys: pd.DataFrame, _: Terms) -> pd.Series[bool]:
    """从业人员300人以上的工矿企业应当配置注册安全工程师"""
    return _met(surveys, "D03")


@rule("D05", clause="二（二）", severity=Severity.REVIEW, sheets=_SURVEY, cells=("newest", "service_staff"),
      at="service_staff", message="{establishment}为{establishment_type}，专业服务人员{service_staff}人，" + _HIRE)
def intermediaries_have_their_share(surveys: pd.DataFrame, _: Terms) -> pd.Series[bool]:
    """不少于安全生产专业服务人员30%的比例配备注册安全工程师"""
    return _met(surveys, "D05")


@rule("D06", clause="二（三）", severity=Severity.REVIEW, sheets=_SUPERVISORS, cells=("newest", "exam_duty"),
      at="exam_status",
      message="{name}从事安全监管，到{age_on}为{age}周岁，应当报考注册安全工程师，现为“{exam_status}”；"
              "请组织报考，已报考或已取证的请改正报考情况")
def younger_supervisors_are_registered(supervisors: pd.DataFrame, _: Terms) -> pd.Series[bool]:
    """年龄在40周岁以下的安全监管人员应当报考注册安全工程师"""
    return ~_idle(supervisors) | (supervisors["exam_duty"] != DUTY)


@rule("D07", clause="二（三）", severity=Severity.NOTE, sheets=_SUPERVISORS, cells=("newest", "exam_duty"),
      at="exam_status",
      message="{name}从事安全监管，到{age_on}为{age}周岁，按现行口径为鼓励报考（age_40: {config.switches.age_40}）")
def supervisors_at_the_limit_are_under_duty(supervisors: pd.DataFrame, _: Terms) -> pd.Series[bool]:
    """鼓励40周岁以上的安全监管人员按照自身实际报考"""
    return ~_idle(supervisors) | ~supervisors["at_limit"].astype(bool) | (supervisors["exam_duty"] == DUTY)


def _idle(supervisors: pd.DataFrame) -> pd.Series[bool]:
    return (supervisors["exam_status"] == "未报考") & (supervisors["register_note"] == "")


RULES = (
    dangerous_trades_have_an_engineer, large_builders_have_an_engineer, large_industry_has_an_engineer,
    intermediaries_have_their_share, younger_supervisors_are_registered, supervisors_at_the_limit_are_under_duty,
)
