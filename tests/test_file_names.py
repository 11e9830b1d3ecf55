"""Files under every name that a disk can hold: read like any other, shown harmless, and no output is named after them."""

from __future__ import annotations

import json
import os
import re
import sqlite3
import subprocess
import sys
import unicodedata
from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook

from pipeline import monthly
from pipeline.machine import as_json
from pipeline.office import Office
from tests.support.desk import CONFIG, ROOT, holder
from tests.support.workbooks import office, workbook

TODAY = date(2020, 10, 8)
NAMES: tuple[bytes, ...] = (
    *(name.encode() for name in (
        "练市\\8月.xlsx", "C:\\x.xlsx", "..\\..\\x.xlsx", "..%2f..%2fx.xlsx", "..x.xlsx", "-rf.xlsx", "--outputs=x.xlsx",
        "长" * 81 + ".xlsx", "无扩展名", "x\nBcc: all@example.invalid\n\n.xlsx", "x\r\nBcc: all@example.invalid.xlsx",
        "\u202exslx.甲", "\u2066甲\u2069.xlsx", "CON.xlsx", "nul", "aux.xlsx.", "练市镇 .xlsx", " 练市镇.xlsx", "练市镇.XLSX",
        "练市镇.xls", "A.xlsx", "a.xlsx", "\u00e9.xlsx", "e\u0301.xlsx", "\x1b[31m红\x1b]0;标题\x07.xlsx", "\x9b31m.xlsx",
        "\x7f.xlsx", "<script>alert(1)<script>.xlsx", "<img src=x onerror=alert(1)>.xlsx", "=1+1.xlsx", "=cmd|'c calc'!A1.xlsx",
        "@SUM(1+1).xlsx", "'; DROP TABLE submissions; --.xlsx", "{{ 12345*6789 }}.xlsx", "{0.__class__}.xlsx", "%s%n.xlsx",
        "[red]红[!].xlsx", "$(touch x).xlsx", "`touch x`.xlsx", "a;touch x|b&c.xlsx", "*?.xlsx", "\u2028甲.xlsx", "甲\u200b.xlsx",
        "=1+1/-rf/..%2f/x.xlsx", "\x1b[2J/x.xlsx", "x\nBcc: y/x.xlsx", "季度进度表_2020Q3.xlsx", "ledger/ledger.sqlite/x.xlsx")),
    b"\xc1\xb7\xca\xd0.xlsx", b"\xff\xfe.xlsx", b"\xed\xa0\x80.xlsx", b"\xc1/\xb7.xlsx", b"\xc2/\xb7.xlsx",
)
UNITS = [unit.name for unit in CONFIG.units if unit.reports]
OWN_NAME = re.compile(r"[\w.\-（）()]+")
EACH = [(name, UNITS[at % len(UNITS)], f"2020-0{7 + at // len(UNITS)}") for at, name in enumerate(NAMES)]


def content(at: int, unit: str, month: str) -> bytes:
    """A sound row and one that goes back, so that a receipt is written."""
    return workbook(unit, month, {"certificates": [holder(2 * at), holder(2 * at + 1, level="大级")]})


def put(folder: Path, name: bytes, what: bytes) -> None:
    path = os.fsencode(folder) + b"/" + name
    os.makedirs(os.path.dirname(path), exist_ok=True)  # noqa: PTH103, PTH120 - a name in bytes
    with open(path, "wb") as stream:  # noqa: PTH123
        stream.write(what)


def tree(folder: Path) -> set[bytes]:
    return {os.fsencode(path.relative_to(folder)) for path in folder.rglob("*")}


def steers(text: str) -> bool:
    return any(unicodedata.category(sign) in ("Cc", "Cf", "Cs", "Zl", "Zp") for sign in text)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Office:
    made = office(tmp_path_factory.mktemp("names"))
    for at, (name, unit, month) in enumerate(EACH):
        put(made.inputs, name, content(at, unit, month))
    return made


@pytest.fixture(scope="module")
def outcome(desk: Office) -> monthly.Outcome:
    before = tree(desk.inputs)
    done = monthly.run(desk, TODAY, None, False, 1, lambda *_: None)
    assert tree(desk.inputs) == before
    return done


def test_every_file_is_read_and_its_rows_count(outcome: monthly.Outcome):
    files, rows = outcome.report.files, outcome.report.reconciliation["certificates"]
    assert (files.read, files.partly, files.returned) == (len(NAMES), len(NAMES), 0)
    assert (rows.read, rows.counted, rows.returned) == (2 * len(NAMES), len(NAMES), len(NAMES))


def test_each_name_is_shown_harmless_wherever_it_stands(desk: Office, outcome: monthly.Outcome):
    shown = [line["file"] for line in json.loads(as_json(outcome.report, []))["findings"]]
    assert len(shown) == len(NAMES)
    assert not [name for name in shown if steers(name)]
    listed = [cell.value for path in (desk.outputs / "receipts").glob("*/收件清单.xlsx")
              for row in load_workbook(path).worksheets[0].iter_rows() for cell in row if cell.data_type == "s"]
    assert [name for name in shown if name not in listed] == []
    assert not [text for text in desk.journal.read_text("utf-8").split("\n") if steers(text)]


def test_no_output_is_named_after_an_input_and_nothing_is_made_outside(desk: Office, outcome: monthly.Outcome):
    assert {path.name for path in desk.outputs.parent.iterdir()} == {"inputs", "outputs"}
    made = [os.fsdecode(name) for name in tree(desk.outputs)]
    assert [name for name in made if not all(OWN_NAME.fullmatch(part) for part in name.split("/"))] == []
    originals = sorted(path.name for path in desk.originals.iterdir())
    assert len(originals) == len(NAMES)
    assert [name for name in originals if not re.fullmatch(r"\d{6}_20201008_2020-0\d_\w+(\.xlsx?)?", name)] == []
    receipts = {path.stem for path in (desk.outputs / "receipts").rglob("*.xlsx")}
    assert receipts == {*UNITS, "收件清单"}


def test_the_ledger_has_all_its_tables(desk: Office, outcome: monthly.Outcome):
    with sqlite3.connect(desk.outputs / "ledger" / "ledger.sqlite") as ledger:
        assert ledger.execute("select count(*) from submissions").fetchone() == (len(NAMES),)


def test_a_second_run_knows_every_file_again_whatever_its_name(desk: Office, outcome: monthly.Outcome):
    command = [sys.executable, str(ROOT / "run.py"), "--inputs", str(desk.inputs), "--outputs", str(desk.outputs),
               "--today", str(TODAY), "--json"]
    done = subprocess.run(command, check=True, capture_output=True, timeout=120)
    report = json.loads(done.stdout.decode("utf-8"))
    assert report["files"] == {"read": len(NAMES), "unchanged": len(NAMES), "accepted": 0, "partly": 0, "returned": 0}
    assert not steers(done.stdout.decode().replace("\n", ""))
    assert not steers(done.stderr.decode().replace("\n", ""))


def test_the_terminal_shows_names_and_obeys_none(desk: Office, outcome: monthly.Outcome):
    command = [sys.executable, str(ROOT / "run.py"), "--inputs", str(desk.inputs), "--outputs", str(desk.outputs),
               "why", "工矿300人以上", "中级", "2020", "--today", str(TODAY)]
    done = subprocess.run(command, check=True, capture_output=True, timeout=120)
    lines = done.stdout.decode("utf-8").split("\n")
    assert f"实际 {len(NAMES)} 人" in lines[0]
    assert len([line for line in lines if "第2行" in line]) == len(NAMES)
    assert not [line for line in lines if steers(line)]
