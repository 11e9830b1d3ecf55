"""Claims: deadlines, papers, order and repetition (附件3 三, 四, forms 2-1 and 2-2)."""

from __future__ import annotations

import pandas as pd

from pipeline.finding_numbers import well_formed
from pipeline.findings import Severity
from pipeline.rules.engine import Rule, Terms, rule
from pipeline.rules.measures import BOTH, CERTIFICATE, OTHER, TALENT
from pipeline.rules.periods import months_later
from pipeline.sheets import DECISIONS, SHEETS

# What deciding bodies keep beside the claims themselves.
REGISTERS = tuple(sheet.key for sheet in SHEETS if sheet.deciding and sheet is not DECISIONS)


@rule("F03", clause="附件3 三（一）", severity=Severity.RETURNED, sheets=CERTIFICATE, cells=("applied_on", "deadline"),
      message="填报日期{first_applied_on}超过{window_start}后{policy.certificate_award.window_months}个月的期限"
              "（截止{deadline}），不再受理；日期写错的请改正，没有写错的请删去这一行")
def applied_within_the_window(claims: pd.DataFrame, _: Terms) -> pd.Series[bool]:
    """证书奖励金集中申请时间为证书领取后的6个月内"""
    return claims["first_applied_on"] <= claims["deadline"].str[:10]


@rule("F03", clause="附件3 三（一）", severity=Severity.NOTE, sheets=CERTIFICATE, cells=("issued_on", "deadline"),
      at="collected_on", message="未填领取日期，申请期限自发证日期{issued_on}起算；请补填领取日期")
def day_of_collection_is_known(claims: pd.DataFrame, _: Terms) -> pd.Series[bool]:
    """证书领取后的6个月内"""
    return claims["collected_on"].notna() | claims["faulty"].astype(bool)


@rule("F04", clause="附件3 三（一）", severity=Severity.RETURNED, sheets=CERTIFICATE,
      cells=("first_applied_on", "notice_opens", "notice_closes"), at="applied_on",
      message="填报日期{first_applied_on}不在当年公告的受理时间（{notice_opens}至{notice_closes}）内；请按公告的时间申请")
def applied_as_the_notice_says(claims: pd.DataFrame, _: Terms) -> pd.Series[bool]:
    """具体时间以区应急管理局每年发布的公告为准"""
    return claims["first_applied_on"].between(claims["notice_opens"], claims["notice_closes"])


@rule("F02", clause="附件3 三（一）（3）", severity=Severity.RETURNED, sheets=REGISTERS, cells=("unit",), at="sheet",
      message="这张表应由{config.first_review_unit}或{config.office_unit}报送，现由{unit}报来，不予采用；请交该单位报送")
def register_comes_from_the_body_that_keeps_it(entries: pd.DataFrame, terms: Terms) -> pd.Series[bool]:
    """奖励程序由区应急管理局…完成对申请资料的初审"""
    return entries["unit"].isin([terms.config.first_review_unit, terms.config.office_unit])


@rule("F02", clause="报送要求（复核结论）", severity=Severity.RETURNED, sheets=("resolutions",), cells=("finding",),
      message="编号“{finding}”不是问题编号（FH- 后面8位），或抄错了字；请照复核表里的编号填写")
def conclusion_names_a_finding(conclusions: pd.DataFrame, _: Terms) -> pd.Series[bool]:
    """a conclusion is about a finding that was raised"""
    return conclusions["finding"].map(well_formed)


@rule("F05", clause="附件3 三（3）", severity=Severity.NOTE, sheets=TALENT, cells=("id_number",), at="regulator",
      message="未填行业监管部门，发放单位待定；请补填由哪个部门发放")
def regulator_who_pays_is_named(claims: pd.DataFrame, _: Terms) -> pd.Series[bool]:
    """奖励经费从行业监管部门专项经费中提取"""
    return claims["regulator"].notna()


@rule("F05", clause="附件3 三（3）", severity=Severity.NOTE, sheets=TALENT, cells=("regulator",),
      message="行业监管部门“{regulator}”不在单位名单中，发放单位按待定处理；请填名单中的部门")
def regulator_is_a_known_unit(claims: pd.DataFrame, terms: Terms) -> pd.Series[bool]:
    """奖励经费从行业监管部门专项经费中提取"""
    return claims["regulator"].str.strip().isin(list(terms.config.unit_spellings))


