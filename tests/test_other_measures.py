"""The measures of 其他激励 over months and units: claims, repeats, payers, money (附件3 二（二）to（八）)."""

from __future__ import annotations

import pytest

from tests.support.desk import Desk, decision, id_number, other, supervisor

CLAIMED = ["报考费用报销", "高层次人才", "购房租房补贴"]
LISTED = ["评优评先", "企业配套奖励", "企业岗位津贴"]


def received(*rows: dict, unit: str = "练市镇", month: str = "2020-08", desk: Desk | None = None) -> Desk:
    return (desk or Desk()).receive(unit, month, {"supervisors": [supervisor(exam_status="已报考")], "other_awards": list(rows)})


@pytest.mark.parametrize("measure", CLAIMED)
def test_what_the_district_grants_becomes_a_claim(measure):
    desk = received(other(measure))
    (claim,) = desk.judgement.claims
    assert (claim.award, claim.state, claim.instalment) == (measure, "待初审", None)


@pytest.mark.parametrize("measure", LISTED)
def test_lists_and_company_money_become_no_claim(measure):
    desk = received(other(measure))
    assert desk.judgement.claims == []
    assert desk.status("other_awards") == ["stands"]


def test_each_claim_has_its_amount_and_the_body_that_pays():
    desk = received(*(other(measure) for measure in CLAIMED))
    shown = {claim.award: (claim.amount, claim.payer) for claim in desk.judgement.claims}
    assert shown == {"报考费用报销": (800.0, "练市镇"), "高层次人才": (30000.0, "区人力社保局"),
                     "购房租房补贴": (None, "区人力社保局")}


def test_a_title_without_an_amount_is_worth_what_the_plan_says():
    desk = received(other("高层次人才", title="副高", amount=None))
    assert [claim.amount for claim in desk.judgement.claims] == [15000.0]


@pytest.mark.parametrize(("measure", "same", "another"), [
    ("报考费用报销", {"amount": 900.0}, {"fee": "资料"}),
    ("报考费用报销", {}, {"exam_year": 2019}),
    ("高层次人才", {}, {"title": "副高", "amount": 15000.0}),
    ("购房租房补贴", {}, {"subsidy": "租房"}),
])
def test_another_unit_may_ask_for_another_item_but_not_for_the_same(measure, same, another):
    desk = received(other(measure))
    received(other(measure, **same), other(measure, **another), unit="双林镇", month="2020-09", desk=desk)
    assert sorted(desk.states().values()) == ["待初审", "待初审", "重复"]
    assert [rule for rule, severity in desk.rules() if severity == "退回"] == ["G05"]
    assert "练市镇" in desk.message("G05")


def test_the_same_unit_listing_it_again_relists_it():
    desk = received(other("高层次人才"))
    received(other("高层次人才"), month="2020-09", desk=desk)
    assert desk.states() == {"NX-2020-0001": "待初审"}
    assert ("R3", "提示") in desk.rules()
    assert desk.status("other_awards") == ["stands", "duplicate"]


def test_an_award_goes_through_its_stages_to_payment():
    desk = received(other("高层次人才"))
    desk.receive("区应急管理局", "2020-08", {"decisions": [decision("NX-2020-0001", "初审", on="2020-09-05")]})
    desk.receive("区人力社保局", "2020-08", {"decisions": [
        decision("NX-2020-0001", "复审", on="2020-09-06"), decision("NX-2020-0001", "发放", on="2020-09-07")]})
    (claim,) = desk.judgement.claims
    assert (claim.state, claim.paid) == ("已发放", 30000.0)


def test_a_barred_person_loses_what_is_pending_and_owes_what_was_paid():
    desk = received(other("高层次人才"), other("购房租房补贴"))
    desk.receive("区应急管理局", "2020-08", {"decisions": [
        decision(number, "初审", on="2020-09-05") for number in desk.states()]})
    desk.receive("区人力社保局", "2020-08", {"decisions": [
        decision("NX-2020-0001", "复审", on="2020-09-06"), decision("NX-2020-0001", "发放", on="2020-09-07")]})
    desk.receive("区应急管理局", "2020-09", {"bar_list": [
        {"name": "甲1", "id_number": id_number(1), "barred_on": "2020-09-20", "reason": "伪造"}]}, today="2020-10-05")
    first, second = desk.judgement.claims
    assert (first.state, first.to_recover) == ("已发放", True)
    assert second.state == "退回"
