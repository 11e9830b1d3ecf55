"""Identity and cells: what can only be seen beside other rows (the rest of the N rules is seen while reading)."""

from __future__ import annotations

import pandas as pd
from stdnum.cn import uscc

from pipeline.book import by_value
from pipeline.findings import Severity
from pipeline.idnumber import known_place
from pipeline.rules.engine import Terms, rule
from pipeline.sheets import SHEETS

PEOPLE = tuple(sheet.key for sheet in SHEETS if {"id_number", "name"} <= set(sheet.fields))


@rule("N04", clause="通用", severity=Severity.REVIEW, sheets=("certificates",), cells=("id_number", "age_at_issue"),
      message="按身份证号码推算，发证时年龄为{age_at_issue}周岁，通常在{policy.age_at_issue[0]}至{policy.age_at_issue[1]}周岁；"
              "请核对身份证号码和发证日期")
def age_at_issue_is_plausible(holders: pd.DataFrame, terms: Terms) -> pd.Series[bool]:
    """age at issue 18 to 70"""
    youngest, oldest = terms.policy.age_at_issue
    return holders["age_at_issue"].between(youngest, oldest)


@rule("N04", clause="通用", severity=Severity.REVIEW, sheets=("certificates",), cells=("id_number",),
      message="身份证号码前六位不是已知的行政区划代码；请对照证件核对")
def place_of_the_id_is_known(holders: pd.DataFrame, _: Terms) -> pd.Series[bool]:
    """address code known"""
    return by_value(holders["id_number"], known_place)


@rule("N05", clause="通用", severity=Severity.REVIEW, sheets=PEOPLE, cells=("name", "id_number"), at="name",
      message="同一身份证号码此前姓名为“{first_name}”（{first_name_where}），这里是“{name}”；请核对姓名或号码")
def one_id_has_one_name(people: pd.DataFrame, _: Terms) -> pd.Series[bool]:
    """same person has one name"""
    return people["first_name"].isna()


@rule("N06", clause="通用", severity=Severity.REVIEW, sheets=("certificates",), cells=("certificate_number",),
      message="证书编号{certificate_number}已由{number_holder}使用（{number_where}）；一个编号只属于一人，请核对")
def a_certificate_number_belongs_to_one_person(holders: pd.DataFrame, _: Terms) -> pd.Series[bool]:
    """unique"""
    return holders["number_holder"].isna()


@rule("N09", clause="GB 32100", severity=Severity.REVIEW, sheets=("establishments",), cells=("uscc",),
      message="统一社会信用代码“{uscc}”校验不符（应为18位）；请对照营业执照核对")
def credit_code_is_valid(establishments: pd.DataFrame, _: Terms) -> pd.Series[bool]:
    """checksum (GB 32100)"""
    return by_value(establishments["uscc"], uscc.is_valid)


@rule("N12", clause="通用", severity=Severity.REVIEW, sheets=("certificates",), cells=("certificate_number",),
      message="{name}的{level}证书此前编号为{other_number}（{other_number_where}），这里是{certificate_number}；"
              "每人每级只有一个编号，请核对")
def one_certificate_per_person_and_level(holders: pd.DataFrame, _: Terms) -> pd.Series[bool]:
    """one per person and level"""
    return holders["other_number"].isna()


@rule("N13", clause="通用", severity=Severity.REVIEW, sheets=PEOPLE, cells=("id_number", "name"),
      message="与{twin_where}的“{name}”同名且单位或手机相同，身份证号码只有两三位不同（{twin}）；多为笔误，请核对两处号码")
def no_twin_with_a_mistyped_id(people: pd.DataFrame, _: Terms) -> pd.Series[bool]:
    """a likely typing error"""
    return people["twin"].isna()


RULES = (
    age_at_issue_is_plausible, place_of_the_id_is_known, one_id_has_one_name,
    a_certificate_number_belongs_to_one_person, credit_code_is_valid, one_certificate_per_person_and_level,
    no_twin_with_a_mistyped_id,
)
