"""`import pipeline`: the month as functions over frames, as docs/python.md shows it, without a file written."""

from __future__ import annotations

import doctest
import json
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

import pipeline
from pipeline import monthly
from pipeline.machine import as_json
from tests.support.desk import ROOT, award, holder, survey
from tests.support.workbooks import office, workbook

TODAY = date(2020, 10, 8)
LIANSHI = {"certificates": [holder(1), holder(2), holder(2, level="初级", certificate_number="ZJ9002", issued_on="2019-06-10")],
           "certificate_awards": [award(1)], "establishments": [survey()]}
SHUANGLIN = {"certificates": [holder(1), holder(3)], "certificate_awards": [award(3, amount=1500.0)]}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An office of two workbooks, which its job has read on 2020-10-08."""
    made = tmp_path_factory.mktemp("python")
    desk = office(made)
    (desk.inputs / "练市镇.xlsx").write_bytes(workbook("练市镇", "2020-08", LIANSHI))
    (desk.inputs / "双林镇.xlsx").write_bytes(workbook("双林镇", "2020-08", SHUANGLIN))
    monthly.run(desk, TODAY, None, False, 1, lambda *_: None)
    shutil.copy2(ROOT / "config.yaml", made)
    return made


def everything(folder: Path) -> dict[str, tuple[int, bytes]]:
    return {str(path): (path.stat().st_mtime_ns, path.read_bytes()) for path in folder.rglob("*") if path.is_file()}


def test_the_page_is_true_and_nothing_is_written(folder: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(folder)
    before = everything(folder)
    failed, tried = doctest.testfile(str(ROOT / "docs" / "python.md"), module_relative=False, encoding="utf-8", verbose=False)
    assert (failed, tried > 15) == (0, True)
    assert everything(folder) == before


def test_it_says_what_the_monthly_job_says(folder: Path):
    frames = pipeline.read(folder / "inputs", folder / "config.yaml", TODAY)
    figures = pipeline.roll_up(frames)
    report = monthly.as_of(office(folder), TODAY, TODAY, None, dry=True).report
    said = json.loads(as_json(report, []))
    table = figures["table"].astype(object).where(figures["table"].notna(), None)
    assert table[["layer", "sector", "level", "year", "target", "actual"]].to_dict("records") == said["table"]
    assert figures["claims"][["number", "state"]].values.tolist() == [[one["claim"], one["state"]] for one in said["claims"]]
    assert pipeline.validate(frames)[["rule", "message"]].values.tolist() == [[one["rule"], one["message"]] for one in said["findings"]]


def test_some_files_are_read_as_a_folder_is_and_the_same_bytes_once(folder: Path, tmp_path: Path):
    copy = tmp_path / "副本.xlsx"
    shutil.copy2(folder / "inputs" / "练市镇.xlsx", copy)
    paths = [*sorted((folder / "inputs").iterdir()), copy]
    frames = pipeline.read(paths, folder / "config.yaml", "2020-10-08")
    assert list(frames.files["file"]) == ["练市镇.xlsx", "双林镇.xlsx"]
    assert len(frames["certificates"]) == 5
    assert len(pipeline.read(str(copy), folder / "config.yaml", TODAY)["certificates"]) == 3


def test_a_workbook_that_cannot_be_read_is_a_finding(folder: Path, tmp_path: Path):
    (tmp_path / "坏.xlsx").write_bytes(b"no workbook")
    frames = pipeline.read(tmp_path, folder / "config.yaml", TODAY)
    assert frames.files["refused"].tolist() == [True]
    assert frames.findings[["rule", "severity", "file"]].values.tolist() == [["N00", "退回", "坏.xlsx"]]


def test_a_mapping_of_frames_knows_what_it_has(folder: Path):
    frames = pipeline.read_ledger(folder / "outputs", folder / "config.yaml", TODAY)
    assert "certificates" in frames
    assert len(frames) == len(list(frames)) == 15
    with pytest.raises(KeyError):
        frames["nothing"]


def test_importing_it_loads_nothing_until_something_is_used():
    code = ("import sys, pipeline; print(sorted({'pandas', 'sqlalchemy', 'pydantic'} & set(sys.modules)));"
            "pipeline.read; print('pandas' in sys.modules)")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.split("\n")[:2] == ["[]", "True"]
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = pipeline.nothing
