"""启动.bat and what it starts: a real environment from a folder of wheels, kept, mended, and the month in it."""

from __future__ import annotations

import hashlib
import os
import re
import signal
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from pipeline import launch
from pipeline.doctor.check import NEWEST, OLDEST
from pipeline.launch import Environment, newest_quarter
from tests.support.desk import ROOT

RUN = """
import sys
import tiny
print("ran", sys.argv[1:], tiny.__file__.startswith(sys.prefix), sys.flags.utf8_mode)
sys.exit({"3": 3, "doctor": 0}.get(sys.argv[-1], CODE))
"""


def wheel(folder: Path, version: str) -> str:
    """A distribution of one empty module; gives its line for a file of pins."""
    path, info = folder / f"tiny-{version}-py3-none-any.whl", f"tiny-{version}.dist-info"
    folder.mkdir(exist_ok=True)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("tiny.py", "")
        archive.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: tiny\nVersion: {version}\n")
        archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr(f"{info}/RECORD", f"tiny.py,,\n{info}/METADATA,,\n{info}/WHEEL,,\n{info}/RECORD,,\n")
    return f"tiny=={version} --hash=sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}\n"


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bundle with an environment that was made from its wheels, in a folder with spaces and Chinese."""
    root = tmp_path_factory.mktemp("bundle") / "培育计划 (离线 包)"
    root.mkdir()
    (root / "requirements.txt").write_text("--only-binary :all:\n" + wheel(root / "wheels", "1.0"), encoding="utf-8")
    (root / "run.py").write_text(RUN.replace("CODE", "0"), encoding="utf-8")
    assert launch.launch(root, []) == 0
    return root


def version(root: Path) -> str:
    done = subprocess.run([Environment(root).python, "-c", "import importlib.metadata as m; print(m.version('tiny'))"],
                          capture_output=True, text=True, check=True, timeout=60)
    return done.stdout.strip()


def test_the_month_runs_in_an_environment_made_without_a_network(bundle: Path, capfd: pytest.CaptureFixture[str]):
    assert launch.launch(bundle, []) == 0
    said = capfd.readouterr().out
    assert "ran [] True 1" in said
    assert "第一次使用" not in said  # it is kept
    assert f"结果在 {bundle / 'outputs'}" in said


def test_arguments_and_exit_codes_are_handed_on(bundle: Path, capfd: pytest.CaptureFixture[str]):
    assert launch.launch(bundle, ["why", "工矿300人以上", "3"]) == 3
    said = capfd.readouterr().out
    assert "ran ['why', '工矿300人以上', '3']" in said
    assert "完成" not in said


@pytest.mark.parametrize(("code", "words", "doctor"), [(0, "完成。", False), (1, "没有完成", True), (2, "config.yaml 或命令写错了", False)])
def test_the_window_says_what_came_of_it_and_looks_for_the_reason(
    bundle: Path, capfd: pytest.CaptureFixture[str], code: int, words: str, doctor: bool
):
    (bundle / "run.py").write_text(RUN.replace("CODE", str(code)), encoding="utf-8")
    try:
        assert launch.launch(bundle, []) == code
    finally:
        (bundle / "run.py").write_text(RUN.replace("CODE", "0"), encoding="utf-8")
    said = capfd.readouterr().out
    assert words in said
    assert ("['doctor']" in said) is doctor


def test_new_pins_are_installed_and_an_environment_from_another_computer_is_made_anew(bundle: Path):
    (bundle / "requirements.txt").write_text("--only-binary :all:\n" + wheel(bundle / "wheels", "2.0"), encoding="utf-8")
    environment = Environment(bundle)
    assert not environment.is_ready
    environment.make()
    assert (environment.is_ready, version(bundle)) == (True, "2.0")
    environment.python.unlink()
    environment.python.symlink_to("/nowhere/python")
    assert not environment.is_ready
    environment.make()
    assert (environment.is_ready, version(bundle)) == (True, "2.0")


def test_a_wheel_that_is_not_the_one_that_was_pinned_is_not_installed(bundle: Path, capfd: pytest.CaptureFixture[str]):
    pins, path = bundle / "requirements.txt", next((bundle / "wheels").glob("tiny-2*"))
    sound, content = pins.read_text(encoding="utf-8"), path.read_bytes()
    pins.write_text(sound + "# changed\n", encoding="utf-8")
    wheel(bundle / "wheels", "2.0")
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("evil.py", "")
    environment = Environment(bundle)
    subprocess.run([environment.python, "-m", "pip", "uninstall", "-q", "-y", "tiny"], check=True, timeout=120)
    assert launch.launch(bundle, []) == 1
    said = capfd.readouterr().out
    assert "运行环境没有建起来（pip，退出码 1）" in said
    assert "离线包" in said
    assert "HASH" in (bundle / "安装错误.txt").read_text(encoding="utf-8", errors="replace").upper()
    assert not environment.is_ready
    pins.write_text(sound, encoding="utf-8")
    path.write_bytes(content)
    assert launch.launch(bundle, []) == 0


INTERRUPTED = """
import signal, sys, time
def end(*_):
    time.sleep(1)
    print("ended in its own way", flush=True)
    sys.exit(0)
