"""Each district's table and the city's: their sum, less who is reported twice, in the workbook and in JSON."""

from __future__ import annotations

import json

import pytest
from openpyxl import load_workbook

from pipeline.city import job as city_job
from pipeline.city.offices import City
from pipeline.city.telling import as_json
from pipeline.faults import CannotGoOn
from tests.support.city import CLOUD, EAST, WEST, city, cloud_holder, drop, go, texts
from tests.support.desk import holder, id_number
from tests.support.libreoffice import convert, needs_libreoffice


@pytest.fixture(scope="module")
def summed(tmp_path_factory: pytest.TempPathFactory) -> tuple[City, city_job.CityOutcome]:
    """Person 1 is reported in 东浔 and 西浔, person 7 in 西浔 and 云溪, person 9 (高级) in 东浔 and 西浔."""
    made = city(tmp_path_factory.mktemp("city"))
    drop(made, EAST, "练市.xlsx", "练市镇", "2024-08", {
        "certificates": [holder(1), holder(2, level="初级"), holder(9, level="高级")],
        "establishments": [{"establishment": "甲公司", "establishment_type": "工矿企业", "headcount": 320, "surveyed_on": "2024-03-01"}]},
        filled_on="2024-09-03")
    drop(made, WEST, "练市.xlsx", "练市镇", "2024-08", {
        "certificates": [holder(1, sector="中介机构"), holder(3), holder(7), holder(9, level="高级")]}, filled_on="2024-09-03")
    drop(made, CLOUD, "石桥.xlsx", "石桥镇", "2024-08", {
        "certificates": [cloud_holder(7), cloud_holder(8, level="助理")]}, filled_on="2024-09-03")
    return made, go(made)


def test_each_district_has_its_own_table_and_the_city_their_sum(summed):
    _, outcome = summed
    report = outcome.report
    assert {name: one.total.actual for name, one in report.districts.items()} == {EAST: 2, WEST: 3, CLOUD: 2}
    filled = {(cell.sector, cell.level, cell.year): cell.actual for cell in report.cells if cell.actual}
    assert filled == {
        ("工矿300人以上", "中级", 2020): 3, ("工矿300人以上", "初级", 2020): 1, ("中介机构", "中级", 2020): 1,
        ("矿山", "中级", 2024): 1, ("矿山", "助理", 2024): 1}
    targets = {(cell.sector, cell.level, cell.year): cell.target for cell in report.cells}
    assert targets["工矿300人以上", "初级", 2019] == 22
    assert targets["矿山", "助理", 2022] == 2
    assert targets["政府部门", "初级", 2019] is None
    assert report.target == 100 + 100 + 17


def test_a_person_whom_two_districts_report_counts_once_in_the_city(summed):
    _, outcome = summed
    report = outcome.report
    assert (report.summed, report.deducted, report.actual, report.persons) == (7, 2, 5, 5)
    out = [(one.sector, one.level, one.outside, one.first.district, one.later.district) for one in report.deductions]
    assert sorted(out, key=str) == sorted([
        ("中介机构", "中级", False, EAST, WEST), ("矿山", "中级", False, WEST, CLOUD), ("高级", "高级", True, EAST, WEST),
        ("中介机构", None, False, EAST, WEST), ("矿山", None, False, WEST, CLOUD), ("工矿300人以上", None, False, EAST, WEST)], key=str)
    assert report.outside["高级"] == 1


def test_json_has_every_districts_object_and_the_sum_after_the_deduction(summed):
    _, outcome = summed
    said = json.loads(as_json(outcome))
    assert list(said["districts"]) == [EAST, WEST, CLOUD]
    assert said["districts"][WEST]["total"]["actual"] == 3
    assert said["total"]["total"] == {"target": 217, "actual": 5, "persons": 5, "summed": 7, "deducted": 2}
    assert sum(cell["actual"] for cell in said["total"]["table"]) == 5
    lines = {line["sector"]: (line["existing_actual"], line["actual"]) for line in said["total"]["sectors"]}
    assert lines["工矿300人以上"] == (5, 4)  # persons 1, 2, 9 and 3, 7
    assert lines["中介机构"] == (0, 0)
    assert id_number(1) not in as_json(outcome)


def test_the_citys_workbook_shows_sum_deduction_and_total_and_masks_numbers(summed):
    _, outcome = summed
    assert outcome.workbook is not None
    assert outcome.workbook.name == "汇总进度表_2024Q3.xlsx"
    assert load_workbook(outcome.workbook).sheetnames == ["封面", "汇总", "分区", "跨区重复", "编制说明"]
    rows = texts(outcome.workbook, "汇总")
    by_label = {row[0]: row for row in rows if row and row[0] in ("各区县合计", "减：跨区重复计入", "全市合计")}
    assert [by_label[label][-2] for label in ("各区县合计", "减：跨区重复计入", "全市合计")] == [7, 2, 5]  # the lower block: 预培育数量
    assert by_label["全市合计"][-1] == pytest.approx(5 / 217)
    assert [217, 5, pytest.approx(5 / 217), 2, 0] in texts(outcome.workbook, "封面")
    assert [row[:3] for row in texts(outcome.workbook, "分区") if row and row[0] == CLOUD] == [[CLOUD, 17, 2]]
    assert id_number(1) not in str([texts(outcome.workbook, name) for name in ("封面", "汇总", "分区", "跨区重复", "编制说明")])


@needs_libreoffice
def test_what_another_program_recalculates_is_what_was_written(summed, tmp_path):
    _, outcome = summed
    path = tmp_path / "city.xlsx"
    path.write_bytes(outcome.workbook.read_bytes())
    again = convert(path, "xlsx:Calc MS Excel 2007 XML", tmp_path / "again")
    for sheet, least in (("封面", 5), ("汇总", 100), ("分区", 40)):
        before, after = ([cell for row in texts(file, sheet) for cell in row if isinstance(cell, int | float)] for file in (path, again))
        assert len(before) >= least
        assert after == pytest.approx(before)


def test_a_sum_that_does_not_reconcile_is_not_written(made, monkeypatch):
    drop(made, EAST, "练市.xlsx", "练市镇", "2024-08", {"certificates": [holder(1)]}, filled_on="2024-09-03")
    monkeypatch.setattr(city_job, "counted_in", lambda *_: [])
    with pytest.raises(CannotGoOn, match="勾稽不符"):
        go(made)
    assert not list(made.outputs.glob("20*"))
