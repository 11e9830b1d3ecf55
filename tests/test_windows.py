"""What is different on Windows, as far as it can be tried elsewhere: open files, code pages, paths, processes."""

from __future__ import annotations

import ast
import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy.engine import make_url

from pipeline import monthly
from pipeline.cli_parts import shown
from pipeline.config_checks import contradictions
from pipeline.files import remove_half_written, take_away, write_atomically
from pipeline.intake import find
from pipeline.ledger import opening
from pipeline.office import Office
from pipeline.restoration import restore
from pipeline.verification import verify
from tests.support.desk import CONFIG, ROOT, award, holder
from tests.support.windows import open_files_are_locked
from tests.support.workbooks import office, workbook

TODAY = date(2020, 10, 8)
SOURCES = sorted([*(ROOT / "pipeline").rglob("*.py"), *(ROOT / "tools").glob("*.py"), ROOT / "run.py"])
NOT_IN_GBK = {  # spellings that are recognised in what comes in, never shown
    "idnumber.py": "‑", "people.py": "•", "cells.py": "✓•✔✘☐✕✗⋅･‧・∙☑", "quantities.py": "¥",
    "attachments.py": "¹²³",
}


@pytest.fixture
def desk(tmp_path: Path) -> Office:
    made = office(tmp_path / "共享 文件夹 (1)")
    for number, unit in enumerate(("练市镇", "双林镇", "菱湖镇"), 1):
        rows = {"certificates": [holder(number)], "certificate_awards": [award(number, amount=1.0)]}
        (made.inputs / f"{unit}.xlsx").write_bytes(workbook(unit, "2020-08", rows))
    return made


def run(desk: Office) -> monthly.Outcome:
    return monthly.run(desk, TODAY, None, False, 1, lambda *_: None)


