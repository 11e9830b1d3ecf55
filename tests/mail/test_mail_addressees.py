"""Where an answer goes: to the unit's own mailbox by config.yaml, and to a person where sender and cover disagree."""

from __future__ import annotations

from dataclasses import replace
from email.message import EmailMessage
from typing import Any

import pytest

from pipeline.fetching import fetch
from pipeline.office import Office
from pipeline.verification import verify
from tests.support.desk import CONFIG
from tests.support.dovecot import PASSWORD, Dovecot
from tests.support.post import (
    AFTER,
    FAULTY,
    LIANSHI,
    TODAY,
    UNITS,
    PostOffice,
    due,
    paper,
    receive,
    run,
    send,
    text_of,
    told,
)


def test_a_new_address_gets_no_second_copy(desk: Office, post: tuple[PostOffice, int]):
    send(desk, AFTER)
    moved = [unit.model_copy(update={"mail": [f"new-{unit.mail[0]}"]}) for unit in UNITS]
    assert told(replace(desk, config=desk.config.model_copy(update={"units": moved})), AFTER) == []


def test_a_unit_without_a_mailbox_is_written_to_through_its_member_of_the_leading_group(desk: Office):
    units = [unit.model_copy(update={"mail": []}) for unit in UNITS]
    group = [member.model_copy(update={"email": member.email.replace(".invalid", ".example")}) for member in CONFIG.leading_group]
    desk = replace(desk, config=desk.config.model_copy(update={"units": units, "leading_group": group}))
    assert [one.letter.recipient for one in due(desk).mails] == ["qianjianzhong@nanxun.example"]


def test_an_address_that_is_a_placeholder_or_missing_stops_everything_with_its_place(desk: Office):
    units = [unit.model_copy(update={"mail": []}) for unit in UNITS]
    desk = replace(desk, config=desk.config.model_copy(update={"units": units}))
    assert due(desk).faults == ["config.yaml 的 units 中练市镇的 mail 还是示例“qianjianzhong@nanxun.invalid”，请换成真实的邮箱"]
    nobody = replace(desk, config=desk.config.model_copy(update={"leading_group": []}))
    assert due(nobody).faults == ["config.yaml 里没有练市镇的邮箱，请在 units 中写上它的 mail"]


def mailed(desk: Office, imap: Any, sender: str, content: bytes) -> Office:
    """A file that came by mail, through the real server, and was read."""
    message = EmailMessage()
    message["From"] = sender
    message.set_content("")
    message.add_attachment(content, maintype="application", subtype="octet-stream", filename="报表.xlsx")
    imap.put(message.as_bytes(), received="04-Sep-2020 09:00:00 +0800")
    desk = replace(desk, config=desk.config.model_copy(update={"imap": imap.imap}))
    assert len(list(fetch(desk, imap.imap, PASSWORD, TODAY, lambda *_: None))) == 1
    run(desk)
    return desk


def test_the_loop_closes(empty: Office, post: tuple[PostOffice, int], imap_server: Dovecot, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(imap_server.certificate))
    empty = mailed(empty, imap_server.account(), LIANSHI, paper("练市镇", FAULTY))
    assert send(empty)
    [message] = post[0].to(LIANSHI)
    assert "可以直接回复本邮件，附上改好的工作簿。" in text_of(message)
    assert verify(empty) == []


def test_a_file_without_a_cover_is_answered_to_the_unit_that_mailed_it(
    empty: Office, post: tuple[PostOffice, int], imap_server: Dovecot, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("SSL_CERT_FILE", str(imap_server.certificate))
    empty = mailed(empty, imap_server.account(), LIANSHI, b"no workbook")
    assert due(empty).by_hand == []
    assert send(empty)
    assert "这份文件没有接收" in text_of(post[0].to(LIANSHI)[0])


def test_a_cover_that_names_another_unit_than_the_senders_is_left_to_a_person(
    empty: Office, post: tuple[PostOffice, int], imap_server: Dovecot, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("SSL_CERT_FILE", str(imap_server.certificate))
    empty = mailed(empty, imap_server.account(), LIANSHI, paper("菱湖镇", FAULTY))
    found = due(empty)
    assert found.by_hand == ["receipts/2020-08/菱湖镇.xlsx：来自练市镇的邮箱，封面却写菱湖镇，请核对后人工退回"]
    assert found.mails == []


def test_a_file_of_nobody_is_left_to_a_person(empty: Office):
    receive(empty, "坏.xlsx", b"no workbook")
    assert due(empty).by_hand == ["receipts/单位或月份不明/000001.xlsx：不知道是哪个单位的，请人工退回"]
