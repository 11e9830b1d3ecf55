"""`fetch` as a person meets it: encryption, a mailbox that stays closed, what the command tells, the page on mail."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.config import Imap
from pipeline.intake import WORKBOOK_ENDINGS
from pipeline.mail.mailbox import MailboxError
from pipeline.office import Office
from tests.support.desk import ROOT
from tests.support.dovecot import PASSWORD, Dovecot, Mailbox
from tests.support.letters import AUGUST, LIANSHI, letter, office_with_mailbox, taken


@pytest.fixture
def desk(tmp_path: Path, box: Mailbox) -> Office:
    return office_with_mailbox(tmp_path, box)


@pytest.mark.parametrize(("security", "port"), [("tls", "tls"), ("starttls", "plain"), ("none", "plain")])
def test_each_kind_of_encryption_works(imap_server: Dovecot, desk: Office, security: str, port: str):
    box = imap_server.account(security=security, port=getattr(imap_server, port))
    box.put(letter(LIANSHI, ("八月.xlsx", AUGUST)))
    assert len(taken(replace(desk, config=desk.config.model_copy(update={"imap": box.imap})))) == 1


def refused(desk: Office, password: str | None = PASSWORD, **changes: object) -> str:
    assert desk.config.imap is not None
    other = Imap.model_validate(desk.config.imap.model_dump() | changes)
    with pytest.raises(MailboxError) as stop:
        taken(replace(desk, config=desk.config.model_copy(update={"imap": other})), password=password)
    assert str(stop.value).isprintable()
    return str(stop.value)


def test_what_keeps_the_mailbox_closed_is_told_in_words(desk: Office, imap_server: Dovecot, monkeypatch: pytest.MonkeyPatch):
    assert "不接受用户名或密码" in refused(desk, "wrong")
    assert "不接受用户名或密码" in refused(desk, "错的")
    assert "IMAP_PASSWORD" in refused(desk, None)
    assert "连不上邮件服务器 localhost:1，" in refused(desk, port=1)
    assert "加密" in refused(desk, port=imap_server.plain, security="tls")
    assert "没有照办" in refused(desk, folder="没有的文件夹")
    monkeypatch.delenv("SSL_CERT_FILE")
    assert "证书未通过验证，没有收取" in refused(desk)


@pytest.fixture
def command(desk: Office, box: Mailbox, tmp_path: Path) -> Iterator[Callable[..., subprocess.CompletedProcess[str]]]:
    text = (ROOT / "config.yaml").read_text("utf-8")
    text = text.replace("imap.nanxun.invalid", "localhost").replace("port: 993", f"port: {box.imap.port}")
    text = text.replace("  user: anweiban@nanxun.invalid\n  folder", f"  user: {box.imap.user}\n  folder")
    text = text.replace("aliases: [练市镇人民政府]", f"aliases: [练市镇人民政府], mail: [{LIANSHI}]")
    (tmp_path / "config.yaml").write_text(text, "utf-8")

    def run(**environment: str) -> subprocess.CompletedProcess[str]:
        words = [sys.executable, str(ROOT / "run.py"), "fetch", "--today", "2020-10-08", "--config", str(tmp_path / "config.yaml"),
                 "--inputs", str(desk.inputs), "--outputs", str(desk.outputs)]
        return subprocess.run(words, capture_output=True, text=True, check=False, timeout=60, cwd=tmp_path, env=os.environ | environment)

    return run


def test_the_command_tells_what_was_taken_and_what_was_left(box: Mailbox, command: Callable[..., subprocess.CompletedProcess[str]]):
    box.put(letter(LIANSHI, ("八月.xlsx", AUGUST), ("33050319850101001X.pdf", b"%PDF")))
    box.put(letter("stranger@else.example", subject="广告 33050319850101001X\x1b[31m "))
    done = command(IMAP_PASSWORD=PASSWORD)
    assert (done.returncode, done.stderr) == (0, "查看邮件：2 个\n")
    assert done.stdout.splitlines() == [
        f"练市镇　{LIANSHI}　2020-10-08 09:12 收到", "  取出：inputs/邮件/2020-10-08_练市镇/八月.xlsx",
        "  没有取：330503********001X.pdf：不是工作簿",
        "没有取的邮件（留在邮箱里，仍是未读，请人工查看）：",
        "  stranger@else.example　2020-10-08　广告 330503********001X\ufffd[31m　发件人不在 config.yaml 里",
        "取了 1 封邮件的 1 个文件，请再运行一次 python run.py。"]
    assert command(IMAP_PASSWORD=PASSWORD).stdout.splitlines()[-1] == "取了 0 封邮件的 0 个文件。"


def test_the_command_ends_with_one_where_the_mailbox_is_closed(command: Callable[..., subprocess.CompletedProcess[str]]):
    done = command(IMAP_PASSWORD=PASSWORD[1:])
    assert done.returncode == 1
    assert "不接受用户名或密码" in done.stderr
    assert "Traceback" not in done.stderr


def test_placeholders_and_a_missing_section_are_told_before_anything_is_done(tmp_path: Path):
    done = subprocess.run([sys.executable, str(ROOT / "run.py"), "fetch", "--outputs", str(tmp_path / "out")], capture_output=True,
                          text=True, check=False, timeout=60)
    assert done.returncode == 1
    assert "imap.host 还是示例" in done.stderr
    assert not (tmp_path / "out").exists()


def test_the_page_on_mail_names_every_kind_of_workbook_that_is_taken():
    page = (ROOT / "docs" / "邮件.md").read_text("utf-8")
    assert set(re.findall(r"\.[a-z]{2,4}\b", page.split("附有工作簿（")[1].split("）")[0])) == set(WORKBOOK_ENDINGS)
