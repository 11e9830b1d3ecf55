"""Forms 2-1 and 2-2: the plan's words, the claim's values, its boxes ticked, one page each."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pipeline.faults import CannotGoOn
from pipeline.files import TEMPLATES
from pipeline.policy import CertificateAward
from pipeline.report.forms import FormFacts, Reviewed, form
from tests.support.desk import CONFIG, ROOT, award, id_number, talent
from tests.support.documents import opened, pages, paragraphs, parts
from tests.support.libreoffice import needs_libreoffice
from tests.support.returned import claim
from tools import word_templates

HOSTILE = "<b>&{{7*7}}{%p if x %}]]>"
ROWS = {"2-1": award(1), "2-2": talent(1)}
CLAIMS = {"2-1": claim(), "2-2": claim(award="紧缺人才", instalment="第一年")}
APPROVED = Reviewed("核准", "王五", date(2020, 9, 10))
FORMS = ["2-1", "2-2"]


def made(which: str, copies: int = 1, first: Reviewed | None = None, second: Reviewed | None = None, config: Any = CONFIG,
         of_claim: dict[str, Any] | None = None, **values: Any) -> bytes:
    facts = FormFacts(replace(CLAIMS[which], **(of_claim or {})), ROWS[which] | values, first, second)
    return form(facts, (TEMPLATES / f"申请表{which}.docx").read_bytes(), copies, config)


def words(content: bytes) -> str:
    """All that is printed, without spaces."""
    return re.sub(r"\s", "", "".join(paragraphs(opened(content))))


def line(content: bytes, part: str) -> str:
    """The only paragraph that has these words."""
    (found,) = [text for text in paragraphs(opened(content)) if part in text]
    return found


def of_the_plan(which: str) -> str:
    """The form as it stands in the plan's text, without spaces."""
    text = (ROOT / "docs" / "计划原文.txt").read_text("utf-8")
    start = text.index(f"附件{which}\n")
    end = text.find("附件2-2\n", start + 1)
    return re.sub(r"\s", "", text[start:end if end > 0 else None])


@pytest.mark.parametrize("which", FORMS)
def test_every_printed_word_is_the_plans(which: str):
    blank = made(which, of_claim={"number": "", "applied_on": None, "level": None, "instalment": None}, **dict.fromkeys(ROWS[which]))
    assert words(blank) == of_the_plan(which)


@pytest.mark.parametrize("which", FORMS)
def test_the_applicants_values_stand_in_their_places(which: str):
    content = made(which, employer_address="示例路1号", employer_phone="0572-3012345", post="安全主管", checked_by="李四")
    cells = [cell.text for row in opened(content).tables[0].rows for cell in row.cells]
    said = {label: cells[at + 1] for at, label in enumerate(cells) if cells[at + 1:] and cells[at + 1] != label}
    assert {label: said[label] for label in ("姓名", "身份证号码", "工作单位", "职    务", "工作单位地址", "单位电话", "手机号码",
                                             "证书编号", "发证日期")} == {
        "姓名": "甲1", "身份证号码": id_number(1), "工作单位": "甲公司", "职    务": "安全主管", "工作单位地址": "示例路1号",
        "单位电话": "0572-3012345", "手机号码": "13800000001", "证书编号": "ZJ0001", "发证日期": "2020年3月15日"}
    assert line(content, "编号：") == "编号：NX-2020-0001填报日期：2020年8月20日"
    assert line(content, "验核人") == "验核人：李四"


def test_the_level_the_amount_and_what_was_granted_before_are_ticked():
    content = made("2-1", earlier_awards="初级")
    assert line(content, "无申请任何奖励") == "  □无申请任何奖励 ■已申请初级职称奖励□已申请中级职称奖励"
    assert [text for text in paragraphs(opened(content)) if "2000元" in text] == [
        "□初级职称  1000元   ■中级职称 2000元   □高级职称3000元",
        "同意申领□初级职称 1000元 □中级职称 2000元 □高级职称 3000元。"]
    assert line(content, "级别属") == "级别属□初级职称，■中级职称， □高级职称。"


@pytest.mark.parametrize(("instalment", "asked", "amount"), [
    ("第一年", "■申请第一年奖励    □申请第二年奖励 □申请第三年奖励", "√第一年奖励3000元 □第二年奖励3000元第三年奖励4000元"),
    ("第二年", "□申请第一年奖励    ■申请第二年奖励 □申请第三年奖励", "第一年奖励3000元 ■第二年奖励3000元第三年奖励4000元"),
    ("第三年", "□申请第一年奖励    □申请第二年奖励 ■申请第三年奖励", "第一年奖励3000元 □第二年奖励3000元√第三年奖励4000元")])
def test_where_the_form_has_no_box_a_tick_stands_before_the_words(instalment: str, asked: str, amount: str):
    said = paragraphs(opened(made("2-2", of_claim={"instalment": instalment})))
    assert f"  {asked}" in said
    assert amount in said


