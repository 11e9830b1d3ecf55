"""Faults of the machine: locked files, a disk that takes no more, a clock that jumps, a wrong config.yaml."""

from __future__ import annotations

import json
import resource
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from pipeline import monthly
from pipeline.machine import as_json
from pipeline.office import Office
from pipeline.verification import verify
from tests.support.desk import ROOT, award, holder
from tests.support.workbooks import office, workbook

TODAY = date(2020, 10, 8)


@pytest.fixture
def desk(tmp_path: Path) -> Office:
    made = office(tmp_path)
    bring(made, "练市镇", 1)
    return made


def bring(desk: Office, unit: str, *serials: int) -> None:
    (desk.inputs / f"{unit}{serials[0]}.xlsx").write_bytes(workbook(unit, "2020-08", {
        "certificates": [holder(serial) for serial in serials],
        "certificate_awards": [award(serial) for serial in serials]}))


def run(desk: Office, today: date = TODAY) -> monthly.Outcome:
    return monthly.run(desk, today, None, False, 1, lambda *_: None)


def command(desk: Office, *options: str, before: Callable[[], None] | None = None) -> subprocess.CompletedProcess[str]:
    words = [sys.executable, str(ROOT / "run.py"), "--inputs", str(desk.inputs), "--outputs", str(desk.outputs),
             "--today", "2020-10-08", *options]
    return subprocess.run(words, capture_output=True, text=True, check=False, timeout=120, preexec_fn=before)


def papers(desk: Office) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in desk.outputs.rglob("*") if path.is_file() and desk.ledger not in path.parents}


def test_an_output_that_is_open_in_another_program_gets_a_numbered_sibling_and_a_word(
    desk: Office, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    run(desk)
    workbook_ = desk.outputs / "2020Q3" / "季度进度表_2020Q3.xlsx"
    before = workbook_.read_bytes()
    bring(desk, "双林镇", 2)
    rename = Path.replace

    def as_windows_does(self: Path, target: Path) -> Path:
        if Path(target) == workbook_:
            raise PermissionError(13, "being used by another process", str(target))
        return rename(self, target)

    monkeypatch.setattr(Path, "replace", as_windows_does)
    outcome = run(desk)
    sibling = workbook_.with_stem("季度进度表_2020Q3_2")
    assert workbook_.read_bytes() == before
    assert sibling in outcome.written
    assert sibling.read_bytes() != before
    assert "“季度进度表_2020Q3.xlsx”正被打开或不许改写，新的内容另写为“季度进度表_2020Q3_2.xlsx”" in caplog.text


@pytest.mark.parametrize("place", ["/proc/outputs", "/sys/outputs"])
def test_a_folder_that_takes_no_files_ends_in_a_page_that_says_what_to_do(desk: Office, place: str):
    done = command(replace(desk, outputs=Path(place)))
    (ROOT / "运行错误.txt").unlink(missing_ok=True)
    assert done.returncode == 1
    assert "运行没有完成" in done.stderr
    assert "Traceback" not in done.stderr


def small_files(limit: int) -> Callable[[], None]:
    """The system takes no byte beyond `limit` of any file, as a full disk does."""
    def before() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    return before


@pytest.mark.parametrize("limit", [0, 2_000, 5_000, 20_000, 60_000, 120_000])
def test_a_disk_that_takes_no_more_leaves_the_old_papers_and_a_later_run_goes_on(desk: Office, tmp_path: Path, limit: int):
    run(desk)
    bring(desk, "双林镇", 2)
    old = papers(desk)
    whole = replace(desk, outputs=tmp_path / "whole")
    shutil.copytree(desk.outputs, whole.outputs)
    run(whole)
    done = command(desk, before=small_files(limit))
    (ROOT / "运行错误.txt").unlink(missing_ok=True)
    assert done.returncode == 1
    new = {path.relative_to(whole.outputs): content for path, content in papers(whole).items()}
    for path, content in papers(desk).items():
        assert content in (old.get(path), new.get(path.relative_to(desk.outputs))), path
    run(desk)
    assert verify(desk) == []
    assert {path.relative_to(desk.outputs): content for path, content in papers(desk).items()} == new


@pytest.mark.parametrize("jump", [-400, -1, 0, 1, 400])
def test_who_came_first_is_told_by_the_sequence_and_not_by_the_clock(desk: Office, jump: int):
    run(desk)
    bring(desk, "双林镇", 1, 2)
    later = TODAY + timedelta(jump) if jump > -40 else date(2020, 9, 1)
    report = json.loads(as_json(run(desk, later).report, []))
    assert [(claim["unit"], claim["state"]) for claim in report["claims"]] == [
        ("练市镇", "待初审"), ("双林镇", "重复"), ("双林镇", "待初审")]
    assert report["total"]["actual"] == 2
    assert verify(desk) == []


@pytest.mark.parametrize("mistake", ["due_day: 5\ndue_day: 6", "due_day: 五", "due_day: 99"])
def test_a_wrong_config_touches_nothing(desk: Office, tmp_path: Path, mistake: str):
    wrong = tmp_path / "config.yaml"
    text = (ROOT / "config.yaml").read_text("utf-8")
    wrong.write_text("".join(f"{mistake}\n" if line.startswith("due_day:") else line for line in text.splitlines(keepends=True)), "utf-8")
    done = command(desk, "--config", str(wrong))
    assert done.returncode == 2
    assert "config.yaml 第" in done.stderr
    assert not desk.outputs.exists()
