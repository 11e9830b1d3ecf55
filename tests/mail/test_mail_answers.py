"""`send --receipts` against a real SMTP server: who is answered with what, who is reminded, and nobody twice."""

from __future__ import annotations

import io
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from openpyxl import load_workbook

from pipeline import answering, monthly, sending
from pipeline.config import Smtp
from pipeline.fetching import fetch
from pipeline.idnumber import check_digit
from pipeline.ledger.opening import engine_for
from pipeline.office import Office
from pipeline.verification import verify
from tests.support.desk import CONFIG, ROOT, award, holder, id_number
from tests.support.dovecot import PASSWORD, Dovecot
from tests.support.workbooks import office, workbook

TODAY = date(2020, 9, 4)  # August's return is due on 5 September
AFTER = date(2020, 9, 6)
LIANSHI = "clerk@lianshi.example"
FAULTY = {"certificates": [holder(1), holder(2, level="大级")], "certificate_awards": [award(1)]}
UNITS = [unit.model_copy(update={"mail": [f"unit{at}@district.example"] if unit.name != "练市镇" else [LIANSHI]})
         for at, unit in enumerate(CONFIG.units)]


@dataclass
class PostOffice:
    """Keeps what it accepts; answers some recipients otherwise, and cuts the line where the answer is None."""

    answers: dict[str, str | None] = field(default_factory=dict)
    letters: list[tuple[str, EmailMessage]] = field(default_factory=list)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        (recipient,) = envelope.rcpt_tos
        answer = self.answers.get(recipient, "250 OK")
        if answer is None:
            server.transport.abort()
        elif answer.startswith("250"):
            message = message_from_bytes(envelope.content, policy=default)
            assert isinstance(message, EmailMessage)
            self.letters.append((recipient, message))
        return answer or "250 nobody hears this"

    def to(self, recipient: str) -> list[EmailMessage]:
        return [message for address, message in self.letters if address == recipient]


class AnyPort(Controller):
    """Port 0 lets the system choose; the controller then asks its own server which it is."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@pytest.fixture
def post() -> Iterator[tuple[PostOffice, int]]:
    handler = PostOffice()
    controller = AnyPort(handler, hostname="127.0.0.1", port=0)
    controller.start()
    yield handler, controller.port
    controller.stop()


def paper(unit: str, sheets: Mapping[str, list[dict[str, Any]]], month: str = "2020-08", *, nil: bool = False) -> bytes:
    return workbook(unit, month, sheets, filled_on="2020-09-03", nil=nil)


@pytest.fixture
def empty(tmp_path: Path, post: tuple[PostOffice, int]) -> Office:
    """Nothing has come yet."""
    smtp = Smtp(host="127.0.0.1", port=post[1], security="none", sender="office@district.example", retry_seconds=[0])
    return replace(office(tmp_path), config=CONFIG.model_copy(update={"units": UNITS, "smtp": smtp}))


@pytest.fixture(scope="module")
def of_one_unit(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An office that has read one workbook with a row that goes back, for every test to copy."""
    folder = tmp_path_factory.mktemp("one")
    receive(office(folder), "八月.xlsx", paper("练市镇", FAULTY))
    return folder


@pytest.fixture
def desk(empty: Office, of_one_unit: Path) -> Office:
    """August's workbook of 练市镇 has come, and a row of it goes back."""
    shutil.copytree(of_one_unit, empty.inputs.parent, dirs_exist_ok=True)
    return empty


def receive(desk: Office, name: str, content: bytes, today: date = TODAY) -> None:
    (desk.inputs / name).write_bytes(content)
    run(desk, today)


def run(desk: Office, today: date = TODAY) -> None:
    monthly.run(desk, today, None, False, 1, lambda *_: None)


def due(desk: Office, today: date = TODAY) -> answering.Due:
    engine = engine_for(desk.config.ledger.url, desk.outputs)
    found = answering.due(desk, engine, today)
    engine.dispose()
    return found


def told(desk: Office, today: date = TODAY) -> list[tuple[str, str | None]]:
    return [(str(one.what), one.state) for one in due(desk, today).mails]


def send(desk: Office, today: date = TODAY, again: tuple[str, ...] = ()) -> bool:
    engine = engine_for(desk.config.ledger.url, desk.outputs)
    found = answering.due(desk, engine, today, again)
    arrived = sending.send(desk, engine, found.mails, today, lambda _: None)
    engine.dispose()
    return arrived


def text_of(message: EmailMessage) -> str:
    body = message.get_body(("plain",))
    assert body is not None
    return body.get_content().replace("\r\n", "\n")


def attached(message: EmailMessage) -> bytes:
    [part] = message.iter_attachments()
    content = part.get_content()
    assert isinstance(content, bytes)
    return content


