"""The measures beside the two forms: 其他激励 (附件3 二（二）（三）（五）to（八）)."""

from __future__ import annotations

import pandas as pd

from pipeline.findings import Severity
from pipeline.rules.engine import Terms, rule
from pipeline.rules.measures import OTHER
from pipeline.rules.periods import day_after, months_later
from pipeline.sheets import ALLOWANCE, BONUS, EXCELLENCE, EXPENSES, HOUSING, SENIOR


def _other_than(rows: pd.DataFrame, measure: str) -> pd.Series[bool]:
    return rows["measure"] != measure


@rule("I02", clause="附件3 二（二）", severity=Severity.RETURNED, sheets=OTHER, cells=("id_number",),
      message="“监管人员”中没有{name}从事安全监管的记录，报考费用只给安全监管人员报销；请先补报“监管人员”，或核对号码")
def expenses_are_a_supervisors(rows: pd.DataFrame, _: Terms) -> pd.Series[bool]:
    """报考注册安全工程师的本地行业监管部门及各镇（开发区）从事安全生产监管工作的人员…相关费用予以报销"""
    return _other_than(rows, EXPENSES) | rows["supervisor"].astype(bool)


@rule("I02", clause="附件3 二（二）", severity=Severity.RETURNED, sheets=OTHER, cells=("amount",),
      message="报销金额{amount}元超过上限{config.switches.expense_cap}元；请按上限填报")
def expenses_are_within_the_cap(rows: pd.DataFrame, terms: Terms) -> pd.Series[bool]:
    """对其报考的报名考试、培训和资料等相关费用予以报销"""
    cap = terms.config.switches.expense_cap
    return _other_than(rows, EXPENSES) | (cap is None or rows["amount"].astype(float) <= cap)


@rule("I03", clause="附件3 二（三）", severity=Severity.NOTE, sheets=OTHER, cells=("id_number",),
      message="“监管人员”中没有{name}从事安全监管的记录，评优评先优先考虑的是安全监管人员；请核对")
def preferred_person_is_a_supervisor(rows: pd.DataFrame, _: Terms) -> pd.Series[bool]:
    """对…从事安全生产监管工作的人员予以优先考虑"""
    return _other_than(rows, EXCELLENCE) | rows["supervisor"].astype(bool)


@rule("I03", clause="附件3 二（三）", severity=Severity.NOTE, sheets=OTHER, cells=("id_number",),
      message="“持证人员”中没有{name}考试取得的证书，评优评先优先考虑的是通过考试取得证书的人员；请核对")
def preferred_person_passed_the_examination(rows: pd.DataFrame, _: Terms) -> pd.Series[bool]:
    """对通过考试取得注册安全工程师职业资格证书的…人员予以优先考虑"""
    return _other_than(rows, EXCELLENCE) | rows["examined"].astype(bool)


@rule("I05", clause="附件3 二（五）", severity=Severity.RETURNED, sheets=OTHER, cells=("titled_on", "applied_on"),
      message="职称证书{titled_on}取得，至填报日期{applied_on}不满{policy.senior_award.title_months}个月；满后再申请")
def title_is_held_long_enough(rows: pd.DataFrame, terms: Terms) -> pd.Series[bool]:
    """取得职称证书满一年后"""
    full = months_later(rows["titled_on"], terms.policy.senior_award.title_months)
    return _other_than(rows, SENIOR) | (full <= rows["applied_on"])


@rule("I05", clause="附件3 二（五）", severity=Severity.RETURNED, sheets=OTHER, cells=("amount", "title_amount"),
      message="金额为{amount}元，{title}应为{title_amount}元；请改正金额")
def amount_is_that_of_the_title(rows: pd.DataFrame, _: Terms) -> pd.Series[bool]:
    """正高级职称奖励3万元/人，副高级职称奖励1.5万元/人"""
    return rows["amount"].astype(float) == rows["title_amount"].astype(float)


@rule("I06", clause="附件3 二（六）", severity=Severity.RETURNED, sheets=OTHER, cells=("introduced_on",),
      message="引进日期{introduced_on}早于{policy.housing_subsidy.introduced_since}，不在补贴范围内；日期写错的请改正，没有写错的请删去这一行")
def newcomer_was_introduced_in_time(rows: pd.DataFrame, terms: Terms) -> pd.Series[bool]:
    """对2016年1月1日后企业引入的"""
    first = terms.policy.housing_subsidy.introduced_since.isoformat()
    allowed = rows["introduced_on"] > first
    if terms.config.switches.after_2016_inclusive:
        allowed |= rows["introduced_on"] == first
    return _other_than(rows, HOUSING) | allowed


@rule("I06", clause="附件3 二（六）", severity=Severity.RETURNED, sheets=OTHER, cells=("full_time", "education"),
      message="{education}学历不是全日制，不在补贴范围内；请核对“全日制”一栏")
