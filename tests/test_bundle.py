"""The bundle for Windows: which pins it needs, what is in it, and that what is in it runs by itself. The wheels
themselves need the package index: `python -m tools.bundle --check`, which .ci/run does."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.support.desk import ROOT, holder
from tests.support.workbooks import workbook
from tools import bundle


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bundle")
    (folder / "wheels").mkdir()
    (folder / "wheels" / "tiny-1.0-py3-none-any.whl").write_bytes(b"wheel")
    return bundle.pack(folder / "wheels", folder / "dist" / "bundle.zip")


def inside(packed: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(packed) as archive:
        return {name.partition("/")[2]: archive.read(name) for name in archive.namelist()}


@pytest.mark.parametrize("version", bundle.PYTHONS)
def test_the_pins_are_those_of_windows_and_of_that_python(version: str):
    wanted = set(bundle.for_windows(version))
    assert {"colorama", "pywin32-ctypes", "pandas", "tzdata"} <= wanted
    assert not {"jeepney", "secretstorage"} & wanted
    assert ("backports-tarfile" in wanted) is (version == "3.11")


def test_every_supported_python_is_asked_for():
    assert bundle.PYTHONS == ["3.11", "3.12", "3.13", "3.14"]
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert 'requires-python = ">=3.11"' in project


def test_a_pin_without_a_wheel_or_with_another_one_is_named(monkeypatch: pytest.MonkeyPatch):
    wanted = bundle.for_windows("3.13")

    def pip(_version: str, command: Sequence[str], _folder: Path, _lines: Iterator[str]) -> SimpleNamespace:
        digest = {name: next(iter(pin.hashes)) for name, pin in wanted.items()} | {"rich": "0" * 64}
        found = [{"metadata": {"name": name.replace("-", "_").title()},
                  "download_info": {"archive_info": {"hashes": {"sha256": digest[name]}}}} for name in wanted if name != "pandas"]
        Path(command[command.index("--report") + 1]).write_text(json.dumps({"install": found}), encoding="utf-8")
        return SimpleNamespace(returncode=0)

    monkeypatch.setattr(bundle, "_pip", pip)
    assert bundle.without_wheel("3.13") == [f"pandas=={wanted['pandas'].version}", f"rich=={wanted['rich'].version}"]
    monkeypatch.setattr(bundle, "_pip", lambda *_: SimpleNamespace(returncode=1, stderr=b"ERROR: no matching distribution"))
    assert bundle.without_wheel("3.13") == ["ERROR: no matching distribution"]
    with pytest.raises(SystemExit, match="no matching"):
        bundle.fetch("3.13", ROOT / "wheels")


def test_the_same_files_give_the_same_bytes_below_one_folder(packed: Path):
    again = bundle.pack(packed.parents[1] / "wheels", packed.with_name("again.zip"))
    assert again.read_bytes() == packed.read_bytes()
    with zipfile.ZipFile(packed) as archive:
        assert len({name.partition("/")[0] for name in archive.namelist()}) == 1
        (start,) = (info for info in archive.infolist() if info.filename.endswith("启动.bat"))
        assert start.flag_bits & 0x800  # the name is marked as UTF-8


def test_it_has_what_the_office_needs_and_nothing_of_ours_or_of_the_office(packed: Path):
    files = inside(packed)
    assert files["启动.bat"] == (ROOT / "启动.bat").read_bytes()
    assert files["wheels/tiny-1.0-py3-none-any.whl"] == b"wheel"
    assert {"config.yaml", "requirements.txt", "docs/no-python.txt", "templates/look.yaml", "inputs/README.md"} <= set(files)
    assert {name.partition("/")[0] for name in files} == {name.partition("/")[0] for name in bundle.CONTENTS} | {"wheels"}
    assert [name for name in files if name.startswith(("inputs/", "outputs/"))] == ["inputs/README.md", "outputs/README.md"]
    assert [name for name in files if "pycache" in name] == []


def test_what_is_in_it_runs_the_month_by_itself(packed: Path, tmp_path: Path):
    with zipfile.ZipFile(packed) as archive:
        archive.extractall(tmp_path)
    (top,) = tmp_path.iterdir()
    (top / "inputs" / "练市镇.xlsx").write_bytes(workbook("练市镇", "2020-08", {"certificates": [holder(1)]}))
    done = subprocess.run([sys.executable, "run.py"], cwd=top, capture_output=True, text=True, encoding="utf-8", check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    assert (top / "outputs" / "2020Q3" / "季度进度表_2020Q3.xlsx").is_file()
    assert subprocess.run([sys.executable, "run.py", "rules"], cwd=top, capture_output=True, check=False, timeout=120).returncode == 0