def spoil(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    path.write_bytes(content)


@pytest.mark.parametrize("damage", [spoil, lambda path: path.write_bytes(b"no database" * 99)], ids=["flipped", "no database"])
def test_nothing_that_the_program_has_open_itself_is_renamed_or_deleted(
    desk: Office, monkeypatch: pytest.MonkeyPatch, damage: Callable[[Path], object]
):
    (desk.inputs / "菱湖镇.xlsx").unlink()
    tried = open_files_are_locked(monkeypatch)
    run(desk)
    monthly.take_back(desk, 2, "放错", TODAY)
    damage(desk.ledger / "ledger.sqlite")
    assert verify(desk) != []
    restore(desk)
    assert verify(desk) == []
    (desk.inputs / "练市镇更正.xlsx").write_bytes(workbook("练市镇", "2020-08", {"certificates": [holder(1)]}, "2020-09-06"))
    run(desk)
    assert tried == []


def test_that_check_would_see_a_file_that_is_still_open(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    tried = open_files_are_locked(monkeypatch)
    path = tmp_path / "ledger.sqlite"
    with path.open("wb"), pytest.raises(PermissionError):
        path.unlink()
    assert tried == [str(path)]


def refuse(*_: object, **__: object) -> None:
    raise PermissionError(13, "being used by another process")


def test_a_paper_that_holds_no_more_but_is_open_stays_with_a_word_and_the_run_goes_on(
    desk: Office, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    run(desk)
    receipt = desk.outputs / "receipts" / "2020-08" / "练市镇.xlsx"
    assert receipt.is_file()
    (desk.inputs / "练市镇更正.xlsx").write_bytes(workbook("练市镇", "2020-08", {
        "certificates": [holder(1)], "certificate_awards": [award(1)]}, "2020-09-06"))
    unlink = Path.unlink
    monkeypatch.setattr(Path, "unlink", lambda path, **options: refuse() if path == receipt else unlink(path, **options))
    run(desk)
    assert "“练市镇.xlsx”已经作废，但正被打开，没有删掉" in caplog.text
    monkeypatch.undo()
    run(desk)
    assert not receipt.exists()


def test_a_virus_scanner_that_holds_a_file_for_a_moment_makes_no_sibling(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path, acts = tmp_path / "进度表.xlsx", iter([refuse, refuse, Path.replace])

    def scanned(old: Path, new: Path) -> Path:
        return next(acts)(old, new)

    monkeypatch.setattr(Path, "replace", scanned)
    assert write_atomically(path, b"new") == path
    assert list(tmp_path.iterdir()) == [path]


def test_half_a_file_that_another_program_looks_into_stops_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / ".~进度表.xlsx.tmp").write_bytes(b"half")
    monkeypatch.setattr(Path, "unlink", refuse)
    remove_half_written(tmp_path)
    take_away(tmp_path / ".~进度表.xlsx.tmp")


def as_junctions(monkeypatch: pytest.MonkeyPatch, *folders: Path) -> None:
    look = Path.lstat
    junction = SimpleNamespace(st_mode=stat.S_IFDIR, st_reparse_tag=0xA0000003)
    monkeypatch.setattr(Path, "lstat", lambda path: junction if path in folders else look(path))


def test_a_junction_is_told_and_not_walked_through(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "连接点").mkdir()
    (tmp_path / "连接点" / "甲.xlsx").write_bytes(b"x")
    as_junctions(monkeypatch, tmp_path / "连接点")
    files, oddities = find(tmp_path)
    assert (files, [odd.message for odd in oddities]) == ([], ["这是指向文件夹的链接，没有读；请放入文件夹本身"])


def test_a_path_that_is_too_long_to_open_is_told_as_such(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path = tmp_path / f"{'长' * 80}.xlsx"
    path.write_bytes(b"x")

    def too_long(self: Path, strict: bool = False) -> Path:
        if self == path:
            raise FileNotFoundError(2, "The system cannot find the path specified")
        return self

    monkeypatch.setattr(Path, "resolve", too_long)
    files, (oddity,) = find(tmp_path)
    assert files == []
    assert "多半是路径太长" in oddity.message


def test_paths_on_another_drive_are_shown_whole(monkeypatch: pytest.MonkeyPatch):
    def other_drive(_path: object) -> str:
        raise ValueError("path is on mount 'D:', start on mount 'C:'")

    monkeypatch.setattr(os.path, "relpath", other_drive)
    assert shown(Path("/d/outputs")) == Path("/d/outputs")


@pytest.mark.parametrize("folder", ["C:/安委办 2020/outputs", "//server/共享 盘/outputs", "C:/100%#项目/outputs"])
def test_the_ledger_is_found_where_windows_keeps_it(folder: str):
    url = CONFIG.ledger.url.replace("{outputs}", folder)
    assert make_url(url).database == f"{folder}/ledger/ledger.sqlite"


def test_a_ledger_of_an_earlier_version_is_led_on_in_a_folder_with_a_percent_sign(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    program = tmp_path / "100%项目 s" / "migrations"
    shutil.copytree(opening._MIGRATIONS, program)
    monkeypatch.setattr(opening, "_MIGRATIONS", program)
    old = ROOT / "tests" / "cases" / "ledgers" / "0.2.0" / "ledger.sqlite"
    with opening.in_memory(old).connect() as connection:
        assert opening.revision(connection) == opening.schema.REVISION


@pytest.mark.parametrize("name", ["CON", "nul.x", "com1", "安监/应急局", "双林镇 ", "双林镇.", "a:b", "甲\\乙", "什么?", ""])
def test_a_unit_whose_name_windows_does_not_take_for_a_file_is_refused_with_its_place(name: str):
    units = [CONFIG.units[0].model_copy(update={"name": name}), *CONFIG.units[1:]]
    faults = contradictions(CONFIG.model_copy(update={"units": units}))
    assert [place for place, sentence in faults if "不能用作文件名" in sentence] == [("units", 0, "name")]


@pytest.mark.parametrize("name", ["console", "comx", "镇（开发区）", "南浔经济开发区", "lpt"])
def test_other_names_are_fine(name: str):
    units = [CONFIG.units[0].model_copy(update={"name": name}), *CONFIG.units[1:]]
    assert not [sentence for _, sentence in contradictions(CONFIG.model_copy(update={"units": units})) if "文件名" in sentence]


STARTED_ANEW = """
import multiprocessing, sys
from pipeline.intake import sandbox
if __name__ == "__main__":
    multiprocessing.set_start_method("spawn")  # the papers' processes
    sandbox._processes = multiprocessing.get_context("spawn")  # the readers
    sandbox._WAITS_IN_PIPE = 0
    from pipeline.cli import main
    main()
"""


def test_children_that_inherit_nothing_read_and_write_the_same(desk: Office, tmp_path: Path):
    run(desk)
    script = tmp_path / "as on windows.py"
    script.write_text(STARTED_ANEW, encoding="utf-8")
    command = [sys.executable, str(script), "--inputs", str(desk.inputs), "--outputs", str(tmp_path / "outputs"), "--today", str(TODAY)]
    done = subprocess.run(command, env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr.decode()
    ours, theirs = ({path.relative_to(folder): path.read_bytes() for path in folder.rglob("*.xlsx")}
                    for folder in (desk.outputs, tmp_path / "outputs"))
    assert len(list((desk.outputs / "receipts" / "2020-08").iterdir())) > 3
    assert ours == theirs


def test_no_day_is_written_by_strftime_with_chinese_in_it():
    """Windows refuses it before Python 3.13.1: 'locale' codec can't encode character."""
    texts = [(path.name, node.value) for path in SOURCES for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
             if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    assert [one for one in texts if not one[1].isascii() and any(mark in one[1] for mark in ("%Y", "%m", "%H"))] == []


def test_nothing_is_said_that_a_chinese_console_cannot_print():
    beyond = {path.name: {sign for sign in path.read_text(encoding="utf-8") if sign.encode("gbk", "replace") == b"?"} - {"?"}
              for path in SOURCES}
    assert {name: signs for name, signs in beyond.items() if not signs <= set(NOT_IN_GBK.get(name, ""))} == {}
