"""The whole job on real workbooks: counted, repeated, disordered, too early, dry, as of an earlier day, withdrawn."""

from __future__ import annotations

import random
from datetime import date
from pathlib import Path

import pytest

from pipeline import monthly
from pipeline.office import Office
from pipeline.verification import verify
from tests.support.databases import on_both
from tests.support.desk import holder
from tests.support.month import TODAY, drop, fingerprint, month_of_files, office_with_a_month, run, said
from tests.support.workbooks import office, workbook


@pytest.fixture
def desk(tmp_path: Path) -> Office:
    return office_with_a_month(tmp_path)


@on_both
def test_a_month_of_workbooks_is_counted_returned_and_reconciled(desk: Office):
    report = said(run(desk))
    assert report["files"] == {"read": 4, "unchanged": 0, "accepted": 1, "partly": 2, "returned": 1}
    assert report["total"]["actual"] == 2
    assert report["outside"] == {"高级": 1, "其他": 1}
    assert report["reconciliation"]["certificates"] == {
        "read": 5, "counted": 2, "outside": 2, "duplicate": 1, "returned": 0, "superseded": 0}
    assert [claim["state"] for claim in report["claims"]] == ["待初审", "退回", "重复", "待初审"]


@on_both
def test_a_second_run_reads_nothing_and_says_the_same(desk: Office):
    first, before = said(run(desk)), fingerprint(desk.outputs)
    second = said(run(desk))
    assert second.pop("files") == {"read": 4, "unchanged": 4, "accepted": 0, "partly": 0, "returned": 0}
    first.pop("files")
    assert second == first
    assert fingerprint(desk.outputs) == before


def test_inputs_are_never_changed(desk: Office):
    before = fingerprint(desk.inputs)
    run(desk)
    assert fingerprint(desk.inputs) == before


def test_other_names_and_folders_give_the_same_figures(desk: Office, tmp_path: Path):
    other = office(tmp_path / "other")
    files = list(month_of_files().values())
    random.Random(7).shuffle(files)
    drop(other, {f"z{at}/文件{9 - at}.xlsx": content for at, content in enumerate(files)})
    one, two = said(run(desk)), said(run(other))
    for key in ("table", "sectors", "total", "outside", "reconciliation", "claims", "missing"):
        assert one[key] == two[key]


def test_the_identical_file_under_another_name_is_pointed_out_and_counted_once(desk: Office):
    run(desk)
    drop(desk, {"又一份.xlsx": month_of_files()["双林镇.xlsx"]})
    report = said(run(desk))
    assert report["files"]["unchanged"] == 5
    assert [(line["file"], line["severity"]) for line in report["findings"] if line["rule"] == "R1"] == [
        ("又一份.xlsx", "提示")]


@on_both
def test_a_month_that_has_not_begun_is_returned_and_passes_by_itself_when_it_has(tmp_path: Path):
    desk = office(tmp_path)
    drop(desk, {"早到.xlsx": workbook("练市镇", "2020-11", {"certificates": [holder(1)]}, "2020-10-08")})
    early = said(run(desk))
    assert (early["files"]["returned"], [line["rule"] for line in early["findings"]]) == (1, ["N00"])
    assert said(run(desk))["files"]["unchanged"] == 1
    later = said(run(desk, date(2020, 11, 3)))
    assert (later["files"]["accepted"], later["findings"], later["total"]["actual"]) == (1, [], 1)
    assert verify(desk) == []


@on_both
def test_a_dry_run_leaves_nothing_behind(desk: Office):
    report = said(run(desk, dry=True))
    assert report["total"]["actual"] == 2
    assert not desk.outputs.exists()


@on_both
def test_as_of_an_earlier_day_tells_what_was_known_then(desk: Office):
    run(desk)
    drop(desk, {"善琏镇.xlsx": workbook("善琏镇", "2020-09", {"certificates": [holder(9)]}, "2020-10-09")})
    assert said(run(desk, date(2020, 10, 12)))["total"]["actual"] == 3
    then = monthly.as_of(desk, date(2020, 10, 12), TODAY, None, dry=True)
    assert said(then)["total"]["actual"] == 2


@on_both
def test_a_withdrawn_submission_is_taken_out_and_verify_agrees(desk: Office):
    run(desk)
    number = next(one.number for one in run(desk).book.submissions.values() if one.unit == "双林镇")
    _, outcome = monthly.take_back(desk, number, "放错", TODAY)
    assert said(outcome)["reconciliation"]["certificates"]["superseded"] == 2
    assert verify(desk) == []