@rule("F07", clause="申请表“单位审核意见”", severity=Severity.RETURNED, sheets=BOTH, cells=("employer_opinion",),
      message="单位审核意见为“不属实”，申请退回；如审核意见有误，请改正后重报")
def employer_finds_it_true(claims: pd.DataFrame, _: Terms) -> pd.Series[bool]:
    """申请人资料□属实，□不属实，□暂无该证书信息"""
    return claims["employer_opinion"] != "不属实"


@rule("F07", clause="申请表“单位审核意见”", severity=Severity.REVIEW, sheets=BOTH, cells=("employer_opinion",),
      message="单位审核意见为“暂无该证书信息”，申请暂缓办理；查到证书信息后改为“属实”重报")
def employer_knows_the_certificate(claims: pd.DataFrame, _: Terms) -> pd.Series[bool]:
    """暂无该证书信息"""
    return claims["employer_opinion"] != "暂无该证书信息"


def _ticked(label: str, field: str, sheets: tuple[str, ...]) -> Rule:
    @rule("F08", clause="申请表“申请人声明”“证明材料”", severity=Severity.RETURNED, sheets=sheets, cells=(field,),
          message=f"“{label}”没有确认；材料齐全后填“是”或打“√”重报")
    def paper_is_there(claims: pd.DataFrame, _: Terms) -> pd.Series[bool]:
        """已收到申请人以下证明材料并与原件核对无误"""
        return claims[field].astype(float) == 1

    return paper_is_there


declaration_is_signed = _ticked("声明签字", "signed", BOTH)
id_is_copied = _ticked("身份证复印件", "id_copy", BOTH)
certificate_is_copied = _ticked("证书复印件", "certificate_copy", BOTH)
contract_is_proved = _ticked("合同社保个税证明", "contract_proof", TALENT)


@rule("F09", clause="申请表“已申请奖励”", severity=Severity.REVIEW, sheets=CERTIFICATE,
      cells=("earlier_awards", "earlier_levels"),
      message="已申请奖励填的是“{earlier_awards}”，台账中为“{earlier_levels}”；请核对")
def earlier_awards_agree_with_the_ledger(claims: pd.DataFrame, _: Terms) -> pd.Series[bool]:
    """□无申请任何奖励 □已申请初级职称奖励□已申请中级职称奖励"""
    return claims["earlier_awards"] == claims["earlier_levels"]


@rule("G01", clause="附件3 四（三）", severity=Severity.RETURNED, sheets=CERTIFICATE, cells=("repeats",), at="id_number",
      message="重复申领：{name}的{level}证书奖励已由{repeats}申请；每个级别只能申请一次，请勿再报")
def applied_for_once_per_level(claims: pd.DataFrame, _: Terms) -> pd.Series[bool]:
    """每个级别的注册安全工程师职业资格证书奖励只能申请一次"""
    return claims["repeats"] == ""


@rule("G02", clause="附件3 四（三）", severity=Severity.RETURNED, sheets=BOTH + OTHER, cells=("barred_on",), at="id_number",
      message="{name}已于{barred_on}列入失信名单，不得再申领；请删去这一行，认定有误的请向认定单位申请更正")
def applicant_is_not_barred(claims: pd.DataFrame, _: Terms) -> pd.Series[bool]:
    """弄虚作假，骗取…的，全额追回有关款项，不得再申领证书奖励和职称补贴"""
    return claims["barred_on"] == ""


@rule("G03", clause="申请表 2-2", severity=Severity.RETURNED, sheets=TALENT, cells=("repeats",), at="id_number",
      message="重复申领：{name}的紧缺人才奖励（{instalment}）已由{repeats}申请；每期只能申请一次，请勿再报")
def applied_for_once_per_instalment(claims: pd.DataFrame, _: Terms) -> pd.Series[bool]:
    """紧缺人才奖励只能申请一次"""
    return claims["repeats"] == ""


@rule("G03", clause="申请表 2-2", severity=Severity.RETURNED, sheets=TALENT, cells=("amount", "instalment_amount"),
      message="申请金额为{amount}元，{instalment}应为{instalment_amount}元；请改正申请金额")