def test_a_unit_gets_its_own_workbook_back_with_what_became_of_it(desk: Office, post: tuple[PostOffice, int]):
    assert told(desk) == [("练市镇　2020-08 回执（第 000001 号，没有密码）", None)]
    assert send(desk)
    [(recipient, message)] = post[0].letters
    assert (recipient, message["Subject"]) == (LIANSHI, "练市镇2020年8月报表的回执（第000001号）")
    assert attached(message) == (desk.outputs / "receipts" / "2020-08" / "练市镇.xlsx").read_bytes()
    assert message.get_body(("plain",))
    assert "取用 2 行；退回 1 行；需要核对 0 处。" in text_of(message)
    assert "文件“八月.xlsx”，2020年9月4日收到，收件编号 000001" in text_of(message)
    assert load_workbook(io.BytesIO(attached(message))).sheetnames[0] == "回执"


def test_nobody_is_answered_twice_and_the_ledger_holds(desk: Office, post: tuple[PostOffice, int]):
    send(desk)
    run(desk, date(2020, 9, 5))
    assert told(desk, date(2020, 9, 5)) == []
    assert send(desk, date(2020, 9, 5))
    assert len(post[0].letters) == 1
    assert verify(desk) == []


def test_each_file_has_an_answer_of_its_own_but_a_sound_one_needs_none(desk: Office, post: tuple[PostOffice, int]):
    (desk.inputs / "申请.xlsx").write_bytes(paper("练市镇", {"certificate_awards": [award(5, amount=1.0)]}))
    receive(desk, "菱湖镇.xlsx", paper("菱湖镇", {"certificates": [holder(3)]}))
    send(desk)
    assert [message["Subject"][-10:] for message in post[0].to(LIANSHI)] == ["（第000001号）", "（第000002号）"]
    assert len(post[0].letters) == 2


def test_where_other_rows_go_back_since_the_unit_gets_an_updated_receipt(desk: Office, post: tuple[PostOffice, int]):
    send(desk)
    register = {"bar_list": [{"name": "甲1", "id_number": id_number(1), "barred_on": "2020-09-01", "reason": "弄虚作假"}]}
    receive(desk, "失信.xlsx", paper("区应急管理局", register))
    assert told(desk) == [("练市镇　2020-08 更新的回执（第 000001 号，没有密码）", None)]
    send(desk)
    assert told(desk) == []
    first, second = post[0].to(LIANSHI)
    assert second["Subject"] == "【更新】练市镇2020年8月报表的回执（第000001号）"
    assert "本邮件更新并取代此前对这份报表的回执。" in text_of(second)
    assert first["Message-ID"] != second["Message-ID"]


def test_a_letter_says_nothing_of_a_person(empty: Office, post: tuple[PostOffice, int]):
    number = "33050319850101007" + check_digit("33050319850101007")
    receive(empty, f"甲7 {number}.xlsx", paper("练市镇", {"certificates": [holder(6), holder(7, level="大级")]}))
    send(empty)
    [(_, message)] = post[0].letters
    said = "\n".join([*map(str, message.values()), text_of(message)])
    assert number not in said
    assert "19850101" not in said
    assert f"330503********{number[-4:]}" in said


def test_a_whole_file_that_went_back_is_answered_too(empty: Office, post: tuple[PostOffice, int]):
    receive(empty, "将来.xlsx", paper("练市镇", FAULTY, "2020-12"))
    send(empty)
    [(recipient, message)] = post[0].letters
    assert recipient == LIANSHI
    assert "这份文件没有接收，原因见附件。" in text_of(message)


def test_nothing_is_sent_while_a_file_waits_to_be_read_or_a_receipt_is_not_todays(desk: Office):
    (desk.inputs / "新.xlsx").write_bytes(paper("菱湖镇", FAULTY))
    with pytest.raises(sending.StaleMailsError, match="还没有读的文件"):
        due(desk)
    (desk.inputs / "新.xlsx").unlink()
    (desk.outputs / "receipts" / "2020-08" / "练市镇.xlsx").unlink()
    with pytest.raises(sending.StaleMailsError, match="情况有变化"):
        due(desk)


def test_receipts_without_a_password_are_warned_of_and_locked_ones_leave_locked(desk: Office, post: tuple[PostOffice, int]):
    assert due(desk).unlocked == {"练市镇"}
    (desk.ledger / "回执密码.csv").write_text("练市镇,一把锁", "utf-8")
    run(desk)
    found = due(desk)
    assert (found.unlocked, [one.what for one in found.mails]) == (set(), ["练市镇　2020-08 回执（第 000001 号，已加密码）"])
    send(desk)
    [(_, message)] = post[0].letters
    assert attached(message).startswith(b"\xd0\xcf\x11\xe0")  # an encrypted workbook, which is no zip
    assert "附件已加密码，密码另行告知" in text_of(message)
    assert "一把锁" not in text_of(message)


def overdue(desk: Office, today: date) -> list[str]:
    return sorted(one.letter.recipient for one in due(desk, today).mails if one.occasion.startswith("催报"))


