"""Who must have an engineer or sit the exam, at the desk: the newest row speaks, and only those still here are present."""

from __future__ import annotations

from typing import Any

import pytest

from pipeline.calendar import Quarter
from pipeline.quarter_report import QuarterReport
from pipeline.rollup import roll_up
from tests.support.desk import Desk, candidate, holder, id_number, introduced, supervisor, survey

Q3 = Quarter(2020, 3)


def report(desk: Desk, quarter: Quarter = Q3) -> QuarterReport:
    judged = desk.judgement
    return roll_up(desk.book, judged.rows, judged.claims, judged.findings, quarter, desk.config)


def leaver(change: str = "离职", on: str = "2020-08-20", serial: int = 1, **more: Any) -> dict[str, Any]:
    return {"name": f"甲{serial}", "id_number": id_number(serial), "change": change, "changed_on": on, **more}


def existing(desk: Desk, quarter: Quarter = Q3) -> int:
    return sum(line.existing_actual for line in report(desk, quarter).sectors)


def rows_with(desk: Desk, rule: str) -> list[tuple[int, int | None]]:
    return [(found.submission, found.row) for found in desk.judgement.findings if found.rule == rule]


def test_a_duty_is_told_with_what_is_asked_what_there_is_and_how_to_mend_it():
    agency = survey(establishment_type="安全生产中介机构", service_staff=11)
    desk = Desk().receive("练市镇", "2020-08", {"establishments": [agency], "certificates": [holder(1)]})
    assert "应配置4人，现有1人，尚缺3人" in desk.message("D05")
    (found,) = [found for found in desk.judgement.findings if found.rule == "D05"]
    assert found.cell == "E3"  # 安全生产专业服务人员数


def test_only_the_newest_survey_of_an_establishment_is_judged():
    desk = Desk().receive("练市镇", "2020-07", {"establishments": [survey(headcount=400)]})
    assert rows_with(desk, "D03") == [(1, 3)]
    desk.receive("练市镇", "2020-08", {"establishments": [survey(headcount=299, surveyed_on="2020-08-01")]})
    assert rows_with(desk, "D03") == []
    desk.receive("练市镇", "2020-09", {"establishments": [survey(headcount=301, surveyed_on="2020-09-01")]}, today="2020-10-05")
    assert rows_with(desk, "D03") == [(3, 3)]


def test_a_returned_survey_does_not_speak_for_its_establishment():
    desk = Desk().receive("练市镇", "2020-07", {"establishments": [survey(headcount=400)]})
    desk.receive("练市镇", "2020-08", {"establishments": [survey(headcount=3, surveyed_on="2020-08-01")]},
                 returned_rows={3: "N07"})
    assert rows_with(desk, "D03") == [(1, 3)]


def test_the_type_that_takes_precedence_decides_where_one_survey_names_two():
    rows = [survey(establishment_type="安全生产中介机构", service_staff=10), survey(establishment_type="工矿企业"),
            survey(establishment_type="危险化学品生产单位")]
    for order in (rows, rows[::-1]):
        desk = Desk().receive("练市镇", "2020-08", {
            "establishments": order, "certificates": [holder(1, sector="中介机构")]})
        assert {rule for rule, _ in desk.rules()} & {"D01", "D03", "D05", "D08"} == {"D05"}
        demand = {line.sector: line.demand_actual for line in report(desk).sectors if line.demand_actual}
        assert demand == {"中介机构": 3}


@pytest.mark.parametrize(("employer", "short"), [("甲公司", 0), (" 甲公司 ", 0), ("甲公司分厂", 1)])
def test_present_is_who_works_there_under_the_same_name(employer: str, short: int):
    desk = Desk().receive("练市镇", "2020-08", {"establishments": [survey()], "certificates": [holder(1, employer=employer)]})
    assert len(rows_with(desk, "D03")) == short


def test_a_holder_of_two_levels_is_one_engineer_and_a_returned_one_none():
    agency = survey(establishment_type="安全生产中介机构", service_staff=4)
    both = [holder(1, level="初级", certificate_number="CJ1"), holder(1), holder(2)]
    desk = Desk().receive("练市镇", "2020-08", {"establishments": [agency]})
    desk.receive("双林镇", "2020-08", {"certificates": both}, returned_rows={5: "N02"})
    assert "现有1人，尚缺1人" in desk.message("D05")


