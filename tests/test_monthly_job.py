"""The whole job on real workbooks: repeated, disordered, killed, withdrawn, reviewed, sent."""

from __future__ import annotations

import hashlib
import io
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from datetime import date
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from openpyxl import load_workbook

from pipeline import monthly, sending
from pipeline.config import Smtp
from pipeline.ledger import server
from pipeline.ledger.lock import LedgerBusyError
from pipeline.ledger.opening import engine_for
from pipeline.machine import as_json
from pipeline.office import Office
from pipeline.safekeeping import at_work, transaction
from pipeline.verification import verify
from tests.support.databases import change, ledger_rows, on_both
from tests.support.desk import CONFIG, ROOT, award, holder, id_number
from tests.support.workbooks import office, workbook

TODAY = date(2020, 10, 8)


def month_of_files() -> dict[str, bytes]:
    return {
        "2020-08/练市镇8月.xlsx": workbook("练市镇", "2020-08", {
            "certificates": [holder(1), holder(2), holder(3, level="高级")],
            "certificate_awards": [award(1), award(2, amount=1000.0)]}),
        "双林镇.xlsx": workbook("双林镇", "2020年8月", {
            "certificates": [holder(1), holder(4, sector="其他")], "certificate_awards": [award(1), award(4)]}),
        "菱湖镇.xlsx": workbook("菱湖镇", "202008", {}, nil=True),
        "坏的.xlsx": b"PK\x03\x04 not a workbook",
    }


def drop(desk: Office, files: dict[str, bytes]) -> None:
    for name, content in files.items():
        path = desk.inputs / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def run(desk: Office, today: date = TODAY, dry: bool = False) -> monthly.Outcome:
    return monthly.run(desk, today, None, dry, 1, lambda *_: None)


def said(outcome: monthly.Outcome) -> dict:
    return json.loads(as_json(outcome.report, []))


def fingerprint(folder: Path) -> dict[str, str]:
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.fixture
def desk(tmp_path: Path) -> Office:
    made = office(tmp_path)
    drop(made, month_of_files())
    return made


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
def test_a_review_filled_in_and_dropped_back_moves_the_claims_on(desk: Office):
    run(desk)
    book = load_workbook(desk.outputs / "reviews" / "区应急管理局.xlsx")
    book["封面"]["B3"], book["封面"]["B4"] = "李某", "13900000000"
    page = book["审核意见"]
    page["C4"], page["D4"], page["E4"] = "核准", date(2020, 10, 9), "李某"
    target = io.BytesIO()
    book.save(target)
    drop(desk, {"审核/应急局.xlsx": target.getvalue()})
    report = said(run(desk, date(2020, 10, 12)))
    assert [claim["state"] for claim in report["claims"]] == ["待复审", "退回", "重复", "待初审"]
    assert [line for line in report["findings"] if line["file"] == "审核/应急局.xlsx"] == []
    assert (desk.outputs / "reviews" / "练市镇.xlsx").exists()


def test_a_mended_receipt_comes_in_as_a_correction_without_the_earlier_marks(desk: Office):
    run(desk)
    receipt = desk.outputs / "receipts" / "2020-08" / "练市镇.xlsx"
    book = load_workbook(receipt)
    assert book.sheetnames[0] == "回执"
    faulty = next(cell for row in book["证书奖励申请"] for cell in row if cell.comment)
    assert "I01" in faulty.comment.text
    faulty.value = 2000
    target = io.BytesIO()
    book.save(target)
    drop(desk, {"练市镇更正.xlsx": target.getvalue()})
    report = said(run(desk, date(2020, 10, 12)))
    assert [claim["state"] for claim in report["claims"]][:2] == ["待初审", "待初审"]
    assert report["reconciliation"]["certificates"]["superseded"] == 3
    marked = [cell.coordinate for row in load_workbook(receipt)["证书奖励申请"] for cell in row if cell.comment]
    assert marked == []


def test_no_full_id_leaves_the_places_where_it_may_stand(desk: Office):
    outcome = run(desk)
    numbers = [id_number(serial).encode() for serial in range(1, 5)]
    open_places = [path for path in desk.outputs.rglob("*") if path.is_file()
                   and not {"ledger", "receipts", "reviews"} & set(path.relative_to(desk.outputs).parts)]
    texts = [path.read_bytes() for path in open_places if path.suffix != ".xlsx"]
    texts += [str([cell.value for page in load_workbook(path) for row in page for cell in row]).encode()
              for path in open_places if path.suffix == ".xlsx"]
    texts += [as_json(outcome.report, []).encode(), desk.journal.read_bytes()]
    assert len(texts) > 20
    assert not [number for number in numbers for text in texts if number in text]


class Inbox:
    def __init__(self) -> None:
        self.recipients: list[str] = []

    async def handle_DATA(self, server, session, envelope):
        self.recipients += envelope.rcpt_tos
        return "250 OK"


def test_the_mails_are_sent_once_each_to_a_real_server(desk: Office):
    inbox = Inbox()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = Controller(inbox, hostname="127.0.0.1", port=port)
    server.start()
    try:
        members = [member.model_copy(update={"email": member.email.replace(".invalid", ".example")})
                   for member in CONFIG.leading_group]
        smtp = Smtp(host="127.0.0.1", port=port, security="none", user=None,
                    sender="office@nanxun.example")
        config = CONFIG.model_copy(update={"leading_group": members, "smtp": smtp})
        sender = Office(config, b"", desk.inputs, desk.outputs)
        run(sender)
        for _ in range(2):
            engine = engine_for(config.ledger.url, sender.outputs)
            _, mails = sending.waiting(sender, engine, None, TODAY)
            assert sending.send(sender, engine, mails, TODAY, lambda _: None)
        assert sorted(inbox.recipients) == sorted(member.email for member in members)
    finally:
        server.stop()


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
