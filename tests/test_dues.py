"""What waits and what is due next, summed per unit, payer and stage."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from pipeline.calendar import Month, Quarter
from pipeline.dues import dues, reviews_due
from pipeline.quarter_report import QuarterReport
from pipeline.rollup import roll_up
from tests.support.desk import CONFIG, Desk, award, decision, holder, introduced, supervisor, survey, talent


@pytest.fixture(scope="module")
def report() -> QuarterReport:
    desk = Desk().receive("练市镇", "2020-08", {
        "certificates": [holder(1), introduced(2), holder(3)], "certificate_awards": [award(1), award(3, amount=1.0)],
        "talent_awards": [talent(2)], "establishments": [survey("乙公司", establishment_type="金属冶炼单位", headcount=9), survey()],
        "supervisors": [supervisor("19860101", 7)]}, today="2020-09-14")
    desk.receive("双林镇", "2020-08", {"certificates": [holder(4, id_number="330503198501010001")]}, today="2020-09-14",
                 returned_rows={3: "N02"})
    desk.receive("区应急管理局", "2020-09", {"decisions": [decision("NX-2020-0003", "初审", on="2020-09-15")]}, today="2020-09-15")
    desk.receive("区应急管理局", "2020-09", {"decisions": [decision("NX-2020-0003", "复审", on="2020-09-16")]}, today="2020-10-08")
    judged = desk.judgement
    return roll_up(desk.book, judged.rows, judged.claims, judged.findings, Quarter(2020, 3), CONFIG)


@pytest.mark.parametrize(("today", "month", "due"), [
    (date(2020, 10, 5), Month(2020, 9), date(2020, 10, 5)), (date(2020, 10, 6), Month(2020, 10), date(2020, 11, 5)),
    (date(2021, 1, 1), Month(2020, 12), date(2021, 1, 5))])
def test_the_next_return_is_the_first_that_can_still_be_in_time(report: QuarterReport, today: date, month: Month, due: date):
    found = dues(replace(report, today=today), CONFIG)
    assert (found.next_month, found.next_due) == (month, due)


def test_findings_are_counted_per_unit_in_the_order_of_the_plan(report: QuarterReport):
    found = dues(report, CONFIG)
    assert found.returned.units == {"练市镇": 1, "双林镇": 1}
    assert found.returned.number == 2
    assert list(found.to_review.units) == ["练市镇"]


def test_months_that_nobody_reported_are_listed_with_their_units(report: QuarterReport):
    found = dues(report, CONFIG)
    assert [(str(month), len(returns)) for month, returns in found.missing] == [("2020-07", 21), ("2020-08", 19), ("2020-09", 21)]
    assert [(str(month), [one.unit for one in returns]) for month, returns in found.late] == [("2020-08", ["练市镇", "双林镇"])]


def test_money_is_summed_per_award_per_payer_and_as_a_whole(report: QuarterReport):
    found = dues(report, CONFIG)
    assert [(one.name, one.applied, one.applied_amount, one.approved_amount, one.unpaid_amount) for one in found.payers] == [
        ("区应急管理局", 1, 3000, 3000, 3000), ("练市镇", 1, 2000, 0, 0)]
    assert {one.name for one in found.awards} == {"紧缺人才", "证书奖励"}
    assert (found.money.applied, found.money.applied_amount, found.money.future_amount) == (2, 5000, 7000)
    assert found.awaiting == {"初审": 1, "复审": 0, "发放": 1}


def test_duties_that_are_not_met_are_counted_where_they_lie(report: QuarterReport):
    found = dues(report, CONFIG)
    assert (found.establishments, found.below_duty.units) == (2, {"练市镇": 1})
    assert found.not_registered.units == {"练市镇": 1}


@pytest.mark.parametrize(("today", "overdue", "soon"), [
    (date(2020, 9, 15), [], []), (date(2020, 9, 25), [], ["NX-2020-0001"]), (date(2020, 9, 30), ["NX-2020-0001"], [])])
def test_a_review_falls_due_soon_and_is_overdue_after_its_last_working_day(
    report: QuarterReport, today: date, overdue: list[str], soon: list[str]
):
    found = reviews_due(replace(report, today=today), CONFIG)
    assert ([one.number for one in found.overdue], [one.number for one in found.soon]) == (overdue, soon)


def test_instalments_are_told_for_the_quarter_to_come(report: QuarterReport):
    assert dues(report, CONFIG).coming.number == 0
    later = dues(replace(report, quarter=Quarter(2021, 2)), CONFIG)
    assert (later.coming.number, later.coming.amount, later.coming_until) == (1, 3000, date(2021, 9, 30))