def newcomer_studied_full_time(rows: pd.DataFrame, terms: Terms) -> pd.Series[bool]:
    """全日制博士研究生、硕士研究生、本科生和其他大专及以上毕业生"""
    exempt = (rows["education"] == "大专") & (terms.config.switches.fulltime_for == "degree")
    return _other_than(rows, HOUSING) | (rows["full_time"].astype(float) == 1) | exempt


@rule("I06", clause="附件3 二（六）", severity=Severity.RETURNED, sheets=OTHER, cells=("contract_to", "contract_from"),
      message="合同自{contract_from}至{contract_to}，不满{policy.housing_subsidy.contract_months}个月；请核对合同起止日期")
def newcomers_contract_is_long_enough(rows: pd.DataFrame, terms: Terms) -> pd.Series[bool]:
    """与用人单位签订三年以上劳动合同"""
    full = months_later(rows["contract_from"], terms.policy.housing_subsidy.contract_months)
    return _other_than(rows, HOUSING) | (full <= day_after(rows["contract_to"]))


@rule("I06", clause="附件3 二（六）", severity=Severity.RETURNED, sheets=OTHER, cells=("insured_since", "applied_on"),
      message="社保自{insured_since}起缴，至填报日期{applied_on}不满{policy.housing_subsidy.insured_months}个月；满后再申请")
def newcomer_is_insured_long_enough(rows: pd.DataFrame, terms: Terms) -> pd.Series[bool]:
    """缴纳社会保险半年以上"""
    full = months_later(rows["insured_since"], terms.policy.housing_subsidy.insured_months)
    return _other_than(rows, HOUSING) | (full <= rows["applied_on"])


@rule("I06", clause="附件3 二（六）", severity=Severity.RETURNED, sheets=OTHER, cells=("first_home", "subsidy"),
      message="购房补贴只给在本区首次购房的，“首次购房”填的是“否”；请核对")
def home_is_the_first_one(rows: pd.DataFrame, _: Terms) -> pd.Series[bool]:
    """在南浔区首次购房享有相应的购房补贴"""
    return (rows["subsidy"] != "购房") | (rows["first_home"].astype(float) == 1) | _other_than(rows, HOUSING)


@rule("I07", clause="附件3 二（七）", severity=Severity.NOTE, sheets=OTHER, cells=("measure",),
      message="企业配套奖励是给合同满{policy.company_bonus.contract_months}个月、"
              "社保和个税都满{policy.company_bonus.insured_months}个月的人员，从所填日期看不出已满；请企业核对")
def bonus_goes_to_the_settled(rows: pd.DataFrame, terms: Terms) -> pd.Series[bool]:
    """与企业签订三年及以上合同且按规定缴纳社保和个税满一年的人员，给予一定的一次性奖励"""
    bonus, applied = terms.policy.company_bonus, rows["applied_on"].fillna("")
    contracted = months_later(rows["contract_from"], bonus.contract_months) <= day_after(rows["contract_to"])
    insured = months_later(rows["insured_since"], bonus.insured_months) <= applied
    taxed = months_later(rows["taxed_since"], bonus.insured_months) <= applied
    is_bonus = (rows["measure"] == BONUS) & rows["fee"].isna()
    return ~is_bonus | (contracted & insured & taxed)


@rule("I08", clause="附件3 二（八）", severity=Severity.NOTE, sheets=OTHER, cells=("amount", "allowance"),
      message="企业岗位津贴每月{amount}元，办法对{level}的参考标准为每月{allowance}元；由企业自定，供参考")
def allowance_follows_the_guideline(rows: pd.DataFrame, _: Terms) -> pd.Series[bool]:
    """初级…每月300元；中级…每月500元；高级…每月1000元"""
    return _other_than(rows, ALLOWANCE) | (rows["amount"].astype(float) == rows["allowance"].astype(float))


@rule("G05", clause="附件3 四（三）", severity=Severity.RETURNED, sheets=OTHER, cells=("repeats",), at="id_number",
      message="重复申领：{name}的{measure}（{asked_for}）已由{repeats}申请；同一事项只能申请一次，请勿再报")
def other_award_is_applied_for_once(rows: pd.DataFrame, _: Terms) -> pd.Series[bool]:
    """只能申请一次"""
    return rows["repeats"] == ""


RULES = (
    expenses_are_a_supervisors, expenses_are_within_the_cap, preferred_person_is_a_supervisor,
    preferred_person_passed_the_examination, title_is_held_long_enough, amount_is_that_of_the_title,
    newcomer_was_introduced_in_time, newcomer_studied_full_time, newcomers_contract_is_long_enough,
    newcomer_is_insured_long_enough, home_is_the_first_one, bonus_goes_to_the_settled, allowance_follows_the_guideline,
)
REPEAT_RULES = (other_award_is_applied_for_once,)
