"""Decisions on claims: their order, the bodies that may, what is returned, and what a withdrawn one leaves (F02)."""

from __future__ import annotations

from datetime import date

import pytest

from pipeline.ledger.withdrawal import withdraw
from tests.support.databases import on_both
from tests.support.desk import Desk, award, decision, introduced, other, registered


@on_both
def test_decisions_in_their_order_carry_a_claim_to_payment():
    desk = Desk().receive("练市镇", "2020-08", registered(1))
    number = "NX-2020-0001"
    desk.receive("区应急管理局", "2020-09", {"decisions": [decision(number, "初审", on="2020-09-10")]}, "2020-09-11")
    assert desk.states()[number] == "待复审"
    desk.receive("练市镇", "2020-09", {"decisions": [decision(number, "复审", on="2020-09-14")]}, "2020-09-15")
    assert desk.states()[number] == "待发放"
    desk.receive("练市镇", "2020-09", {"decisions": [decision(number, "发放", on="2020-09-20", amount=2000.0)]}, "2020-09-21")
    assert desk.states()[number] == "已发放"
    assert desk.judgement.claims[0].paid == 2000
    assert desk.rules() == []
    desk.receive("区应急管理局", "2020-10", {"decisions": [decision(number, "追回", on="2020-10-20")]}, "2020-10-21")
    assert desk.states()[number] == "已追回"
    assert desk.judgement.claims[0].recovered == 2000


def test_a_second_review_before_the_first_a_foreign_body_and_an_unknown_claim_are_returned():
    desk = Desk().receive("练市镇", "2020-08", registered(1))
    number = "NX-2020-0001"
    desk.receive("练市镇", "2020-09", {"decisions": [decision(number, "复审")]}, "2020-09-11")
    desk.receive("双林镇", "2020-09", {"decisions": [decision(number, "初审")]}, "2020-09-12")
    desk.receive("区安委办", "2020-09", {"decisions": [decision("NX-2020-0099", "初审")]}, "2020-09-13")
    assert desk.rules() == [("F02", "退回")] * 3
    assert desk.states()[number] == "待初审"


def test_the_office_may_enter_a_decision_for_another_body():
    desk = Desk().receive("练市镇", "2020-08", registered(1))
    desk.receive("区安委办", "2020-09", {"decisions": [decision("NX-2020-0001", "初审")]}, "2020-09-11")
    assert desk.states() == {"NX-2020-0001": "待复审"}


def test_after_a_refusal_the_claim_may_come_again_under_a_new_number():
    desk = Desk().receive("练市镇", "2020-08", registered(1))
    desk.receive("区应急管理局", "2020-09", {"decisions": [decision("NX-2020-0001", "初审", "不核准")]}, "2020-09-11")
    desk.receive("练市镇", "2020-09", {"certificate_awards": [award(1, applied_on="2020-09-20")]}, "2020-10-05")
    assert desk.states() == {"NX-2020-0001": "不核准", "NX-2020-0002": "待初审"}


@on_both
def test_a_claim_under_decision_is_not_replaced_by_a_later_sheet():
    desk = Desk().receive("练市镇", "2020-08", registered(1, 2), filled_on="2020-09-01")
    desk.receive("区应急管理局", "2020-09", {"decisions": [decision("NX-2020-0001", "初审")]}, "2020-09-11")
    desk.receive("练市镇", "2020-08", {"certificate_awards": [award(2)]}, "2020-09-12")
    assert desk.states() == {"NX-2020-0001": "待复审", "NX-2020-0002": "待初审"}
    assert desk.status("certificate_awards") == ["stands", "superseded", "stands"]


@pytest.mark.parametrize(("rule", "fault"), [("N01", {"decided_by": None}), ("N08", {"amount": None})])
def test_a_decision_whose_row_was_returned_decides_nothing_until_it_is_sent_rightly(rule: str, fault: dict[str, object]):
    desk = Desk().receive("练市镇", "2020-08", registered(1))
    first_review = {"decisions": [decision("NX-2020-0001", "初审", on="2020-09-10") | fault]}
    desk.receive("区应急管理局", "2020-09", first_review, "2020-09-11", returned_rows={3: rule})
    assert desk.states() == {"NX-2020-0001": "待初审"}
    assert desk.rules() == [(rule, "退回")]
    desk.receive("区应急管理局", "2020-09", {"decisions": [decision("NX-2020-0001", "初审", on="2020-09-10")]}, "2020-09-12")
    assert desk.states() == {"NX-2020-0001": "待复审"}


def test_what_the_plan_sets_no_amount_for_is_paid_as_it_was_approved():
    bought = other("购房租房补贴", 1)
    desk = Desk().receive("练市镇", "2020-08", {"certificates": [introduced(1)], "other_awards": [bought]})
    (number,) = desk.states()
    for stage, amount, day in (("初审", None, 10), ("复审", 10000.0, 11), ("发放", 20000.0, 12)):
        desk.receive("区安委办", "2020-09", {"decisions": [decision(number, stage, on=f"2020-09-{day}", amount=amount)]}, f"2020-09-{day}")
    assert desk.states() == {number: "待发放"}
    assert "与复审金额10000元不一致" in desk.message("F02")


@on_both
def test_a_claim_whose_decision_was_withdrawn_is_judged_by_its_newest_row_again():
    desk = Desk().receive("练市镇", "2020-08", registered(1), filled_on="2020-09-01")
    desk.receive("区应急管理局", "2020-09", {"decisions": [decision("NX-2020-0001", "初审", on="2020-09-10")]}, "2020-09-10")
    withdraw(desk.connection, desk.book.submissions, 2, "放错了", date(2020, 9, 11))
    desk.settle(date(2020, 9, 11))
    assert desk.states() == {"NX-2020-0001": "待初审"}
    wrong = registered(1) | {"certificate_awards": [award(1, amount=1.0)]}
    desk.receive("练市镇", "2020-08", wrong, "2020-09-12", filled_on="2020-09-12")
    assert desk.states() == {"NX-2020-0001": "退回"}, "the row is not spared any more, nor kept from its correction"
    desk.receive("练市镇", "2020-08", registered(1), "2020-09-13", filled_on="2020-09-13")
    desk.receive("区应急管理局", "2020-09", {"decisions": [decision("NX-2020-0001", "初审", on="2020-09-14")]}, "2020-09-14")
    assert desk.states() == {"NX-2020-0001": "待复审"}
    assert desk.book.pins["NX-2020-0001"][0] == 4, "decided on the row that stands, not on the one of the first decision"
