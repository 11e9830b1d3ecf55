"""`doctor` finds what would stop the month, each thing broken by itself, and says what to do."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable
from datetime import date, timedelta
from importlib import import_module, metadata
from pathlib import Path
from types import SimpleNamespace

import pytest

from pipeline import __released__, monthly
from pipeline.doctor import all_well, examine, fonts, machine, page
from pipeline.doctor.check import Desk
from pipeline.ledger.lock import locked
from pipeline.office import Office
from tests.support.desk import ROOT, holder
from tests.support.workbooks import office, workbook
from tools.pins import pins

TODAY = date.fromisoformat(__released__)
MARKS = {"√", "□", "×"}


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """An office whose first month has been run."""
    made = office(tmp_path_factory.mktemp("ran"))
    (made.inputs / "练市镇.xlsx").write_bytes(workbook("练市镇", "2020-08", {"certificates": [holder(1)]}))
    monthly.run(made, date(2020, 10, 8), None, False, 1, lambda *_: None)
    return made


@pytest.fixture
def desk(tmp_path: Path, ran: Office) -> Desk:
    for name in ("inputs", "outputs"):
        shutil.copytree(getattr(ran, name), tmp_path / name)
    text = (ROOT / "config.yaml").read_text("utf-8").replace("smtp.nanxun.invalid", "127.0.0.1")
    text = text.replace("imap.nanxun.invalid", "127.0.0.1").replace(".invalid", ".example")
    (tmp_path / "config.yaml").write_text(re.sub("port: (465|993)", f"port: {_refused_port()}", text), "utf-8")
    return Desk(ROOT, tmp_path / "config.yaml", tmp_path / "inputs", tmp_path / "outputs", TODAY)


def _refused_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


def marks(desk: Desk) -> dict[str, str]:
    return {title: check.mark for title, check in examine(desk)}


def text(desk: Desk, title: str) -> str:
    """All that is said under a title."""
    return "\n".join(check.line(one) for one, check in examine(desk) if one == title)


def at(desk: Desk, **changes: object) -> Desk:
    return Desk(**{**vars(desk), **changes})


def test_a_sound_office_has_a_tick_everywhere_but_for_what_this_computer_lacks(desk: Desk):
    found = marks(desk)
    assert {title for title, mark in found.items() if mark != "√"} <= {"发信", "公文字体", "图表字体", "程序包", "节假日", "收信"}
    assert set(found.values()) <= MARKS
    assert all_well(list(examine(desk)))
    assert page(list(examine(desk))).splitlines()[-1].startswith("每月任务可以运行。")


def test_a_python_that_is_too_old_or_too_new_is_told(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    for minor, bits, mark in ((10, 64, "×"), (11, 64, "√"), (12, 32, "×"), (14, 64, "√"), (15, 64, "□")):
        told = {"version_info": (3, minor, 4), "version": f"3.{minor}.4 (x)", "executable": "python", "maxsize": (1 << bits - 1) - 1}
        monkeypatch.setattr(machine, "sys", SimpleNamespace(**told))
        assert [check.mark for check in machine.python(desk)] == [mark]


def test_a_missing_package_stops_and_another_version_is_told(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    version = metadata.version

    def changed(name: str) -> str:
        if name == "pandas":
            raise metadata.PackageNotFoundError(name)
        return "0.0.1" if name == "rich" else version(name)

    monkeypatch.setattr(metadata, "version", changed)
    said = text(desk, "程序包")
    assert "× 程序包　缺 1 个：pandas" in said
    assert "rich 0.0.1（应为 " in said
    assert "启动.bat" in said


def test_every_pin_of_the_requirements_is_asked_for(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    def nothing(name: str) -> str:
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "version", nothing)
    markers = [pin.requirement.marker for pin in pins(ROOT / "requirements.txt").values()]
    assert f"缺 {sum(marker is None or marker.evaluate() for marker in markers)} 个" in text(desk, "程序包")


@pytest.mark.parametrize("error", [ImportError("DLL load failed while importing lib"), OSError("libfoo.so: cannot open")])
def test_an_installed_package_that_does_not_open_is_told_with_the_reason(desk: Desk, monkeypatch: pytest.MonkeyPatch, error: Exception):
    def broken(name: str) -> object:
        if name == "python_calamine":
            raise error
        return import_module(name)

    monkeypatch.setattr(machine, "import_module", broken)
    said = text(desk, "程序包能否打开")
    assert str(error) in said
    assert "Visual C++" in said


@pytest.mark.parametrize(("today", "mark"), [(TODAY - timedelta(1), "×"), (TODAY, "√")])
def test_a_clock_before_the_release_stops(desk: Desk, today: date, mark: str):
    said = text(at(desk, today=today), "时钟")
    assert said.startswith(mark)
    assert ("早于这个版本发布的日子" in said) is (mark == "×")


def test_a_clock_before_the_newest_arrival_stops(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(machine, "__released__", "2020-01-01")
    assert "台账里最近一次收件的日子（2020-10-08）" in text(at(desk, today=date(2020, 10, 7)), "时钟")
    assert text(at(desk, today=date(2020, 10, 8)), "时钟").startswith("√")


def test_the_day_of_release_is_a_day():
    assert date.fromisoformat(__released__) > date(2026, 1, 1)


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="a folder that takes no files is found on Linux alone")
def test_a_folder_for_results_that_takes_no_files_stops(desk: Desk):
    assert marks(at(desk, outputs=Path("/proc/outputs")))["结果文件夹"] == "×"


def test_results_go_into_a_folder_that_is_not_there_yet(desk: Desk):
    assert text(at(desk, outputs=desk.outputs / "new" / "outputs"), "结果文件夹").startswith("√")
    assert not (desk.outputs / "new").exists()


def test_a_missing_folder_for_workbooks_and_one_that_does_not_open_are_told(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    assert "□ 收件文件夹" in text(at(desk, inputs=desk.inputs / "none"), "收件文件夹")
    monkeypatch.setattr(machine, "opens", lambda path: path.name != "练市镇.xlsx")
    assert "有 1 个打不开：练市镇.xlsx" in text(desk, "收件文件夹")


def test_too_little_space_stops(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=100 << 20))
    assert "× 磁盘空间　剩余 100 MB，至少要 500 MB" in text(desk, "磁盘空间")


@pytest.mark.parametrize(("folder", "on", "mark"), [("x" * 20, False, "√"), ("x" * 200, False, "×"), ("x" * 200, True, "√")])
def test_on_windows_a_deep_folder_stops_unless_long_paths_are_on(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, folder: str, on: bool, mark: str
):
    monkeypatch.setattr(machine, "sys", SimpleNamespace(platform="win32"))
    monkeypatch.setattr(machine, "_long_paths_on", lambda: on)
    (found,) = machine.long_paths(at(desk, root=Path("/"), inputs=Path("/i"), outputs=Path("/") / folder))
    assert found.mark == mark


@pytest.mark.parametrize(("installed", "missing"), [
    (set(), "方正小标宋简体、仿宋_GB2312、楷体_GB2312、黑体"), ({"simhei (truetype)", "仿宋 (truetype)"}, "方正小标宋简体、楷体_GB2312"),
    ({"方正小标宋简体 (truetype)", "fangsong_gb2312 (truetype)", "kaiti & kaiti_gb2312 (truetype)", "simhei"}, "")])
def test_fonts_are_known_by_the_names_that_systems_give_them(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, installed: set[str], missing: str
):
    monkeypatch.setattr(fonts, "_installed", lambda: installed)
    said = text(desk, "公文字体")
    assert said.startswith(f"□ 公文字体　这台电脑没有{missing}，" if missing else "√")


@pytest.mark.parametrize(("font", "said"), [("SimHei", "√ 图表字体　SimHei"), (None, "□ 图表字体　没有画图用的中文字体，邮件里不附图")])
def test_whether_charts_can_be_drawn_is_told_as_the_mails_will_find_it(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, font: str | None, said: str
):
    monkeypatch.setattr("pipeline.mail.chart.chinese_font", lambda: font)
    assert text(desk, "图表字体").startswith(said)


def test_a_broken_config_is_told_with_its_lines_and_the_rest_is_still_looked_at(desk: Desk):
    sound = desk.config.read_text("utf-8")
    desk.config.write_text(sound.replace("due_day: 5 ", "due_day: 五 ").replace("ratio_round: ceil", "ratio_round: up"), "utf-8")
    said = text(desk, "config.yaml")
    line = next(number for number, one in enumerate(sound.splitlines(), 1) if one.startswith("due_day"))
    assert f"第 {line} 行 due_day" in said
    assert said.count("config.yaml 第") == 2
    assert (marks(desk)["台账"], marks(desk)["磁盘空间"]) == ("□", "√")
    assert "找不到配置文件" in text(at(desk, config=desk.config.with_name("none.yaml")), "config.yaml")


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


def test_looking_changes_nothing(desk: Desk):
    before = {path: path.read_bytes() for path in desk.outputs.rglob("*") if path.is_file()}
    list(examine(desk))
    assert {path: path.read_bytes() for path in desk.outputs.rglob("*") if path.is_file()} == before
    with locked(desk.ledger):
        pass


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
