"""Which rows count (contract.md): the table, what is outside it, demand and existing, and that order never matters."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.calendar import Quarter
from pipeline.quarter_report import QuarterReport
from pipeline.rollup import roll_up
from tests.support.desk import CONFIG, Desk, award, decision, holder, introduced, survey

Q3 = Quarter(2020, 3)


def report(desk: Desk, quarter: Quarter = Q3, config: Any = CONFIG) -> QuarterReport:
    judged = desk.judgement
    return roll_up(desk.book, judged.rows, judged.claims, judged.findings, quarter, config)


def one_sheet(*rows: dict[str, Any]) -> QuarterReport:
    return report(Desk().receive("练市镇", "2020-09", {"certificates": list(rows)}, today="2020-10-05"))


def filled(made: QuarterReport) -> dict[tuple[str, str, int], int]:
    return {(cell.sector, cell.level, cell.year): cell.actual for cell in made.cells if cell.actual}


def test_the_table_has_a_cell_for_every_sector_level_and_year():
    made = one_sheet(holder(1))
    assert len(made.cells) == 5 * 2 * 3
    assert filled(made) == {("工矿300人以上", "中级", 2020): 1}
    assert {cell.target for cell in made.cells if cell.sector == "政府部门" and cell.level == "初级"} == {None}


@pytest.mark.parametrize(("issued_on", "counted"), [
    ("2018-12-31", 0), ("2019-01-01", 1), ("2020-09-30", 1), ("2020-10-01", 0)])
def test_a_certificate_counts_after_the_baseline_and_up_to_the_quarter_s_last_day(issued_on: str, counted: int):
    assert one_sheet(holder(1, issued_on=issued_on)).total.actual == counted


def test_an_introduced_engineer_counts_by_the_day_of_introduction():
    made = one_sheet(introduced(1, issued_on="2015-05-01", introduced_on="2019-08-01"))
    assert filled(made) == {("工矿300人以上", "中级", 2019): 1}
    assert made.total.introduced == 1


def test_one_person_with_two_levels_counts_once_in_each_and_once_as_a_person():
    made = one_sheet(holder(1, level="初级", certificate_number="CJ1", issued_on="2019-06-01"), holder(1))
    assert filled(made) == {("工矿300人以上", "初级", 2019): 1, ("工矿300人以上", "中级", 2020): 1}
    assert (made.total.actual, made.total.persons) == (2, 1)


def test_senior_level_and_other_sectors_stand_outside_the_table():
    made = one_sheet(holder(1, level="高级"), holder(2, sector="其他"), holder(3, level="高级", sector="其他"))
    assert made.outside == {"高级": 2, "其他": 1}
    assert made.total.actual == 0
    assert made.reconciliation["certificates"].outside == 3


def test_a_row_that_may_not_count_never_takes_the_place_of_one_that_may():
    rows = [holder(1, issued_on="2018-06-01"), holder(1), holder(1, sector="其他")]
    for order in permutations(rows):
        made = one_sheet(*order)
        assert made.total.actual == 1
        assert made.reconciliation["certificates"].duplicate == 2


def test_existing_counts_every_person_with_a_certificate_once_old_ones_included():
    made = one_sheet(holder(1, issued_on="2016-01-01"), holder(2, level="初级", certificate_number="C2"), holder(2),
                     holder(3, issued_on="2020-10-02"))
    existing = {line.sector: line.existing_actual for line in made.sectors}
    assert existing["工矿300人以上"] == 2


def test_demand_is_the_sum_of_the_newest_survey_of_each_establishment():
    def survey(name: str, kind: str, heads: int, on: str = "2020-03-01", **more: Any) -> dict[str, Any]:
        return {"establishment": name, "establishment_type": kind, "headcount": heads, "surveyed_on": on, **more}
    rows = [survey("甲", "工矿企业", 299), survey("甲", "工矿企业", 300, "2020-06-01"), survey("乙", "工矿企业", 500),
            survey("丙", "安全生产中介机构", 30, service_staff=11), survey("丁", "建筑施工单位", 299),
            survey("戊", "危险化学品生产单位", 3), survey("己", "工矿企业", 400, required_engineers=5)]
    made = report(Desk().receive("练市镇", "2020-09", {"establishments": rows}, today="2020-10-05"))
    demand = {line.sector: line.demand_actual for line in made.sectors}
    assert demand == {"危化冶炼建筑": 1, "工矿300人以上": 7, "工矿300人以下": 0, "中介机构": 4, "政府部门": 0}
    one = made.reconciliation["establishments"]
    assert (one.read, one.counted, one.outside, one.duplicate) == (7, 5, 1, 1)


def test_the_sector_of_the_survey_counts_where_the_switch_says_so():
    config = CONFIG.model_copy(update={"switches": CONFIG.switches.model_copy(update={"sector_from": "survey"})})
    survey = {"establishment": "甲公司", "establishment_type": "工矿企业", "headcount": 20, "surveyed_on": "2020-03-01"}
    desk = Desk(config).receive("练市镇", "2020-09", {"certificates": [holder(1)], "establishments": [survey]},
                                today="2020-10-05")
    assert filled(report(desk, config=config)) == {("工矿300人以下", "中级", 2020): 1}


def test_a_return_is_missing_only_after_its_day_is_over():
    desk = Desk().receive("练市镇", "2020-09", {"certificates": [holder(1)]}, today="2020-10-05")
    assert "2020-09" not in {str(line.month) for line in report(desk).missing}
    late = Desk().receive("练市镇", "2020-09", {"certificates": [holder(1)]}, today="2020-10-06")
    states = {line.unit: line.state for line in report(late).returns if str(line.month) == "2020-09"}
    assert (states["练市镇"], states["双林镇"]) == ("迟报", "未报")


def test_a_file_of_decisions_is_no_monthly_return():
    desk = Desk().receive("练市镇", "2020-08", {"certificates": [holder(1)], "certificate_awards": [award(1)]})
    desk.receive("区应急管理局", "2020-09", {"decisions": [decision("NX-2020-0001", "初审")]}, today="2020-10-04")
    states = {(line.unit, str(line.month)): line.state for line in report(desk).returns}
    assert states["区应急管理局", "2020-09"] == "未到期"


HOLDERS = st.lists(
    st.tuples(st.integers(1, 4), st.sampled_from(["初级", "中级", "高级"]),
              st.sampled_from(["工矿300人以上", "政府部门", "其他"]),
              st.sampled_from(["2018-05-01", "2019-05-01", "2020-05-01", "2020-11-01"]),
              st.sampled_from(["练市镇", "双林镇"]), st.sampled_from(["2020-07", "2020-08"])),
    min_size=1, max_size=7)


@settings(max_examples=12, deadline=None)
@given(rows=HOLDERS, data=st.data())
def test_no_order_of_arrival_changes_how_many_count(rows: list[tuple[Any, ...]], data: st.DataObject):
    def totals(order: list[tuple[Any, ...]]) -> tuple[Any, ...]:
        desk = Desk()
        for number, level, sector, issued_on, unit, month in order:
            row = holder(number, level=level, sector=sector, issued_on=issued_on, certificate_number=f"{number}{level}")
            desk.receive(unit, month, {"certificates": [row]}, today="2020-12-05")
        made = report(desk, Quarter(2020, 4))
        return made.total.actual + sum(made.outside.values()), made.total.persons, made.reconciliation["certificates"].read

    # One workbook a unit and month, so that no later one replaces an earlier one.
    unique = list({(row[4], row[5]): row for row in rows}.values())
    assert totals(unique) == totals(data.draw(st.permutations(unique)))


def test_money_is_summed_per_payer_award_and_year():
    desk = Desk().receive("练市镇", "2020-08", {
        "certificates": [holder(1), holder(2)], "certificate_awards": [award(1), award(2, amount=1.0)]})
    (line,) = report(desk).payers
    assert (line.payer, line.award, line.year, line.applied, line.applied_amount) == ("练市镇", "证书奖励", 2020, 1, 2000)


def test_every_figure_of_the_table_has_its_persons_with_file_sheet_and_row_and_no_whole_number():
    made = one_sheet(holder(1), introduced(2, introduced_on="2019-08-01"), holder(3, level="高级"))
    assert [(line.level, line.year, line.route, line.unit, line.row) for line in made.sources] == [
        ("中级", 2019, "引进", "练市镇", 4), ("中级", 2020, "考试取得", "练市镇", 3)]
    assert len(made.sources) == made.total.actual
    assert all("*" in line.id_number for line in made.sources)


def test_demand_and_existing_have_their_rows_too_those_of_before_the_plan_included():
    desk = Desk().receive("练市镇", "2020-09", {
        "certificates": [holder(1, issued_on="2015-05-01", level="高级"), holder(2, sector="其他"), holder(3)],
        "establishments": [survey(headcount=320), survey("乙公司", headcount=20)]}, today="2020-10-05")
    made = report(desk)
    assert [(line.level, line.year, line.row) for line in made.existing] == [("中级", 2020, 5), ("高级", 2015, 3)]
    assert [(line.establishment, line.required, line.sheet, line.row) for line in made.demand] == [("甲公司", 1, "单位摸底", 3)]
    assert len(made.existing) == sum(one.existing_actual for one in made.sectors)
    assert sum(line.required for line in made.demand) == sum(one.demand_actual for one in made.sectors)


def test_the_trend_adds_up_from_the_plan_s_start_and_ends_with_the_table():
    made = one_sheet(holder(1, issued_on="2019-12-31"), holder(2, issued_on="2020-04-01"))
    middle = [(str(one.quarter), one.target, one.actual) for one in made.trend
              if (one.sector, one.level) == ("工矿300人以上", "中级")]
    assert middle == [
        ("2019Q1", 7, 0), ("2019Q2", 7, 0), ("2019Q3", 7, 0), ("2019Q4", 7, 1), ("2020Q1", 17, 1), ("2020Q2", 17, 2),
        ("2020Q3", 17, 2)]