@pytest.mark.parametrize(("change", "present"), [("离职", False), ("调出本区", False), ("证书注销", False), ("调入新单位", True)])
def test_who_left_is_neither_existing_nor_present_but_stays_cultivated(change: str, present: bool):
    desk = Desk().receive("练市镇", "2020-07", {"establishments": [survey("乙公司")], "certificates": [holder(1)]})
    desk.receive("练市镇", "2020-08", {"leavers": [leaver(change, new_employer="乙公司")]})
    assert existing(desk) == int(present)
    assert (rows_with(desk, "D03") == []) == present
    assert report(desk).total.actual == 1


def test_who_moved_to_a_place_not_named_is_in_the_district_but_at_no_known_establishment():
    desk = Desk().receive("练市镇", "2020-07", {"establishments": [survey()], "certificates": [holder(1)]})
    desk.receive("练市镇", "2020-08", {"leavers": [leaver("调入新单位")]})
    assert existing(desk) == 1
    assert rows_with(desk, "D03") == [(1, 3)]


@pytest.mark.parametrize(("on", "number"), [("2020-09-30", 0), ("2020-10-01", 1)])
def test_who_leaves_after_the_quarter_is_still_there_at_its_end(on: str, number: int):
    desk = Desk().receive("练市镇", "2020-07", {"certificates": [holder(1)]})
    desk.receive("练市镇", "2020-10", {"leavers": [leaver(on=on)]}, today="2020-11-05")
    assert existing(desk) == number


def test_a_returned_row_of_leavers_takes_nobody_away():
    desk = Desk().receive("练市镇", "2020-07", {"certificates": [holder(1)]})
    desk.receive("练市镇", "2020-08", {"leavers": [leaver()]}, returned_rows={3: "N02"})
    assert existing(desk) == 1


@pytest.mark.parametrize(("unit", "month", "filled_on", "number"), [
    ("双林镇", "2020-08", "2020-08-21", 1),  # filled in on the day after, elsewhere
    ("双林镇", "2020-08", "2020-08-20", 0),  # on the day itself
    ("练市镇", "2020-09", "2020-10-05", 1),  # the same unit a month later
])
def test_who_is_reported_again_after_leaving_is_back(unit: str, month: str, filled_on: str, number: int):
    desk = Desk().receive("练市镇", "2020-07", {"certificates": [holder(1)]}, filled_on="2020-08-03")
    desk.receive("练市镇", "2020-08", {"leavers": [leaver()]})
    desk.receive(unit, month, {"certificates": [holder(1)]}, today="2020-10-05", filled_on=filled_on)
    assert existing(desk) == number


def test_the_full_list_that_came_with_the_leavers_does_not_bring_anybody_back():
    desk = Desk().receive("练市镇", "2020-08", {"certificates": [holder(1)], "leavers": [leaver()]}, filled_on="2020-09-03")
    assert existing(desk) == 0


def test_of_several_changes_the_newest_holds_but_a_cancelled_certificate_stays_cancelled():
    desk = Desk().receive("练市镇", "2020-07", {"certificates": [holder(1), holder(2)]}, filled_on="2020-08-01")
    desk.receive("练市镇", "2020-08", {"leavers": [
        leaver("离职", "2020-08-20"), leaver("调入新单位", "2020-08-20", new_employer="乙公司"),
        leaver("证书注销", "2020-08-05", 2), leaver("调入新单位", "2020-08-20", 2)]})
    assert existing(desk) == 1


def test_lists_show_the_establishments_below_their_duty_first_with_their_history():
    agency = survey("丙公司", establishment_type="安全生产中介机构", headcount=30, service_staff=10, required_engineers=5)
    desk = Desk().receive("练市镇", "2020-03", {"establishments": [survey(headcount=280, surveyed_on="2019-03-01")]})
    desk.receive("练市镇", "2020-08", {"establishments": [survey("乙公司", headcount=20), survey(), agency],
                                       "certificates": [holder(1)]})
    lines = report(desk).lists.duties.establishments
    assert [(line.establishment, line.required, line.reported, line.present, line.short, line.state) for line in lines] == [
        ("丙公司", 3, 5, 0, 3, "未达标"), ("甲公司", 1, None, 1, 0, "达标"), ("乙公司", 0, None, 0, 0, "无强制要求")]
    assert [line.history for line in lines] == ["", "2019-03-01为280人；2020-03-01为320人", ""]
    (unit,) = [one for one in report(desk).lists.duties.units if one.unit == "练市镇"]
    assert (unit.establishments, unit.bound, unit.below, unit.required, unit.present, unit.short) == (3, 2, 1, 4, 1, 3)