signal.signal(signal.SIGINT, end)
print("at work", flush=True)
time.sleep(60)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="a console sends Ctrl+C there, not a process")
def test_ctrl_c_lets_the_window_end_in_its_own_way(bundle: Path):
    (bundle / "run.py").write_text(INTERRUPTED, encoding="utf-8")
    code = f"import pathlib; from pipeline import launch; launch.main(pathlib.Path({str(bundle)!r}))"
    with subprocess.Popen([sys.executable, "-c", code, "watch"], cwd=ROOT, stdout=subprocess.PIPE, start_new_session=True) as process:
        assert process.stdout
        assert process.stdout.readline() == b"at work\n"
        os.killpg(process.pid, signal.SIGINT)
        assert process.stdout.readline() == b"ended in its own way\n"
    (bundle / "run.py").write_text(RUN.replace("CODE", "0"), encoding="utf-8")
    assert process.returncode == 0


def test_the_newest_quarter_is_opened(tmp_path: Path):
    assert newest_quarter(tmp_path) == tmp_path
    for name in ("2019Q4", "2020Q3", "2020Q2", "2020Q3_封存之后", "receipts", "2021Q5"):
        (tmp_path / name).mkdir()
    (tmp_path / "2020Q4").write_bytes(b"")
    assert newest_quarter(tmp_path).name == "2020Q3"


BATCH = (ROOT / "启动.bat").read_bytes()
PAGE = (ROOT / "docs" / "no-python.txt").read_bytes()


def test_the_batch_file_reads_the_same_in_every_code_page():
    assert BATCH.isascii()
    assert BATCH.count(b"\r\n") == BATCH.count(b"\n") == BATCH.count(b"\r") > 30


def test_the_page_for_those_without_python_is_utf8_for_the_code_page_that_it_is_shown_in():
    assert b"chcp 65001" in BATCH
    assert b'type "docs\\no-python.txt"' in BATCH
    assert not PAGE.startswith(b"\xef\xbb\xbf")
    assert PAGE.count(b"\r\n") == PAGE.count(b"\n")
    assert f"3.{OLDEST[1]} 至 3.{NEWEST[1]}" in PAGE.decode("utf-8")


def test_every_label_that_the_batch_file_jumps_to_is_there_once():
    text = BATCH.decode("ascii")
    for label in re.findall(r"(?:goto |call :)(\w+)", text):
        assert len(re.findall(rf"^:{label}\r$", text, re.MULTILINE)) == 1


def test_the_batch_file_takes_the_versions_that_are_tried_and_no_other():
    (question,) = re.findall(r'-c "(.*?)"', BATCH.decode("ascii"))
    for minor in range(9, 17):
        code = question.replace("sys.version_info[:2]", f"(3, {minor})").replace("import sys; ", "import sys\n")
        done = subprocess.run([sys.executable, "-c", code], check=False, timeout=60)
        assert (done.returncode == 0) is (OLDEST <= (3, minor) <= NEWEST)
    assert all(f'"py -3.{minor}"'.encode() in BATCH for minor in range(OLDEST[1], NEWEST[1] + 1))


def test_what_the_batch_file_starts_needs_the_standard_library_alone():
    code = "import sys, pipeline.launch; sys.exit(bool({'typer', 'rich', 'pydantic', 'pandas'} & set(sys.modules)))"
    subprocess.run([sys.executable, "-S", "-c", code], cwd=ROOT, check=True, timeout=60, env=os.environ | {"PYTHONPATH": str(ROOT)})
