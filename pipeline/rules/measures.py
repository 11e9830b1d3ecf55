"""Who may have which award (附件3 一, 二)."""

from __future__ import annotations

import pandas as pd

from pipeline.findings import Severity
from pipeline.rules.engine import Terms, rule
from pipeline.rules.periods import day_after, months_later

CERTIFICATE, TALENT = ("certificate_awards",), ("talent_awards",)
BOTH = CERTIFICATE + TALENT
OTHER = ("other_awards",)


@rule("I00", clause="附件3 一", severity=Severity.RETURNED, sheets=BOTH + OTHER, cells=("employer",),
      message="工作单位“{employer}”不在本区摸底表中；请先在“单位摸底”中补报该单位，或核对单位名称")
def employer_serves_the_district(claims: pd.DataFrame, terms: Terms) -> pd.Series[bool]:
    """服务于本地的取得注册安全工程师职业资格的人员"""
    return claims["surveyed"].astype(bool) | (terms.config.switches.local_by == "reporting_unit")


@rule("I01", clause="附件3 二（一）", severity=Severity.RETURNED, sheets=CERTIFICATE, cells=("amount", "level"),
      message="申请金额为{amount}元，{level}应为{level_amount}元；请改正申请金额")
def amount_is_that_of_the_level(claims: pd.DataFrame, _: Terms) -> pd.Series[bool]:
    """获得初级…1000元，中级…2000元，高级…3000元"""
    return claims["amount"].astype(float) == claims["level_amount"].astype(float)


@rule("I01", clause="附件3 二（一）", severity=Severity.RETURNED, sheets=CERTIFICATE, cells=("issued_on",),
      message="发证日期{issued_on}早于{policy.certificate_award.since}，不在奖励范围内；日期写错的请改正，没有写错的请删去这一行")
def certificate_is_of_2019_or_later(claims: pd.DataFrame, terms: Terms) -> pd.Series[bool]:
    """2019年起"""
    return claims["issued_on"] >= terms.policy.certificate_award.since.isoformat()


@rule("I01", clause="附件3 二（一）", severity=Severity.RETURNED, sheets=CERTIFICATE, cells=("route", "level"),
      at="certificate_number",
      message="“持证人员”中该证书的取得方式是“{route}”，证书奖励只给考试取得的；引进人员请申请紧缺人才奖励")
def certificate_was_won_by_examination(claims: pd.DataFrame, _: Terms) -> pd.Series[bool]:
    """报名参加注册安全工程师职业资格考试并获得…证书"""
    return claims["route"] == "考试取得"


@rule("I01", clause="附件3 二（一）", severity=Severity.RETURNED, sheets=CERTIFICATE, cells=("disagreement",),
      at="certificate_number", message="与“持证人员”不一致：{disagreement}；请核对后改正其中一处")
def award_agrees_with_the_register(claims: pd.DataFrame, _: Terms) -> pd.Series[bool]:
    """获得注册安全工程师职业资格证书的"""
    return claims["disagreement"] == ""


@rule("I01", clause="附件3 二（一）", severity=Severity.REVIEW, sheets=CERTIFICATE, cells=("id_number", "level"),
      at="certificate_number",
      message="“持证人员”中{register_gap}{name}的{level}证书，申请暂缓办理；请补报持证人员，补报后自动继续")
def award_has_its_certificate(claims: pd.DataFrame, _: Terms) -> pd.Series[bool]:
    """获得注册安全工程师职业资格证书的"""
    return claims["registered"].astype(bool)


@rule("I01", clause="附件3 二（一）“企事业单位”", severity=Severity.NOTE, sheets=CERTIFICATE, cells=("employer_nature",),
      message="申请人所在单位为政府部门，按现行口径可以申请（gov_eligible: true）")
def government_applicants_are_pointed_out(claims: pd.DataFrame, terms: Terms) -> pd.Series[bool]:
    """在南浔区企事业单位工作"""
    return (claims["employer_nature"] != "政府部门") | (not terms.config.switches.gov_eligible)


@rule("I01", clause="附件3 二（一）“企事业单位”", severity=Severity.RETURNED, sheets=CERTIFICATE,
      cells=("employer_nature",), message="申请人所在单位为政府部门，按现行口径不在奖励范围内（gov_eligible: false）")
def government_applicants_may_apply(claims: pd.DataFrame, terms: Terms) -> pd.Series[bool]:
    """在南浔区企事业单位工作"""
    return (claims["employer_nature"] != "政府部门") | terms.config.switches.gov_eligible


@rule("I04", clause="附件3 二（四）", severity=Severity.RETURNED, sheets=TALENT, cells=("level",),
      message="紧缺人才奖励只给{policy.talent_award.level}，这里是{level}；级别写错的请改正，没有写错的请删去这一行")
