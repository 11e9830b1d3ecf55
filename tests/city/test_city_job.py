"""A city of three districts in one go: repeated, killed, dry, withdrawn, two at once, and with one district that fails."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pipeline import monthly
from pipeline.city import job as city_job
from pipeline.city.offices import City
from pipeline.city.verification import verify
from pipeline.faults import CannotGoOn
from pipeline.ledger.lock import LedgerBusyError, locked
from tests.support.city import CLOUD, DAY, EAST, LATER, Q3, WEST, asks, city, go, states, texts
from tests.support.month import fingerprint


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
