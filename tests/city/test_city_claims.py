"""Claims that two districts make: who holds, who is told, what frees the entitlement."""

from __future__ import annotations

from datetime import date

from pipeline import monthly
from pipeline.city.verification import verify
from tests.support.city import CLOUD, DAY, EAST, LATER, Q3, WEST, asks, decides, go, states, texts
from tests.support.month import fingerprint


def test_of_one_day_the_district_that_is_listed_first_holds_and_the_others_are_told_of_it(whole):
    made = whole
    asks(made, WEST, "双林镇")
    asks(made, EAST, "练市镇")
    asks(made, CLOUD, "石桥镇")
    outcome = go(made)
    assert states(outcome.report) == {"DX-2024-0001": "待初审", "XX-2024-0001": "重复", "YX-2024-0001": "重复"}
    for name in (WEST, CLOUD):
        (found,) = [line.finding for line in outcome.report.districts[name].findings if line.finding.rule == "G01"]
        assert f"已由{EAST}练市镇在2024-08（编号DX-2024-0001）申请" in found.message
    assert [(one.first_number, one.later_number, one.blocked) for one in outcome.report.repeats] == [
        ("DX-2024-0001", "XX-2024-0001", True), ("DX-2024-0001", "YX-2024-0001", True)]


def test_the_first_to_arrive_holds_though_its_district_is_listed_later(made):
    asks(made, WEST, "双林镇")
    go(made)
    asks(made, EAST, "练市镇")
    assert states(go(made, LATER).report) == {"DX-2024-0001": "重复", "XX-2024-0001": "待初审"}


def test_both_units_get_a_slip_with_the_others_district_and_number(whole):
    made = whole
    asks(made, EAST, "练市镇")
    asks(made, WEST, "双林镇")
    go(made)
    for district, unit, other in ((EAST, "练市镇", [f"{WEST}双林镇", "XX-2024-0001", "在后"]),
                                  (WEST, "双林镇", [f"{EAST}练市镇", "DX-2024-0001", "在先"])):
        slips = texts(made.outputs / district / "claims" / f"{unit}.xlsx", "重复申领告知")
        assert [row[-3:] for row in slips if other[1] in row] == [other]


def test_two_units_of_one_district_both_repeat_the_claim_of_another_district(made):
    asks(made, EAST, "练市镇")
    asks(made, WEST, "双林镇")
    asks(made, WEST, "菱湖镇")
    outcome = go(made)
    assert states(outcome.report) == {"DX-2024-0001": "待初审", "XX-2024-0001": "重复", "XX-2024-0002": "重复"}
    assert [claim.repeats for claim in outcome.report.districts[WEST].claims] == ["DX-2024-0001"] * 2


def test_a_claim_under_decision_holds_against_one_that_arrived_earlier_elsewhere(made):
    asks(made, EAST, "练市镇", employer_opinion="不属实")  # goes back
    asks(made, WEST, "双林镇")
    assert states(go(made).report) == {"DX-2024-0001": "退回", "XX-2024-0001": "待初审"}
    decides(made, WEST, "区应急管理局", "XX-2024-0001")
    go(made, date(2024, 10, 10))
    asks(made, EAST, "练市镇", name="更正.xlsx")
    outcome = go(made, LATER)
    assert states(outcome.report) == {"DX-2024-0001": "重复", "XX-2024-0001": "待复审"}
    assert verify(made) == []


def test_a_correction_frees_the_entitlement(made):
    asks(made, EAST, "练市镇")
    asks(made, WEST, "双林镇")
    go(made)
    asks(made, EAST, "练市镇", name="更正.xlsx", employer_opinion="不属实")
    assert states(go(made, LATER).report) == {"DX-2024-0001": "退回", "XX-2024-0001": "待初审"}


def test_a_refusal_frees_the_entitlement_in_the_same_run(made):
    asks(made, EAST, "练市镇")
    asks(made, WEST, "双林镇")
    go(made)
    decides(made, EAST, "区应急管理局", "DX-2024-0001", opinion="不核准")
    assert states(go(made, LATER).report) == {"DX-2024-0001": "不核准", "XX-2024-0001": "待初审"}
    before = fingerprint(made.outputs)
    assert states(go(made, LATER).report) == {"DX-2024-0001": "不核准", "XX-2024-0001": "待初审"}
    assert fingerprint(made.outputs) == before
    assert verify(made) == []


def test_a_decision_on_a_repeat_that_comes_with_it_is_not_followed(made):
    asks(made, EAST, "练市镇")
    asks(made, WEST, "双林镇")
    decides(made, WEST, "区应急管理局", "XX-2024-0001")  # the number can be guessed
    outcome = go(made)
    assert states(outcome.report) == {"DX-2024-0001": "待初审", "XX-2024-0001": "重复"}
    assert [line.finding.rule for line in outcome.report.districts[WEST].findings if line.finding.kind == "decisions"] == ["F02"]
    assert verify(made) == []  # in the replay too the claim was known to be a repeat before the decision


def test_what_two_districts_decided_before_they_were_put_together_is_shown_and_not_changed(made):
    for district, unit, number in ((EAST, "练市镇", "DX-2024-0001"), (WEST, "双林镇", "XX-2024-0001")):
        asks(made, district, unit)
        decides(made, district, "区应急管理局", number)
        office = made.district(district)
        assert office is not None
        monthly.run(office, DAY, Q3, False, 1, lambda *_: None)
    outcome = go(made, LATER)
    assert states(outcome.report) == {"DX-2024-0001": "待复审", "XX-2024-0001": "待复审"}
    assert [(one.later_number, one.blocked) for one in outcome.report.repeats] == [("XX-2024-0001", False)]
    assert outcome.workbook is not None
    assert "两地都已审核" in str(texts(outcome.workbook, "跨区重复"))
    assert verify(made) == []
