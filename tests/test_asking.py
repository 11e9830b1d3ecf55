"""What cannot be undone is told and asked at a screen; where nobody sits there, the command is the answer."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from pipeline import monthly
from pipeline.office import Office
from tests.support.desk import ROOT, award, decision, holder
from tests.support.workbooks import office, workbook


@pytest.fixture
def desk(tmp_path: Path) -> Office:
    """A town's claim that has passed its first review, in a quarter that is over."""
    made = office(tmp_path)
    rows = {"certificates": [holder(1)], "certificate_awards": [award(1)]}
    (made.inputs / "练市镇.xlsx").write_bytes(workbook("练市镇", "2020-08", rows))
    monthly.run(made, date(2020, 9, 4), None, False, 1, lambda *_: None)
    (made.inputs / "审核.xlsx").write_bytes(workbook("区应急管理局", "2020-09", {"decisions": [decision("NX-2020-0001", "初审")]}))
    monthly.run(made, date(2020, 10, 8), None, False, 1, lambda *_: None)
    return made


def answered(answer: str, desk: Office, *command: str) -> str:
    """What the command says at a screen, where this is typed."""
    ours, theirs = pty.openpty()
    os.write(ours, f"{answer}\n".encode())
    done = subprocess.run(
        [sys.executable, str(ROOT / "run.py"), *command, "--inputs", str(desk.inputs), "--outputs", str(desk.outputs),
         "--today", "2020-10-09"], stdin=theirs, capture_output=True, text=True, timeout=120, check=True)
    os.close(ours)
    os.close(theirs)
    return done.stdout


def test_withdraw_says_what_it_would_take_back_and_leaves_it_where_the_answer_is_no(desk: Office):
    told = answered("n", desk, "withdraw", "1", "--reason", "看错了")
    assert "第 1 号报送：练市镇 2020-08 练市镇.xlsx，共 2 行" in told
    assert "NX-2020-0001（待复审） 已经审核，撤回以后仍按原来的审核办理" in told
    assert told.endswith("没有撤回。\n")
    assert "已撤回第 1 号报送" in answered("y", desk, "withdraw", "1", "--reason", "看错了")


def test_close_says_that_it_cannot_be_undone_and_leaves_the_quarter_open_where_the_answer_is_no(desk: Office):
    told = answered("n", desk, "close", "--quarter", "2020Q3")
    assert "封邮件没有发出。封存以后不能解封" in told
    assert told.endswith("没有封存。\n")
    assert "2020年第三季度已封存" in answered("y", desk, "close", "--quarter", "2020Q3")