def talent_has_the_level(claims: pd.DataFrame, terms: Terms) -> pd.Series[bool]:
    """中级注册安全工程师职业资格的人员"""
    return claims["level"] == terms.policy.talent_award.level


@rule("I04", clause="附件3 二（四）", severity=Severity.RETURNED, sheets=TALENT, cells=("employer_nature",),
      message="紧缺人才奖励只给企业引入的人员，单位性质应为“生产经营单位”，这里是“{employer_nature}”；填错的请改正，没有填错的请删去这一行")
def talent_works_for_an_enterprise(claims: pd.DataFrame, _: Terms) -> pd.Series[bool]:
    """企业首次引入的"""
    return claims["employer_nature"] == "生产经营单位"


@rule("I04", clause="附件3 二（四）", severity=Severity.RETURNED, sheets=TALENT, cells=("route",), at="introduced_on",
      message="“持证人员”中该证书的取得方式是“{route}”，紧缺人才奖励只给引进的人员；请核对取得方式")
def talent_was_introduced(claims: pd.DataFrame, _: Terms) -> pd.Series[bool]:
    """首次引入"""
    return claims["route"] == "引进"


@rule("I04", clause="附件3 二（四）", severity=Severity.RETURNED, sheets=TALENT, cells=("earlier_employer",),
      at="employer", message="{earlier_employer}，早于引进日期{introduced_on}，不是首次引入；请核对")
def talent_is_new_to_the_district(claims: pd.DataFrame, _: Terms) -> pd.Series[bool]:
    """企业首次引入"""
    return claims["earlier_employer"] == ""


@rule("I04", clause="附件3 二（四）", severity=Severity.RETURNED, sheets=TALENT, cells=("contract_to", "contract_from"),
      message="合同自{contract_from}至{contract_to}，不满{policy.talent_award.contract_months}个月；请核对合同起止日期")
def contract_is_long_enough(claims: pd.DataFrame, terms: Terms) -> pd.Series[bool]:
    """签订三年及以上合同"""
    needed = months_later(claims["contract_from"], terms.policy.talent_award.contract_months)
    return needed <= day_after(claims["contract_to"])


@rule("I04", clause="附件3 二（四）", severity=Severity.RETURNED, sheets=TALENT, cells=("insured_since", "applied_on"),
      message="社保自{insured_since}起缴，至填报日期{applied_on}不满{policy.talent_award.insured_months}个月；满后再申请")
def insured_long_enough(claims: pd.DataFrame, terms: Terms) -> pd.Series[bool]:
    """按规定缴纳社保…满一年"""
    return months_later(claims["insured_since"], terms.policy.talent_award.insured_months) <= claims["applied_on"]


@rule("I04", clause="附件3 二（四）", severity=Severity.RETURNED, sheets=TALENT, cells=("taxed_since", "applied_on"),
      message="个税自{taxed_since}起缴，至填报日期{applied_on}不满{policy.talent_award.insured_months}个月；满后再申请")
def taxed_long_enough(claims: pd.DataFrame, terms: Terms) -> pd.Series[bool]:
    """按规定缴纳…个税满一年"""
    return months_later(claims["taxed_since"], terms.policy.talent_award.insured_months) <= claims["applied_on"]


@rule("I04", clause="附件3 二（四）", severity=Severity.RETURNED, sheets=TALENT, cells=("disagreement",),
      at="certificate_number", message="与“持证人员”不一致：{disagreement}；请核对后改正其中一处")
def talent_agrees_with_the_register(claims: pd.DataFrame, _: Terms) -> pd.Series[bool]:
    """中级注册安全工程师职业资格的人员"""
    return claims["disagreement"] == ""


@rule("I04", clause="附件3 二（四）", severity=Severity.REVIEW, sheets=TALENT, cells=("id_number", "level"),
      at="certificate_number",
      message="“持证人员”中{register_gap}{name}的{level}证书，申请暂缓办理；请补报持证人员，补报后自动继续")
def talent_has_its_certificate(claims: pd.DataFrame, _: Terms) -> pd.Series[bool]:
    """中级注册安全工程师职业资格的人员"""
    return claims["registered"].astype(bool)


RULES = (
    employer_serves_the_district,
    amount_is_that_of_the_level, certificate_is_of_2019_or_later, certificate_was_won_by_examination,
    award_agrees_with_the_register, award_has_its_certificate, government_applicants_are_pointed_out,
    government_applicants_may_apply,
    talent_has_the_level, talent_works_for_an_enterprise, talent_was_introduced, talent_is_new_to_the_district,
    contract_is_long_enough, insured_long_enough, taxed_long_enough, talent_agrees_with_the_register,
    talent_has_its_certificate,
)
