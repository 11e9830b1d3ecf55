"""`doctor` on the office: config.yaml, ledger, mail and holidays, each broken by itself."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from pipeline.doctor.check import Desk
from tests.support.checks import at, marks, text
from tests.support.desk import ROOT


def test_a_broken_config_is_told_with_its_lines_and_the_rest_is_still_looked_at(desk: Desk):
    sound = desk.config.read_text("utf-8")
    desk.config.write_text(sound.replace("due_day: 5 ", "due_day: 五 ").replace("ratio_round: ceil", "ratio_round: up"), "utf-8")
    said = text(desk, "config.yaml")
    line = next(number for number, one in enumerate(sound.splitlines(), 1) if one.startswith("due_day"))
    assert f"第 {line} 行 due_day" in said
    assert said.count("config.yaml 第") == 2
    assert (marks(desk)["台账"], marks(desk)["磁盘空间"]) == ("□", "√")
    assert "找不到配置文件" in text(at(desk, config=desk.config.with_name("none.yaml")), "config.yaml")


def test_a_member_of_nearly_a_unit_is_asked_about_and_one_of_none_is_not(desk: Desk):
    assert "leading_group" not in text(desk, "config.yaml"), "领导小组 itself is no unit"
    desk.config.write_text(desk.config.read_text("utf-8").replace("unit: 区财政局, email", "unit: 财政, email"), "utf-8")
    assert "孙晖的 unit“财政”不在 units 中" in text(desk, "config.yaml")
    assert "是不是“区财政局”？" in text(desk, "config.yaml")


def _flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[-20] ^= 1
    path.write_bytes(content)


@pytest.mark.parametrize(("damage", "word"), [
    (lambda desk: _flip(desk.ledger / "ledger.sqlite"), "ledger.sqlite 与上次运行结束时不同"),
    (lambda desk: _flip(desk.ledger / "journal.jsonl"), "journal.jsonl"),
    (lambda desk: _flip(next((desk.ledger / "originals").iterdir())), "原件被改动过"),
    (lambda desk: next((desk.ledger / "configs").iterdir()).unlink(), "config.yaml 不见了"),
    (lambda desk: (desk.ledger / "ledger.sqlite").write_bytes(b"none" * 999), "数据库文件已损坏")])
def test_a_damaged_ledger_stops_and_the_way_out_is_told(desk: Desk, damage: Callable[[Desk], None], word: str):
    damage(desk)
    said = text(desk, "台账")
    assert said.startswith("× 台账")
    assert word in said
    assert "verify --restore" in said


def test_a_ledger_that_is_in_use_is_left_alone_and_one_that_is_not_there_is_fine(desk: Desk, tmp_path: Path):
    holder_ = subprocess.Popen([sys.executable, "-c", HOLD, str(desk.ledger)], stdout=subprocess.PIPE, stdin=subprocess.PIPE, cwd=ROOT)
    assert holder_.stdout
    holder_.stdout.readline()
    assert "□ 台账　正在被另一次运行使用" in text(desk, "台账")
    holder_.communicate(b"\n")
    assert text(desk, "台账").startswith("√ 台账　封条完好")
    assert "第一次运行时建立" in text(at(desk, outputs=tmp_path / "none"), "台账")
    assert not (tmp_path / "none").exists()


HOLD = """
import sys
from pathlib import Path
from pipeline.ledger.lock import locked
with locked(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.readline()
"""


def test_the_mail_server_is_asked_only_where_it_is_a_real_one(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("SMTP_PASSWORD", "x")
    assert "连不上 127.0.0.1:" in text(desk, "发信")
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        desk.config.write_text(re_port(desk.config.read_text("utf-8"), port), "utf-8")
        assert text(desk, "发信") == f"√ 发信　127.0.0.1:{port} 可以连接"
    monkeypatch.setattr(socket, "create_connection", lambda *_, **__: pytest.fail("asked"))
    assert "还没有配置" in text(at(desk, config=ROOT / "config.yaml"), "发信")


def test_the_mailbox_is_asked_only_where_there_is_one(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("IMAP_PASSWORD", raising=False)
    sound = desk.config.read_text("utf-8")
    with socket.create_server(("127.0.0.1", 0)) as server:
        desk.config.write_text(re_port(sound, server.getsockname()[1]), "utf-8")
        assert "可以连接，没有找到密码" in text(desk, "收信")
    assert "连不上 127.0.0.1:" in text(desk, "收信")
    assert "还没有配置" in text(at(desk, config=ROOT / "config.yaml"), "收信")
    desk.config.write_text(re.sub(r"^imap:.*\n(?:  .*\n)*", "", sound, flags=re.MULTILINE), "utf-8")
    assert text(desk, "收信") == ""


def re_port(config: str, port: int) -> str:
    return "\n".join(f"  port: {port}" if line.startswith("  port: ") else line for line in config.splitlines())


@pytest.mark.parametrize(("today", "said"), [
    (date(2026, 6, 1), "√ 节假日　2026 年"), (date(2026, 12, 31), "□ 节假日　还不知道 2027 年"),
    (date(2031, 3, 1), "□ 节假日　还不知道 2031 年")])
def test_years_whose_holidays_are_not_known_are_told(desk: Desk, monkeypatch: pytest.MonkeyPatch, today: date, said: str):
    import chinese_calendar

    def until_2026(day: date) -> bool:
        if day.year > 2026:
            raise NotImplementedError
        return True

    monkeypatch.setattr(chinese_calendar, "is_workday", until_2026)
    assert text(at(desk, today=today), "节假日").startswith(said)
