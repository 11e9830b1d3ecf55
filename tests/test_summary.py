"""The end of a run on the terminal: one screen of 80 columns and 24 lines; elsewhere whole lines, no boxes."""

from __future__ import annotations

import io
import os
import pty
import re
import subprocess
import sys
import termios
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from rich.cells import cell_len
from rich.console import Console

from pipeline import monthly
from pipeline.quarter_report import FileCounts
from pipeline.summary import show
from tests.support.desk import CONFIG, ROOT, award, candidate, holder
from tests.support.workbooks import office, workbook

TODAY = date(2020, 10, 8)


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> monthly.Outcome:
    """A full month: every unit late in some months, one file refused, awards to mend, to decide and repeated."""
    desk = office(tmp_path_factory.mktemp("desk"))
    for number, unit in enumerate(CONFIG.reporting_units[:12], 1):
        rows = {"certificates": [holder(number)], "certificate_awards": [award(number, amount=1.0 if number % 2 else 2000.0)],
                "candidates": [candidate(number)]}
        (desk.inputs / f"{unit}.xlsx").write_bytes(workbook(unit, "2020-08", rows))
    (desk.inputs / "坏的.xlsx").write_bytes(b"PK\x03\x04 not a workbook")
    (desk.inputs / "链接.xlsx").symlink_to("/dev/null")
    return monthly.run(desk, TODAY, None, False, 1, lambda *_: None)


def shown(outcome: monthly.Outcome, terminal: bool, **changes: object) -> str:
    console = Console(file=io.StringIO(), width=80, force_terminal=terminal, color_system=None, highlight=False)
    written = [Path("outputs", *path.parts[-3:]) for path in outcome.written]
    show(replace(outcome.report, **changes), written, console)
    return console.file.getvalue()


def test_all_of_it_fits_on_one_screen_of_80_columns_with_the_prompt_below(outcome: monthly.Outcome):
    lines = shown(outcome, terminal=True).splitlines()
    assert len(lines) <= 23
    assert [line for line in lines if cell_len(line) > 80] == []


def test_a_screen_says_how_many_are_missing_and_a_file_also_who(outcome: monthly.Outcome):
    screen, file = shown(outcome, terminal=True), shown(outcome, terminal=False)
    assert "2020-08 9 个：" in screen
    assert "…" in screen
    assert "、".join(CONFIG.reporting_units[12:]) in file
    assert "…" not in file


def test_every_row_read_is_accounted_for(outcome: monthly.Outcome):
    (line,) = [line for line in shown(outcome, terminal=False).splitlines() if line.startswith("持证人员")]
    read, *parts = map(int, re.findall(r"\d+", line))
    assert read == sum(parts) == 12


def test_a_file_that_was_left_alone_is_told_with_the_reason(outcome: monthly.Outcome):
    assert "链接.xlsx：这个链接指向 inputs/ 以外" in shown(outcome, terminal=False)


def test_a_file_that_was_refused_is_told_by_its_name_in_the_run_that_read_it(outcome: monthly.Outcome):
    assert "坏的.xlsx：" in shown(outcome, terminal=False)
    assert "没有收的 2 个（原因见“问题清单”）：坏的.xlsx、链接.xlsx" in shown(outcome, terminal=True)
    assert "坏的.xlsx" not in shown(outcome, terminal=False, files=FileCounts(read=13, unchanged=13))


def test_to_send_is_a_step_when_the_quarter_is_over_and_of_the_report_of_today(outcome: monthly.Outcome):
    assert "run.py send" in shown(outcome, terminal=False)
    assert "run.py send" not in shown(outcome, terminal=False, today=date(2020, 9, 30))
    assert "下一步" not in shown(outcome, terminal=False, as_of=date(2020, 10, 8))


def test_nothing_is_drawn_that_a_chinese_console_draws_twice_as_wide(outcome: monthly.Outcome):
    for terminal in (True, False):
        assert not re.search(r"[\u2500-\u259f]", shown(outcome, terminal))


def test_a_closed_quarter_and_an_earlier_day_are_told(outcome: monthly.Outcome):
    text = shown(outcome, terminal=False, closed_on=date(2020, 10, 20), as_of=date(2020, 10, 1))
    assert "截至2020年10月1日的台账" in text
    assert "该季度已于2020年10月20日封存" in text
    assert "run.py send" not in text


def test_before_anything_came_in_the_next_step_is_to_put_it_there(outcome: monthly.Outcome):
    text = shown(outcome, terminal=False, submissions=[], files=FileCounts())
    assert "下一步　　1. 把各单位交来的工作簿放进 inputs/" in text
    assert "run.py send" not in text


def test_markup_in_a_file_name_is_shown_as_it_is(outcome: monthly.Outcome):
    line = next(line for line in outcome.report.findings if not line.finding.submission)
    text = shown(outcome, terminal=False, findings=[replace(line, file="[red]甲[/red][/].xlsx")])
    assert "[red]甲[/red][/].xlsx：" in text


def job(tmp_path: Path) -> list[str]:
    desk = office(tmp_path)
    (desk.inputs / "练市镇.xlsx").write_bytes(workbook("练市镇", "2020-08", {"certificates": [holder(1)]}))
    return [sys.executable, str(ROOT / "run.py"), "--inputs", str(desk.inputs), "--outputs", str(desk.outputs),
            "--today", "2020-10-08"]


def test_without_a_terminal_there_are_plain_lines_and_stages_on_stderr(tmp_path: Path):
    done = subprocess.run(job(tmp_path), capture_output=True, check=True, timeout=120)
    assert b"\x1b" not in done.stdout + done.stderr
    assert done.stderr.decode().splitlines() == ["查看 inputs/：完成", "读取工作簿：完成", "核对、汇总：完成", "写出结果：完成"]


def test_on_a_terminal_bars_show_what_is_being_done_and_are_gone_at_the_end(tmp_path: Path):
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (24, 80))
    with subprocess.Popen(job(tmp_path), stdout=theirs, stderr=theirs, env=os.environ | {"TERM": "xterm-256color"}) as process:
        os.close(theirs)
        seen = b"".join(iter(lambda: _read(ours), b""))
    assert process.returncode == 0
    for stage in ("查看 inputs/", "读取工作簿", "核对、汇总", "写出结果"):
        assert stage in seen.decode()
    assert "━" not in seen.decode().split("2020年第三季度")[1]


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:  # the other end is closed
        return b""


@pytest.mark.parametrize("encoding", ["gbk", "ascii"])
def test_a_console_that_has_not_every_character_gets_a_question_mark_and_no_end(tmp_path: Path, encoding: str):
    command = job(tmp_path)
    (tmp_path / "inputs" / "甲\u202e•😀.xlsx").symlink_to("/dev/null")
    done = subprocess.run(command, capture_output=True, check=False, timeout=120, env=os.environ | {"PYTHONIOENCODING": encoding})
    assert done.returncode == 0
    assert ("持证人员" if encoding == "gbk" else "????") in done.stdout.decode(encoding)
    assert "??.xlsx" in done.stdout.decode(encoding)


def test_json_is_utf8_whatever_the_console_has(tmp_path: Path):
    command = [*job(tmp_path), "--json"]
    done = subprocess.run(command, capture_output=True, check=True, timeout=120, env=os.environ | {"PYTHONIOENCODING": "gbk"})
    assert '"sector": "危化冶炼建筑"' in done.stdout.decode("utf-8")