def test_who_has_not_reported_is_reminded_once_after_the_due_day(desk: Office, post: tuple[PostOffice, int]):
    assert overdue(desk, date(2020, 9, 5)) == []
    reminded = overdue(desk, AFTER)
    assert len(reminded) == len(CONFIG.reporting_units) - 1
    assert LIANSHI not in reminded
    send(desk, AFTER)
    assert sorted(recipient for recipient, _ in post[0].letters) == sorted([LIANSHI, *reminded])
    [message] = post[0].to(reminded[0])
    assert message["Subject"] == "请报送2020年8月的填报表"
    assert "2020年8月的填报表应在2020年9月5日以前报送，截至2020年9月6日还没有收到" in text_of(message)
    assert not list(message.iter_attachments())
    assert overdue(desk, date(2020, 9, 8)) == []


def test_each_month_has_a_reminder_of_its_own_but_none_of_before_the_ledger_began(desk: Office, post: tuple[PostOffice, int]):
    send(desk, AFTER)
    run(desk, date(2020, 10, 6))  # the receipt is another by then: a review is overdue
    october = [one.occasion for one in due(desk, date(2020, 10, 6)).mails]
    assert set(october) == {"催报 2020-09 截止 2020-10-05"}
    assert len(october) == len(CONFIG.reporting_units)


def test_a_nil_return_is_a_return_and_a_file_that_went_back_whole_is_none(desk: Office):
    (desk.inputs / "零.xlsx").write_bytes(paper("双林镇", {}, nil=True))
    receive(desk, "坏.xlsx", paper("菱湖镇", {}))
    reminded = overdue(desk, AFTER)
    assert desk.config.mail_of("双林镇")[0] not in reminded
    assert desk.config.mail_of("菱湖镇")[0] in reminded


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


def test_each_recipient_has_a_state_and_what_may_have_arrived_is_not_sent_again(desk: Office, post: tuple[PostOffice, int]):
    for at, name in enumerate(("菱湖镇", "双林镇")):
        (desk.inputs / f"{name}.xlsx").write_bytes(paper(name, {"certificates": [holder(5 + at), holder(7 + at, level="大级")]}))
    run(desk)
    lost, full = (desk.config.mail_of(name)[0] for name in ("菱湖镇", "双林镇"))
    post[0].answers |= {lost: None, full: "452 full"}
    assert not send(desk)
    assert [(what.partition("　")[0], state) for what, state in told(desk)] == [("双林镇", "待重试"), ("菱湖镇", "待核实")]
    post[0].answers.clear()
    assert send(desk)
    assert [(what.partition("　")[0], state) for what, state in told(desk)] == [("菱湖镇", "待核实")]
    assert (len(post[0].to(full)), len(post[0].to(lost))) == (1, 0)
    assert send(desk, again=(lost,))
    assert len(post[0].to(lost)) == 1
    assert told(desk) == []


def test_receipts_do_not_turn_the_quarters_mails_into_corrections(desk: Office, post: tuple[PostOffice, int]):
    group = [member.model_copy(update={"email": LIANSHI}) for member in CONFIG.leading_group[:1]]
    desk = replace(desk, config=desk.config.model_copy(update={"leading_group": group}))
    send(desk)
    run(desk)
    mail = desk.outputs / "2020Q3" / "mail" / "01_组长_王剑峰.eml"
    assert "更正" not in message_from_bytes(mail.read_bytes(), policy=default)["Subject"]


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


def test_the_command_shows_warns_asks_and_sends(desk: Office, post: tuple[PostOffice, int], tmp_path: Path):
    text = (ROOT / "config.yaml").read_text("utf-8").replace("smtp.nanxun.invalid", "127.0.0.1").replace(".invalid", ".example")
    text = text.replace("port: 465", f"port: {post[1]}").replace("security: tls", "security: none", 1)
    text = text.replace("  user: anweiban@nanxun.example\n  sender", "  sender")
    (tmp_path / "config.yaml").write_text(text, "utf-8")

    def command(*options: str, answer: str = "") -> subprocess.CompletedProcess[str]:
        words = [sys.executable, ROOT / "run.py", "send", "--receipts", "--today", "2020-09-04", "--config", tmp_path / "config.yaml",
                 "--inputs", desk.inputs, "--outputs", desk.outputs, *options]
        return subprocess.run(list(map(str, words)), input=answer, capture_output=True, text=True, check=False, timeout=60, cwd=tmp_path)

    shown = command(answer="n\n")
    assert shown.stdout.splitlines()[0].startswith("注意：练市镇的回执没有加密码，里面可能有完整的身份证号码")
    assert shown.stdout.splitlines()[1] == "qianjianzhong@nanxun.example　未发送　练市镇　2020-08 回执（第 000001 号，没有密码）"
    assert shown.stdout.rstrip().endswith("没有发送。")
    assert post[0].letters == []
    sent = command("--yes")
    assert (sent.returncode, len(post[0].letters)) == (0, 1), sent.stderr
    assert command("--quarter", "2020Q3").returncode == 2
