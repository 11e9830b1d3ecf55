"""`doctor` as a whole: it looks at all, changes nothing, ends with a number, and needs no package."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.doctor import all_well, examine, machine, page
from pipeline.doctor.check import Desk
from pipeline.ledger.lock import locked
from tests.support.checks import marks
from tests.support.desk import ROOT

MARKS = {"√", "□", "×"}


def test_a_sound_office_has_a_tick_everywhere_but_for_what_this_computer_lacks(desk: Desk):
    found = marks(desk)
    assert {title for title, mark in found.items() if mark != "√"} <= {"发信", "公文字体", "图表字体", "程序包", "节假日", "收信"}
    assert set(found.values()) <= MARKS
    assert all_well(list(examine(desk)))
    assert page(list(examine(desk))).splitlines()[-1].startswith("每月任务可以运行。")


def test_looking_changes_nothing(desk: Desk):
    before = {path: path.read_bytes() for path in desk.outputs.rglob("*") if path.is_file()}
    list(examine(desk))
    assert {path: path.read_bytes() for path in desk.outputs.rglob("*") if path.is_file()} == before
    with locked(desk.ledger):
        pass


def test_a_check_that_breaks_stops_no_other(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    def broken(_: Desk) -> None:
        raise ZeroDivisionError("x")

    monkeypatch.setattr(machine, "free_space", broken)
    found = marks(desk)
    assert (found["磁盘空间"], found["config.yaml"]) == ("×", "√")


def command(*words: str | Path, python: str = sys.executable, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([python, str(ROOT / "run.py"), *map(str, words)], capture_output=True, text=True, encoding="utf-8", check=False,
                          timeout=120, env=os.environ | variables)


def test_the_command_ends_with_0_where_the_month_can_run_and_with_1_where_not(desk: Desk):
    places = ["--config", desk.config, "--inputs", desk.inputs, "--outputs", desk.outputs]
    sound = command("doctor", *places)
    assert (sound.returncode, sound.stderr) == (0, "")
    desk.config.write_text("district: [", "utf-8")
    broken = command(*places, "doctor")
    assert broken.returncode == 1
    assert "× config.yaml　config.yaml 第" in broken.stdout
    assert "Traceback" not in broken.stdout + broken.stderr


@pytest.fixture(scope="module")
def bare_python(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A Python of this version without any package."""
    folder = tmp_path_factory.mktemp("bare") / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True, timeout=120)
    return str(folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python"))


def test_without_any_package_the_doctor_still_speaks_and_every_other_command_says_where_to_go(desk: Desk, bare_python: str):
    told = command("doctor", "--outputs", desk.outputs, python=bare_python)
    assert told.returncode == 1
    assert "× 程序包　缺" in told.stdout
    assert "√ 磁盘空间" in told.stdout
    assert "× config.yaml　没有核对，缺少程序包" in told.stdout
    for words in ([], ["send"], ["why", "政府部门", "中级", "2020"]):
        other = command(*words, python=bare_python)
        assert (other.returncode, other.stdout) == (1, "")
        assert "启动.bat" in other.stderr
        assert "Traceback" not in other.stderr


def test_the_doctor_needs_the_standard_library_alone():
    code = "import sys; sys.modules.update(dict.fromkeys(['typer', 'rich', 'pydantic', 'ruamel', 'sqlalchemy', 'pandas'])); " \
           "import pipeline.doctor.alone, pipeline.doctor.machine, pipeline.doctor.fonts, pipeline.doctor.office"
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, timeout=60)
