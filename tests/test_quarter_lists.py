"""Candidates, registration and activities at the desk: what the quarter's lists say of them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from pipeline.calendar import Quarter
from pipeline.listing import quarter_lists
from pipeline.quarter_lists import QuarterLists
from tests.support.desk import CONFIG, Desk, candidate, holder, introduced

Q3 = Quarter(2020, 3)


def lists(desk: Desk, quarter: Quarter = Q3, today: str = "2020-10-08") -> QuarterLists:
    return quarter_lists(desk.judgement.rows, quarter, date.fromisoformat(today), CONFIG)


def told(quarter: Quarter = Q3, unit: str = "练市镇", today: str = "2020-10-08", **sheets: list[dict[str, Any]]) -> QuarterLists:
    return lists(Desk().receive(unit, "2020-09", sheets, today=today, filled_on="2020-10-05"), quarter, today)


def test_candidates_are_counted_by_year_level_and_sector_and_so_are_those_who_sat_and_passed():
    made = told(candidates=[
        candidate(1, exam_result="通过", trainer=1), candidate(2, exam_result="未通过", attended_training=1),
        candidate(3, exam_result="通过"), candidate(4), candidate(5, exam_year=2019, exam_result="未通过"),
        candidate(6, level="初级", sector="其他", exam_result=None)]).examinations
    shown = [(one.year, one.level, one.sector, one.registered, one.sat, one.passed, one.trained, one.trainers)
             for one in made.lines]
    assert shown == [(2020, "初级", "其他", 1, 0, 0, 0, 0), (2020, "中级", "工矿300人以上", 4, 3, 2, 1, 1),
                     (2019, "中级", "工矿300人以上", 1, 1, 0, 0, 0)]
    assert made.candidate_trainers == (1, 6)


def test_the_newest_row_of_a_candidate_wins_also_over_another_unit_s():
    desk = Desk().receive("练市镇", "2020-07", {"candidates": [candidate(1)]})
    desk.receive("双林镇", "2020-09", {"candidates": [candidate(1, exam_result="通过")]}, today="2020-10-05")
    (line,) = lists(desk).examinations.lines
    assert (line.registered, line.passed) == (1, 1)
    assert lists(desk, Quarter(2020, 2)).examinations.lines == []


def test_who_passed_is_a_holder_once_the_certificate_of_that_level_is_reported():
    made = told(candidates=[candidate(1, exam_result="通过"), candidate(2, exam_result="通过"), candidate(3)],
                certificates=[holder(1), holder(2, level="初级", trainer=1)]).examinations
    assert made.lines[0].certified == 1
    assert [(one.name, one.id_number[6:14]) for one in made.unreported] == [("甲2", "********")]
    assert made.holder_trainers == (1, 2)


@pytest.mark.parametrize(("issued_on", "today", "place"), [
    ("2020-02-29", "2020-08-31", "due_soon"),  # 2020-08-29 is a Saturday: until Monday the 31st
    ("2020-02-29", "2020-09-01", "overdue"),
    ("2020-03-08", "2020-07-10", "due_soon"),  # due on 2020-09-08, in 60 days
    ("2020-03-08", "2020-07-09", None),
])
def test_registration_is_due_within_six_months_of_issue(issued_on: str, today: str, place: str | None):
    desk = Desk().receive("练市镇", "2020-06", {"certificates": [holder(1, issued_on=issued_on)]}, today="2020-07-05")
    made = lists(desk, today=today).registrations
    assert {name for name in ("overdue", "due_soon") if getattr(made, name)} == ({place} if place else set())


def test_the_quarter_s_last_day_is_the_day_for_registration_once_it_is_over():
    made = told(today="2021-06-01", certificates=[holder(1, issued_on="2020-04-20")]).registrations
    assert (made.overdue, [one.day for one in made.due_soon]) == ([], ["2020-10-20"])


@pytest.mark.parametrize(("changes", "registered"), [
    ({"registered_on": "2020-09-30"}, 1), ({"registered_on": "2020-10-01"}, 0), ({"registration_number": "Z1"}, 1)])
def test_registered_is_who_was_by_the_quarter_s_end(changes: dict[str, Any], registered: int):
    made = told(certificates=[holder(1, **changes)]).registrations
    assert (made.registered, len(made.overdue)) == (registered, 1 - registered)


def test_a_later_report_adds_the_registration_and_a_blank_takes_nothing_back():
    desk = Desk().receive("练市镇", "2020-07", {"certificates": [holder(1)]})
    desk.receive("练市镇", "2020-08", {"certificates": [holder(1, registered_on="2020-08-01", ce_hours=48.0)]})
    desk.receive("练市镇", "2020-09", {"certificates": [holder(1)]}, today="2020-10-05")
    made = lists(desk).registrations
    assert (made.registered, made.overdue, made.few_hours, made.hours_unknown) == (1, [], [], 0)


def test_the_newest_certificate_of_a_person_is_the_one_to_be_registered():
    older = holder(1, level="初级", certificate_number="CJ1", issued_on="2019-01-05")
    made = told(certificates=[older, holder(1, registered_on="2020-04-01")]).registrations
    assert (made.holders, made.registered, made.overdue) == (1, 1, [])


@pytest.mark.parametrize(("hours", "few"), [(47.5, ["47.5学时"]), (48.0, []), (None, [])])
def test_too_few_hours_are_listed_and_unknown_ones_counted(hours: float | None, few: list[str]):
    made = told(certificates=[holder(1, registered_on="2020-04-01", ce_hours=hours)]).registrations
    assert [one.fact for one in made.few_hours] == few
    assert made.hours_unknown == (hours is None)


def test_who_left_need_not_register():
    leaver = {"name": "甲1", "id_number": holder(1)["id_number"], "change": "离职", "changed_on": "2020-09-01"}
    made = told(certificates=[holder(1), introduced(2, issued_on="2019-01-01")], leavers=[leaver]).registrations
    assert [one.name for one in made.overdue] == ["甲2"]


def a_class(on: str, level: str | None = None, activity: str = "专题培训班") -> dict[str, Any]:
    return {"held_on": on, "activity": activity, "topic": "考前辅导", "level": level, "participants": 40}


@pytest.mark.parametrize(("activity", "today", "state"), [
    (a_class("2020-08-20"), "2020-12-01", "已办"), (a_class("2020-08-20", "中级"), "2020-12-01", "已办"),
    (a_class("2020-08-20", "初级"), "2020-12-01", "未办"), (a_class("2019-08-20"), "2020-12-01", "未办"),
    (a_class("2020-11-14"), "2020-12-01", "未办"), (a_class("2020-11-13"), "2020-12-01", "已办"),
    (a_class("2020-08-20", activity="考前交流"), "2020-12-01", "未办"),
    (a_class("2020-08-20", "初级"), "2020-11-13", "待办")])
def test_one_class_a_year_is_held_before_the_exam(activity: dict[str, Any], today: str, state: str):
    exam = {"exam_year": 2020, "level": "中级", "held_on": "2020-11-14"}
    desk = Desk().receive("区应急管理局", "2020-11", {"exam_dates": [exam]}, today=today)
    desk.receive("练市镇", "2020-11", {"activities": [activity]}, today=today)
    (line,) = lists(desk, Quarter(2020, 4), today).activities.classes
    assert (line.year, line.level, line.state) == (2020, "中级", state)


def test_activities_are_counted_per_unit_and_kind_and_logged_the_newest_first():
    desk = Desk().receive("双林镇", "2020-09", {"activities": [a_class("2020-09-02", activity="驻点服务")]}, today="2020-10-05")
    desk.receive("练市镇", "2020-09", {"activities": [a_class("2020-07-01"), a_class("2020-08-01") | {"participants": None}]},
                 today="2020-10-05")
    made = lists(desk).activities
    assert [(one.unit, one.activity, one.times, one.participants) for one in made.counts] == [
        ("练市镇", "专题培训班", 2, 40), ("双林镇", "驻点服务", 1, 40)]
    assert [(one.held_on, one.unit, one.participants) for one in made.log] == [
        ("2020-09-02", "双林镇", 40), ("2020-08-01", "练市镇", None), ("2020-07-01", "练市镇", 40)]


def test_an_activity_told_again_the_next_month_is_counted_once():
    desk = Desk().receive("练市镇", "2020-08", {"activities": [a_class("2020-08-01")]})
    desk.receive("练市镇", "2020-09", {"activities": [a_class("2020-08-01")]}, today="2020-10-05")
    assert [one.times for one in lists(desk).activities.counts] == [1]
