"""A city of three districts in one go: tables, their sum, claims that two districts make, kills and repetitions."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from pipeline import monthly
from pipeline.city import job as city_job
from pipeline.city.offices import City
from pipeline.city.telling import as_json
from pipeline.city.verification import verify
from pipeline.faults import CannotGoOn
from pipeline.ledger.lock import LedgerBusyError, locked
from tests.support.city import CLOUD, DAY, EAST, Q3, WEST, city, drop, go, newest_award, states
from tests.support.desk import decision, holder, id_number
from tests.support.libreoffice import convert, needs_libreoffice

LATER = date(2024, 10, 20)


def cloud_holder(serial: int, **changes: Any) -> dict[str, Any]:
    return holder(serial, sector="矿山", issued_on="2024-07-05", **changes)


def new_holder(serial: int, **changes: Any) -> dict[str, Any]:
    return holder(serial, issued_on="2024-07-05", **changes)


def asks(made: City, district: str, unit: str, serial: int = 1, month: str = "2024-08", name: str = "", **changes: Any) -> None:
    """A unit of a district reports a person and claims the award."""
    if district == CLOUD:
        rows = {"certificates": [cloud_holder(serial)], "certificate_awards": [newest_award(serial, 2500.0, **changes)]}
    else:
        rows = {"certificates": [new_holder(serial)], "certificate_awards": [newest_award(serial, **changes)]}
    drop(made, district, name or f"{unit}{month}.xlsx", unit, month, rows, filled_on="2024-09-03")


def decides(made: City, district: str, unit: str, claim: str, stage: str = "初审", opinion: str = "核准") -> None:
    drop(made, district, f"{claim}{stage}{opinion}.xlsx", unit, "2024-09",
         {"decisions": [decision(claim, stage, opinion, "2024-10-08")]}, filled_on="2024-10-08")


def fingerprint(folder: Path) -> dict[str, str]:
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(folder.rglob("*")) if path.is_file()}


def texts(path: Path, sheet: str) -> list[list[Any]]:
    return [[cell for cell in row if cell is not None] for row in load_workbook(path, data_only=True)[sheet].iter_rows(values_only=True)]


@pytest.fixture
def whole(tmp_path: Path) -> City:
    """A city whose runs write all their papers."""
    return city(tmp_path)


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> City:
    """A city of two districts that write no papers, which takes a third of the time."""
    monkeypatch.setattr(monthly, "published", lambda _, outcome: outcome)
    return city(tmp_path, (EAST, WEST))


# ---------------------------------------------------------------- tables and their sum

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


# ---------------------------------------------------------------- claims that two districts make

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


# ---------------------------------------------------------------- one ledger

def test_a_second_run_reads_nothing_and_writes_nothing(whole):
    made = whole
    asks(made, EAST, "练市镇")
    asks(made, WEST, "双林镇")
    first, before = go(made), fingerprint(made.outputs)
    second = go(made)
    assert (second.report.files.read, second.report.files.unchanged) == (2, 2)
    assert states(second.report) == states(first.report)
    assert fingerprint(made.outputs) == before


def _three_with_a_repeat(folder: Path) -> City:
    made = city(folder)
    asks(made, EAST, "练市镇")
    asks(made, WEST, "双林镇")
    asks(made, CLOUD, "石桥镇", serial=2)
    return made


@pytest.fixture(scope="module")
def uncut(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The outputs of a run that nothing interrupted."""
    made = _three_with_a_repeat(tmp_path_factory.mktemp("uncut"))
    go(made)
    return fingerprint(made.outputs)


@pytest.mark.parametrize("moment", [1, 2, 5])
def test_a_run_that_is_killed_and_repeated_gives_the_same_bytes(tmp_path, uncut, moment):
    cut = _three_with_a_repeat(tmp_path)
    _killed(cut, moment)
    go(cut)
    assert fingerprint(cut.outputs) == uncut
    assert verify(cut) == []


def _killed(made: City, moment: int) -> None:
    """A run in a child process that ends like a power cut, before the nth conclusion or in the midst of the nth papers."""
    child = os.fork()
    if child == 0:
        try:
            _end_at(moment)
            go(made)
        finally:
            os._exit(9)
    assert os.waitpid(child, 0)[1] != 0


def _end_at(moment: int) -> None:
    name, module = ("conclude", city_job.monthly) if moment % 2 else ("published", city_job.monthly)
    real: Callable[..., Any] = getattr(module, name)
    calls = [0]

    def counted(*arguments: Any, **options: Any) -> Any:
        calls[0] += 1
        if calls[0] > moment // 2:
            os._exit(9)
        return real(*arguments, **options)

    setattr(module, name, counted)


def test_a_dry_run_leaves_nothing_behind_and_says_the_same(made):
    asks(made, EAST, "练市镇")
    asks(made, WEST, "双林镇")
    assert states(go(made, dry=True).report) == {"DX-2024-0001": "待初审", "XX-2024-0001": "重复"}
    assert not made.outputs.exists()