@pytest.mark.parametrize(("nature", "printed"), [
    ("生产经营单位", "生产经营单位■ 政府部门      □ 其他（     ）"), ("政府部门", "生产经营单位□ 政府部门      ■ 其他（     ）"),
    ("其他", "生产经营单位□ 政府部门      □ 其他（ √   ）")])
def test_the_employers_nature_is_ticked(nature: str, printed: str):
    assert line(made("2-1", employer_nature=nature), "政府部门  ") == printed


def test_the_employers_check_is_ticked_as_it_was_reported():
    content = made("2-2", id_copy=0, employer_opinion="暂无该证书信息")
    assert line(content, "身份证复印件").startswith("□")
    assert line(content, "资格证书》复印件").startswith("■")
    assert line(content, "三年及以上合同").startswith("■")
    assert line(content, "申请人资料") == "申请人资料□属实，□不属实，■暂无该证书信息。"


@pytest.mark.parametrize("which", FORMS)
def test_boxes_of_reviews_stay_open_until_the_review(which: str):
    assert words(made(which)).count("予以□核准，□不核准") == 2


@pytest.mark.parametrize("which", FORMS)
def test_decisions_are_ticked_with_their_day_and_the_award_granted(which: str):
    said = paragraphs(opened(made(which, first=APPROVED, second=replace(APPROVED, by="赵六", on=date(2020, 9, 20)))))
    assert "".join(said).count("予以■核准，□不核准") == 2
    assert [text.strip() for text in said if "经办人" in text or text.strip().startswith("2020年9月")] == [
        "经办人：王五", "2020年9月10日", "经办人：赵六", "2020年9月20日"]
    (granted,) = [text for text in said if text.startswith("同意申领")]
    assert granted.count("■") == 1


def test_a_refusal_grants_nothing():
    said = words(made("2-1", first=replace(APPROVED, opinion="不核准"), second=replace(APPROVED, opinion="不核准")))
    assert said.count("予以□核准，■不核准") == 2
    assert "同意申领□初级职称1000元□中级职称2000元□高级职称3000元" in said


def test_amounts_are_those_that_hold_on_the_day_of_the_application():
    newer = CONFIG.policies[0].model_copy(update={
        "valid_from": date(2020, 8, 1),
        "certificate_award": CertificateAward(amounts={"初级": 1500, "中级": 2500, "高级": 3500}, since=date(2019, 1, 1), window_months=6)})
    config = CONFIG.model_copy(update={"policies": [*CONFIG.policies, newer]})
    assert "■中级职称 2500元" in line(made("2-1", config=config), "□初级职称  ")
    assert "■中级职称 2000元" in line(made("2-1", config=config, of_claim={"applied_on": date(2020, 7, 31)}), "□初级职称  ")


def test_a_template_of_another_plan_is_refused_with_what_to_do():
    other = CONFIG.policies[0].model_copy(update={
        "certificate_award": CertificateAward(amounts={"助理": 1, "中级": 2, "高级": 3}, since=date(2019, 1, 1), window_months=6)})
    with pytest.raises(CannotGoOn, match=r"初级.*config\.yaml 的 forms"):
        made("2-1", config=CONFIG.model_copy(update={"policies": [other]}))


@pytest.mark.parametrize("which", FORMS)
def test_what_stands_in_cells_is_text(which: str):
    content = made(which, name=HOSTILE, employer=HOSTILE, post=HOSTILE, checked_by="甲\x07\u202e乙\n丙\ufffe\ud800",
                   first=replace(APPROVED, by=HOSTILE))
    said = paragraphs(opened(content))
    assert said.count(HOSTILE[:19] + "…") + said.count(HOSTILE) >= 3
    assert "49" not in "".join(part for name, part in parts(content).items() if name == "word/document.xml")
    assert "验核人：甲\ufffd\ufffd乙 丙\ufffd" in said


@pytest.mark.parametrize("which", FORMS)
def test_the_same_claim_gives_the_same_bytes_and_the_documents_time_is_its_own(which: str):
    content = made(which)
    assert content == made(which)
    assert opened(content).core_properties.modified.date() == date(2020, 8, 20)


def test_the_templates_are_those_that_the_tool_makes():
    for name, make in word_templates.TEMPLATES.items():
        assert parts((TEMPLATES / name).read_bytes()) == parts(make()), name


@needs_libreoffice
@pytest.mark.parametrize("which", FORMS)
def test_a_form_has_one_page_however_long_its_values_and_three_copies_have_three(which: str, tmp_path: Path):
    fields = ("name", "employer", "post", "employer_address", "employer_phone", "phone", "certificate_number", "checked_by")
    longest = made(which, 3, first=replace(APPROVED, by="长" * 60), second=replace(APPROVED, by="长" * 60),
                   **dict.fromkeys(fields, "长" * 60))
    told = pages(longest, tmp_path)
    assert len(told) == 3
    assert all(page.count(f"附件{which[0]}-") + page.count(f"附件 {which}") == 1 for page in told)
    assert all("本表一式三份" in page for page in told)
