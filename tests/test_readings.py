"""编制说明: every switch with its clause and value, and what the totals would be under the other reading."""

from __future__ import annotations

from typing import Any

from pipeline.calendar import Quarter
from pipeline.config import Switches
from pipeline.readings import readings, totals
from tests.support.desk import CONFIG, Desk, award, holder, introduced, survey

Q3 = Quarter(2020, 3)


def desk() -> Desk:
    """Three engineers, one of them introduced and one registered; a government applicant; a company of exactly 300."""
    return Desk().receive("练市镇", "2020-08", {
        "certificates": [holder(1, registered_on="2020-06-01"), holder(2), introduced(3)],
        "certificate_awards": [award(1), award(2, employer_nature="政府部门")],
        "establishments": [survey(headcount=300)]})


def others(switch: str) -> dict[str, str]:
    made = desk()
    (one,) = [one for one in readings(made.book, made.judgement, Q3, CONFIG) if one.switch == switch]
    return dict(one.others)


def test_every_switch_of_the_plan_is_listed_with_clause_and_value():
    made = desk()
    listed = readings(made.book, made.judgement, Q3, CONFIG)
    assert {one.switch for one in listed} == set(Switches.model_fields) - {"register_soon_days"}
    assert all(one.clause and one.value for one in listed)


def test_not_counting_the_introduced_would_take_one_away():
    assert others("count_introduced") == {"false": "培育数量合计 3→2"}


def test_counting_the_registered_alone_would_leave_one():
    assert others("count_basis") == {"registered": "培育数量合计 3→1"}


def test_exactly_300_read_as_below_would_ask_for_nobody():
    assert others("boundary_300") == {"below": "总体需求数量 1→0"}


def test_government_applicants_shut_out_would_apply_for_less():
    assert others("gov_eligible") == {"false": "申请金额（元） 4000→2000"}


def test_a_reading_that_moves_no_total_says_so():
    assert others("age_40") == {"encourage": "不影响合计"}


def test_a_switch_with_one_reading_alone_has_no_other():
    assert others("year_basis") == {}


def test_what_is_printed_is_what_a_run_under_the_other_reading_gives():
    made, shown = desk(), others("count_introduced")["false"]
    switches = CONFIG.switches.model_copy(update={"count_introduced": False})
    other = Desk(CONFIG.model_copy(update={"switches": switches}))
    rows: dict[str, Any] = {kind: made.book.rows[kind].to_dict("records")
                            for kind in ("certificates", "certificate_awards", "establishments")}
    other.receive("练市镇", "2020-08", rows)
    total = totals(other.judgement.rows, other.judgement.claims, Q3, other.config)["培育数量合计"]
    assert shown.endswith(f"→{total}")
