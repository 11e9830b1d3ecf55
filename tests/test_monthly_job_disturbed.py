"""The whole job on real workbooks where something comes in between: another run, a slow copy, a kill, a lost or changed ledger."""

from __future__ import annotations

import io
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from pipeline import monthly
from pipeline.ledger import server
from pipeline.ledger.lock import LedgerBusyError
from pipeline.office import Office
from pipeline.safekeeping import at_work, transaction
from pipeline.verification import verify
from tests.support.databases import change, ledger_rows, on_both
from tests.support.desk import ROOT, holder
from tests.support.month import TODAY, drop, fingerprint, month_of_files, office_with_a_month, run, said
from tests.support.workbooks import office, workbook


@pytest.fixture
def desk(tmp_path: Path) -> Office:
    return office_with_a_month(tmp_path)


def test_a_lost_ledger_is_made_again_from_originals_and_journal(desk: Office):
    run(desk)
    monthly.take_back(desk, 2, "放错", TODAY)
    before = ledger_rows(desk)
    (desk.outputs / "ledger" / "ledger.sqlite").unlink()
    run(desk)
    assert ledger_rows(desk) == before


@on_both
@pytest.mark.parametrize("victim", ["originals", "journal", "ledger"])
def test_verify_finds_what_was_changed_behind_its_back(desk: Office, victim: str):
    run(desk)
    if victim == "originals":
        path = next(path for path in desk.originals.iterdir() if "练市镇" in path.name)
        path.write_bytes(path.read_bytes()[:-1] + b"x")
    elif victim == "journal":
        desk.journal.write_text(desk.journal.read_text("utf-8").replace("双林镇", "菱湖镇"), "utf-8")
    else:
        change(desk, "update rows_certificates set level = '初级' where name = '甲2'")
    assert verify(desk) != []


@on_both
def test_a_second_run_at_the_same_time_stops_with_a_message_and_doubles_nothing(desk: Office, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(server, "_WAIT_SECONDS", 1)
    with at_work(desk), transaction(desk, dry=False), pytest.raises(LedgerBusyError, match="另一次运行"):
        run(desk)
    assert said(run(desk))["files"]["read"] == 4


def test_a_workbook_that_is_still_being_copied_is_left_for_the_next_run(desk: Office):
    slow, content = desk.inputs / "善琏镇.xlsx", workbook("善琏镇", "2020-09", {"certificates": [holder(9)]})
    noticed = threading.Event()

    def go_on(copy: io.FileIO) -> None:
        for at in range(1000, len(content)):
            copy.write(content[at:at + 1])
            noticed.wait(0.01)

    with slow.open("wb", buffering=0) as copy:
        copy.write(content[:1000])
        copying = threading.Thread(target=go_on, args=(copy,))
        copying.start()
        report = said(run(desk))
        noticed.set()
        copying.join()
    assert report["files"]["read"] == 4
    assert [(line["rule"], line["severity"]) for line in report["findings"] if line["file"] == "善琏镇.xlsx"] == [("N00", "提示")]
    later = said(run(desk))
    assert (later["files"]["accepted"], later["total"]["actual"]) == (1, 3)


def test_a_run_killed_at_any_moment_and_repeated_gives_the_same(desk: Office, tmp_path: Path):
    whole = office(tmp_path / "whole")
    drop(whole, month_of_files())
    run(whole)
    expected, rows = fingerprint(whole.outputs), ledger_rows(whole)
    command = [sys.executable, str(ROOT / "run.py"), "--inputs", str(desk.inputs), "--outputs", str(desk.outputs),
               "--today", str(TODAY), "--json"]
    moments = random.Random(11)
    for _ in range(8):
        shutil.rmtree(desk.outputs, ignore_errors=True)
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(moments.uniform(0.3, 2.0))
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        run(desk)
        assert fingerprint(desk.outputs) == expected
        assert ledger_rows(desk) == rows