def test_a_unit_s_survey_is_of_this_year_or_out_of_date_or_missing():
    desk = Desk().receive("练市镇", "2020-03", {"establishments": [survey(surveyed_on="2019-12-31")]})
    desk.receive("双林镇", "2020-08", {"establishments": [survey("乙公司", surveyed_on="2020-01-01")]})
    units = {one.unit: (one.newest_survey, one.current) for one in report(desk).lists.duties.units}
    assert units["练市镇"] == ("2019-12-31", False)
    assert units["双林镇"] == ("2020-01-01", True)
    assert units["菱湖镇"] == (None, False)


def test_a_survey_of_a_later_month_is_not_in_the_quarter_s_list():
    desk = Desk().receive("练市镇", "2020-08", {"establishments": [survey(headcount=100)]})
    desk.receive("练市镇", "2020-10", {"establishments": [survey(surveyed_on="2020-10-01")]}, today="2020-11-05")
    assert [line.headcount for line in report(desk).lists.duties.establishments] == [100]
    assert [line.headcount for line in report(desk, Quarter(2020, 4)).lists.duties.establishments] == [320]


def test_a_supervisor_who_registered_since_is_under_duty_no_more():
    desk = Desk().receive("练市镇", "2020-07", {"supervisors": [supervisor()]})
    assert rows_with(desk, "D06") == [(1, 3)]
    desk.receive("练市镇", "2020-08", {"supervisors": [supervisor(exam_status="已报考")]})
    assert rows_with(desk, "D06") == []


@pytest.mark.parametrize(("sheets", "note"), [
    ({"certificates": [holder(1)]}, "填“未报考”，但“持证人员”中已有"),
    ({"candidates": [candidate(1)]}, "填“未报考”，但“报考人员”中已有"),
    ({"candidates": [candidate(1, exam_year=2019)]}, None),
])
def test_a_supervisor_found_in_the_registers_is_told_apart(sheets: dict[str, Any], note: str | None):
    desk = Desk().receive("练市镇", "2020-08", {"supervisors": [supervisor()], **sheets})
    told = report(desk).lists.supervision
    assert [line.note for line in told.disagreeing] == ([note] if note else [])
    assert len(rows_with(desk, "D06")) == len(told.bound) == (0 if note else 1)


def test_supervisors_are_counted_per_department_and_named_with_a_masked_number():
    people = [supervisor("19850101", 1), supervisor("19700101", 2), supervisor("19860101", 3, exam_status="已取证"),
              supervisor("19860101", 4, exam_status="已报考"), supervisor("19860101", 5, supervises=0)]
    desk = Desk().receive("练市镇", "2020-08", {"supervisors": people})
    told = report(desk).lists.supervision
    (group,) = told.groups
    assert (group.unit, group.department, group.supervisors) == ("练市镇", "安监所", 4)
    assert (group.certified, group.registered, group.bound, group.encouraged) == (1, 1, 1, 1)
    assert [(line.name, line.age, line.id_number) for line in told.bound] == [("甲1", 35, "330503********0012")]
    assert [(line.name, line.age) for line in told.encouraged] == [("甲2", 50)]


def test_a_supervisor_without_a_birth_date_in_the_number_is_under_no_duty_that_can_be_told():
    desk = Desk().receive("练市镇", "2020-08", {"supervisors": [supervisor(id_number="ABC123456789012")]})
    assert rows_with(desk, "D06") == []
    assert report(desk).lists.supervision.groups[0].supervisors == 1


def test_an_introduced_holder_is_present_from_the_day_of_introduction():
    desk = Desk().receive("练市镇", "2020-08", {
        "establishments": [survey()], "certificates": [introduced(1, issued_on="2015-01-01", introduced_on="2020-09-06")]})
    assert rows_with(desk, "D03") == [(1, 3)]  # the desk's day is 2020-09-05
