"""`send --receipts` against a real SMTP server: who is answered with what, and nobody twice."""

from __future__ import annotations

import io
import subprocess
import sys
from dataclasses import replace
from datetime import date
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from openpyxl import load_workbook

from pipeline import sending
from pipeline.idnumber import check_digit
from pipeline.office import Office
from pipeline.verification import verify
from tests.support.desk import CONFIG, ROOT, award, holder, id_number
from tests.support.post import FAULTY, LIANSHI, PostOffice, attached, due, paper, receive, run, send, text_of, told


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