def amount_is_that_of_the_instalment(claims: pd.DataFrame, _: Terms) -> pd.Series[bool]:
    """第一年奖励3000元 第二年奖励3000元 第三年奖励4000元"""
    return claims["amount"].astype(float) == claims["instalment_amount"].astype(float)


@rule("G03", clause="申请表 2-2", severity=Severity.RETURNED, sheets=TALENT, cells=("missing_instalment",),
      at="instalment", message="{missing_instalment}的奖励还没有通过复审，{instalment}不能申请；请待通过后再报")
def instalments_come_in_order(claims: pd.DataFrame, _: Terms) -> pd.Series[bool]:
    """□申请第一年奖励 □申请第二年奖励 □申请第三年奖励"""
    return claims["missing_instalment"] == ""


@rule("G03", clause="申请表 2-2", severity=Severity.RETURNED, sheets=TALENT,
      cells=("insured_since", "taxed_since", "applied_on", "instalment_months"), at="applied_on",
      message="{instalment}须社保（{insured_since}起）、个税（{taxed_since}起）均满{instalment_months}个月，"
              "至填报日期{applied_on}不满；满后再申请")
def instalment_has_fallen_due(claims: pd.DataFrame, _: Terms) -> pd.Series[bool]:
    """分三年发放"""
    due = pd.Series("", index=claims.index)
    later = claims[["insured_since", "taxed_since"]].max(axis=1)
    for months, rows in later.groupby(claims["instalment_months"].astype(int)):
        due[rows.index] = months_later(rows, int(months))
    return due <= claims["applied_on"]


@rule("G04", clause="申请表“申请人声明”", severity=Severity.RETURNED, sheets=BOTH + OTHER, cells=("outside_award",),
      at="id_number", message="{name}已在其他部门领取同类奖励（{outside_award}），不能再申请")
def no_other_department_granted_it(claims: pd.DataFrame, _: Terms) -> pd.Series[bool]:
    """没有向其他部门申请过同类证书补贴或奖励"""
    return claims["outside_award"] == ""


@rule("G03", clause="申请表 2-2", severity=Severity.RETURNED, sheets=TALENT, cells=("left",), at="id_number",
      message="{name}已{left}（人员变动），自该日起不再发放后续各期；如变动有误，请原报单位更正“人员变动”")
def talent_has_not_left(claims: pd.DataFrame, _: Terms) -> pd.Series[bool]:
    """分三年发放"""
    return claims["left"] == ""


@rule("G04", clause="申请表“申请人声明”", severity=Severity.REVIEW, sheets=BOTH, cells=("other_measure",),
      at="id_number", message="{name}同时申请了{other_measure}；证书奖励与紧缺人才奖励能否并得，请复核")
def one_measure_per_person(claims: pd.DataFrame, terms: Terms) -> pd.Series[bool]:
    """没有向其他部门申请过同类证书补贴或奖励"""
    return (claims["other_measure"] == "") | (terms.config.switches.stack_1_4 == "allow")


@rule("R3", clause="报送要求（同一申请只需报一次）", severity=Severity.NOTE, sheets=BOTH + OTHER, cells=("relists",), at="id_number",
      message="与已在办理的申请{relists}是同一件，不另计；内容有更新的按新报内容办理")
def listed_for_the_first_time(claims: pd.DataFrame, _: Terms) -> pd.Series[bool]:
    """the unit lists the same living claim again"""
    return claims["relists"] == ""


REGISTER_RULES = (register_comes_from_the_body_that_keeps_it, conclusion_names_a_finding)
RULES = (
    applied_within_the_window, day_of_collection_is_known, applied_as_the_notice_says,
    regulator_who_pays_is_named, regulator_is_a_known_unit,
    employer_finds_it_true, employer_knows_the_certificate,
    declaration_is_signed, id_is_copied, certificate_is_copied, contract_is_proved,
    applicant_is_not_barred, amount_is_that_of_the_instalment, instalments_come_in_order, instalment_has_fallen_due,
    talent_has_not_left, no_other_department_granted_it,
)
# Asked once it is known which claims stand.
REPEAT_RULES = (
    earlier_awards_agree_with_the_ledger, applied_for_once_per_level, applied_for_once_per_instalment,
    one_measure_per_person, listed_for_the_first_time,
)