def test_a_lost_ledger_of_one_district_is_made_again(made):
    asks(made, EAST, "练市镇")
    asks(made, WEST, "双林镇")
    go(made)
    before = fingerprint(made.outputs)
    (made.outputs / WEST / "ledger" / "ledger.sqlite").unlink()
    go(made)
    after = fingerprint(made.outputs)
    apart = (f"{WEST}/ledger/ledger.sqlite", f"{WEST}/ledger/seal.json")
    assert {name: one for name, one in after.items() if name not in apart} == {
        name: one for name, one in before.items() if name not in apart}
    assert verify(made) == []


def test_verify_names_the_district_whose_ledger_was_changed(made):
    asks(made, EAST, "练市镇")
    go(made)
    assert verify(made) == []
    path = made.outputs / WEST / "ledger" / "journal.jsonl"
    path.write_bytes(path.read_bytes().replace(b"elsewhere", b"elsewhera"))
    assert verify(made)[0].startswith(f"{WEST}：")
    with pytest.raises(CannotGoOn, match=f"{WEST}：.*全市都没有开始"):
        go(made)


def test_a_withdrawal_in_one_district_is_known_to_the_others_after_the_next_run(made):
    asks(made, EAST, "练市镇")
    asks(made, WEST, "双林镇")
    go(made)
    office = made.district(EAST)
    assert office is not None
    monthly.take_back(office, 1, "放错", DAY)
    assert "再运行一次全市的任务" in verify(made)[0]
    assert states(go(made, LATER).report) == {"XX-2024-0001": "待初审"}
    assert verify(made) == []


def test_a_district_of_a_city_takes_nothing_in_by_itself(made):
    asks(made, EAST, "练市镇")
    go(made)
    office = made.district(EAST)
    assert office is not None
    with pytest.raises(CannotGoOn, match="属于湖山市"):
        monthly.run(office, DAY, None, False, 1, lambda *_: None)
    assert monthly.run(office, DAY, None, True, 1, lambda *_: None).report.total.actual == 0


def test_two_runs_of_a_city_at_once_are_one_too_many(made):
    made.ledger.mkdir(parents=True)
    child = os.fork()
    if child == 0:
        with locked(made.ledger):
            (made.ledger / "held").touch()
            while (made.ledger / "held").exists():
                pass
        os._exit(0)
    while not (made.ledger / "held").exists():
        pass
    try:
        with pytest.raises(LedgerBusyError):
            go(made)
    finally:
        (made.ledger / "held").unlink()
        os.waitpid(child, 0)


# ---------------------------------------------------------------- one district fails

@pytest.mark.parametrize("stage", ["bring_in", "conclude"])
def test_a_district_whose_run_fails_keeps_its_figures_and_still_blocks_the_others(made, monkeypatch, stage):
    asks(made, EAST, "练市镇")
    go(made)
    asks(made, EAST, "双林镇", serial=5, month="2024-09")
    asks(made, WEST, "双林镇")
    real, failed = getattr(monthly, stage), []

    def failing(connection: Any, office: Any, *rest: Any) -> Any:
        if office.config.district == EAST and not failed:
            failed.append(stage)
            raise OSError("磁盘坏了")
        return real(connection, office, *rest)

    monkeypatch.setattr(monthly, stage, failing)
    outcome = go(made, LATER)
    assert list(outcome.failures) == [EAST]
    assert outcome.report.stale == [EAST]
    assert states(outcome.report) == {"DX-2024-0001": "待初审", "XX-2024-0001": "重复"}
    assert outcome.workbook is not None
    assert "没有成功" in str(texts(outcome.workbook, "编制说明"))
    again = go(made, LATER)
    assert (again.failures, states(again.report)["DX-2024-0002"]) == ({}, "待初审")
    assert verify(made) == []


def test_a_broken_workbook_goes_back_and_stops_nobody(made):
    asks(made, WEST, "双林镇")
    (made.outputs.parent / "inputs" / EAST).mkdir(parents=True)
    (made.outputs.parent / "inputs" / EAST / "坏的.xlsx").write_bytes(b"PK\x03\x04 not a workbook")
    outcome = go(made)
    assert outcome.failures == {}
    assert (outcome.report.files.returned, outcome.report.files.accepted) == (1, 1)


def test_ledgers_that_were_kept_alone_join_with_all_they_have(made):
    for district, unit in ((WEST, "双林镇"), (EAST, "练市镇")):
        asks(made, district, unit)
        office = made.district(district)
        assert office is not None
        monthly.run(office, DAY if district == WEST else date(2024, 10, 12), Q3, False, 1, lambda *_: None)
    assert states(go(made, LATER).report) == {"DX-2024-0001": "重复", "XX-2024-0001": "待初审"}
