"""Shares, ranks and gaps: equal shares share a place, suggested rows are in no ranking (T06), a blank target is not 0."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from pipeline.attainment import Score, progress, ranked, table_lines
from pipeline.calendar import Quarter
from pipeline.quarter_report import QuarterReport
from pipeline.rollup import roll_up
from tests.support.desk import CONFIG, Desk, holder


def report(*holders: dict[str, object]) -> QuarterReport:
    desk = Desk().receive("练市镇", "2020-08", {"certificates": list(holders)}, today="2020-10-08")
    judged = desk.judgement
    return roll_up(desk.book, judged.rows, judged.claims, judged.findings, Quarter(2020, 3), CONFIG)


@pytest.mark.parametrize(("target", "actual", "rate"), [
    (8, 1, "12.5%"), (2000, 1, "0.1%"), (3, 2, "66.7%"), (7, 7, "100.0%"), (None, 3, None), (0, 3, None)])
def test_a_rate_has_one_decimal_and_rounds_halves_up(target: int | None, actual: int, rate: str | None):
    assert Score("甲", target, actual).rate == rate


def test_equal_shares_have_the_same_place_and_the_next_one_is_skipped():
    scores = [Score("甲", 4, 1), Score("乙", 10, 5), Score("丙", 2, 1), Score("丁", 3, 3)]
    assert [(one.place, one.score.name, one.tied) for one in ranked(scores)] == [
        (1, "丁", False), (2, "乙", True), (2, "丙", True), (4, "甲", False)]


def test_suggested_rows_are_in_no_ranking_and_never_behind():
    found = progress(report(holder(1)), CONFIG)
    suggested = {"从业人员300人以下的工矿企业", "本地行业监管部门、各镇（开发区）"}
    assert {one.name for one in found.suggested} == suggested
    assert len(found.ranking) == 3
    assert not suggested & {one.score.name for one in [*found.ranking, *found.behind]}


def test_behind_is_measured_against_the_years_that_have_begun():
    found = progress(report(*(holder(at, sector="中介机构") for at in range(1, 8))), CONFIG)
    assert [(one.score.name[:6], one.score.target, one.score.actual) for one in found.behind] == [
        ("危险化学品生", 5, 0), ("从业人员30", 43, 0)]  # 中介机构 has its 3 and 4 of 2019 and 2020


def test_a_level_may_be_short_where_the_whole_is_not():
    found = progress(report(*(holder(at, sector="中介机构", level="初级" if at > 5 else "中级") for at in range(1, 8))), CONFIG)
    (behind,) = [one for one in found.behind if one.score.name == "安全生产中介机构"]
    assert (behind.score.missing, [(one.name, one.missing) for one in behind.levels]) == (0, [("中级", 2)])


def test_years_that_have_not_begun_are_not_told():
    assert [one.name for one in progress(report(holder(1)), CONFIG).years] == ["2019年", "2020年"]


def test_figures_are_those_of_the_quarters_end_or_of_an_earlier_day():
    known = report(holder(1))
    assert progress(known, CONFIG).until == date(2020, 9, 30)
    assert progress(replace(known, today=date(2020, 8, 9)), CONFIG).until == date(2020, 8, 9)


def test_the_tables_bottom_line_is_the_sum_of_its_rows_and_a_blank_target_stays_blank():
    lines, total = table_lines(report(holder(1), holder(2, sector="中介机构", level="初级")), CONFIG)
    assert [line.cells[1] for line in lines] == [(None, 0), (15, 0), (5, 0), (None, 1), (None, 0)]
    assert total.cells == [(15, 0), (20, 1), (15, 0), (15, 0), (20, 1), (15, 0)]
    assert (total.demand, total.existing, total.whole.target, total.whole.actual) == ((66, 0), (18, 2), 100, 2)
