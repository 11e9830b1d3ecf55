"""A person's data is removed as far as the law on public money allows, and every figure, chain and replay still holds."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import date, timedelta
from pathlib import Path

import pytest

from pipeline import monthly, purging
from pipeline.ledger.tombstones import PERSONAL
from pipeline.machine import as_json
from pipeline.office import Office
from pipeline.purging import PurgeError, number_of, purge, still_there
from pipeline.restoration import restore
from pipeline.sheets import SHEETS, Kind
from pipeline.verification import verify
from tests.support.databases import on_both
from tests.support.desk import award, decision, holder, id_number, supervisor
from tests.support.workbooks import office, workbook

TODAY = date(2020, 10, 8)
GONE = id_number(1)


def run(desk: Office, today: date = TODAY) -> dict:
    return json.loads(as_json(monthly.run(desk, today, None, False, 1, lambda *_: None).report, []))


@pytest.fixture
def desk(tmp_path: Path) -> Office:
    made = office(tmp_path)
    (made.inputs / "一.xlsx").write_bytes(workbook("练市镇", "2020-08", {
        "certificates": [holder(1, remark="要求清除"), holder(2)], "certificate_awards": [award(1, amount=1.0), award(2)]}))
    (made.inputs / "二.xlsx").write_bytes(workbook("双林镇", "2020-08", {"certificates": [holder(1), holder(3)]}))
    (made.inputs / "三.xlsx").write_bytes(workbook("菱湖镇", "2020-08", {"supervisors": [supervisor(serial=5)]}))
    run(made)
    return made


def holding(desk: Office, *words: str) -> list[str]:
    """The files of outputs/ in which one of the words stands, packed or not."""
    found = []
    for path in desk.outputs.rglob("*"):
        content = path.read_bytes() if path.is_file() else b""
        parts = [content]
        if zipfile.is_zipfile(io.BytesIO(content)):
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                parts += [archive.read(name) for name in archive.namelist()]
        found += [path.name] if any(word.encode() in part for word in words for part in parts) else []
    return found


# What is written freely beside an ID number and stays: the employer's, the office's, never the person's alone.
STAYS = {"employer", "employer_address", "regulator", "department", "post", "form_number", "checked_by", "reason", "award"}
FREE = {Kind.TEXT, Kind.NAME, Kind.CODE, Kind.PHONE, Kind.USCC}
FIGURES = ("table", "sectors", "total", "outside", "reconciliation", "claims", "missing")


def test_of_every_column_beside_an_id_number_it_is_known_whether_it_goes_with_the_person():
    columns = {column.field for sheet in SHEETS if "id_number" in sheet.fields for column in sheet.columns if column.kind in FREE}
    assert columns - {*PERSONAL, *STAYS} == set(), (
        "name what is the person's in PERSONAL of pipeline/ledger/tombstones.py, what is not in STAYS of this test")


def test_nothing_of_the_person_is_left_in_ledger_originals_and_receipts(desk: Office):
    assert len(holding(desk, GONE)) > 3
    purge(desk, GONE, "本人要求", TODAY)
    assert holding(desk, GONE, "甲1", "ZJ0001", "13800000001", "要求清除") == []
    assert set(holding(desk, id_number(2), id_number(3))) >= {"ledger.sqlite"}


@on_both
def test_no_figure_changes(desk: Office):
    before = run(desk)
    purge(desk, GONE, "本人要求", TODAY)
    after = run(desk)
    assert {key: after[key] for key in FIGURES} == {key: before[key] for key in FIGURES}


def test_chain_and_replay_hold_and_a_lost_ledger_is_made_again_without_the_person(desk: Office):
    purge(desk, GONE, "本人要求", TODAY)
    assert verify(desk) == []
    (desk.ledger / "ledger.sqlite").unlink()
    run(desk)
    assert verify(desk) == []
    restore(desk)
    assert verify(desk) == []
    assert holding(desk, GONE, "甲1") == []


def test_what_is_kept_is_guarded_like_the_rest(desk: Office):
    purge(desk, GONE, "本人要求", TODAY)
    kept = desk.ledger / "tombstones" / "000001.json"
    kept.write_bytes(kept.read_bytes().replace("中级".encode(), "初级".encode()))
    assert [line for line in verify(desk) if "tombstones/000001.json" in line]


def test_the_person_is_known_again_and_not_counted_twice(desk: Office):
    before = run(desk)
    purge(desk, GONE, "本人要求", TODAY)
    (desk.inputs / "四.xlsx").write_bytes(workbook("千金镇", "2020-09", {"certificates": [holder(1)]}, "2020-10-08"))
    after = run(desk, TODAY + timedelta(1))
    assert after["total"] == before["total"]
    assert after["reconciliation"]["certificates"]["duplicate"] == before["reconciliation"]["certificates"]["duplicate"] + 1
    assert verify(desk) == []


def test_an_application_under_way_or_paid_stands_against_it(desk: Office):
    with pytest.raises(PurgeError, match=r"NX-2020-0002（待初审）.*保管30年"):
        purge(desk, id_number(2), "本人要求", TODAY)
    (desk.inputs / "审.xlsx").write_bytes(workbook("区安委办", "2020-09", {"decisions": [
        decision("NX-2020-0002", "初审", "不核准", "2020-10-08")]}, "2020-10-08"))
    run(desk)
    purge(desk, id_number(2), "本人要求", TODAY)
    assert holding(desk, id_number(2)) == []


@pytest.mark.parametrize(("typed", "word"), [("330503198501010099", "校验码"), ("张三", "应为18位")])
def test_what_is_no_id_number_is_refused(typed: str, word: str):
    with pytest.raises(PurgeError, match=word):
        number_of(typed)


def test_a_number_that_the_ledger_does_not_have_is_told(desk: Office):
    with pytest.raises(PurgeError, match="没有这个身份证号码"):
        purge(desk, id_number(77), "本人要求", TODAY)
    assert verify(desk) == []


def test_the_office_is_told_which_of_its_own_files_still_have_the_number(desk: Office):
    purge(desk, GONE, "本人要求", TODAY)
    assert [path.name for path in still_there(desk, GONE)] == ["一.xlsx", "二.xlsx"]


def test_a_purge_cut_off_after_it_reached_the_ledger_is_finished_by_the_next_run(desk: Office, monkeypatch: pytest.MonkeyPatch):
    class PowerCut(BaseException):
        pass

    def cut(*_: object) -> None:
        raise PowerCut

    monkeypatch.setattr(purging, "_remove_receipts", cut)
    with pytest.raises(PowerCut):
        purge(desk, GONE, "本人要求", TODAY)
    monkeypatch.undo()
    run(desk)
    assert verify(desk) == []
    assert "000001_20201008_2020-08_练市镇.xlsx" not in holding(desk, GONE)
