"""What the whole job writes goes round: reviews and receipts come back filled in, mails leave, and no full ID number with them."""

from __future__ import annotations

import io
import socket
from datetime import date
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from openpyxl import load_workbook

from pipeline import sending
from pipeline.config import Smtp
from pipeline.ledger.opening import engine_for
from pipeline.machine import as_json
from pipeline.office import Office
from tests.support.databases import on_both
from tests.support.desk import CONFIG, decision, id_number
from tests.support.month import TODAY, drop, office_with_a_month, run, said
from tests.support.workbooks import workbook


@pytest.fixture
def desk(tmp_path: Path) -> Office:
    return office_with_a_month(tmp_path)


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


def test_a_refused_decision_asks_for_nothing_more_when_the_right_body_has_decided(desk: Office):
    number = said(run(desk))["claims"][0]["claim"]
    first_review = {"decisions": [decision(number, "初审", on="2020-10-09")]}
    drop(desk, {"越权.xlsx": workbook("双林镇", "2020-10", first_review)})
    run(desk, date(2020, 10, 12))
    receipt = desk.outputs / "receipts" / "2020-10" / "双林镇.xlsx"
    assert "F02" in str(list(load_workbook(receipt)["回执"].values))
    drop(desk, {"审核.xlsx": workbook("区应急管理局", "2020-10", first_review)})
    report = said(run(desk, date(2020, 10, 13)))
    assert report["claims"][0]["state"] == "待复审"
    assert not receipt.exists()
    assert [line["rule"] for line in report["findings"] if line["file"] == "越权.xlsx"] == ["F02"], "what was returned stays known"


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
