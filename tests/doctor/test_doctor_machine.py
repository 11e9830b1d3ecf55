"""`doctor` on the computer: Python, packages, clock, folders, space and fonts, each broken by itself."""

from __future__ import annotations

import shutil
from datetime import date, timedelta
from importlib import import_module, metadata
from pathlib import Path
from types import SimpleNamespace

import pytest

from pipeline import __released__
from pipeline.doctor import fonts, machine
from pipeline.doctor.check import Desk
from tests.support.checks import TODAY, at, marks, text
from tests.support.desk import ROOT
from tools.pins import pins


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
