"""Full ID numbers stand where contract.md allows them and nowhere else; what is written is its owner's alone."""

from __future__ import annotations

import io
import re
import stat
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from pipeline import monthly
from pipeline.demo import arrivals
from pipeline.idnumber import fault
from pipeline.machine import as_json
from pipeline.office import Office
from pipeline.showcase import drop
from tests.support.desk import CONFIG, ROOT, award, holder, supervisor
from tests.support.workbooks import office, workbook

# Ledger (database, originals, what is kept of purged persons), receipts, reviews, payment lists, forms to fill in and filled in.
ALLOWED = ("ledger", "receipts", "reviews", "payments", "templates", "forms")
NUMBER = re.compile(r"(?<![0-9A-Za-z])\d{17}[\dXx](?![0-9A-Za-z])")


def texts(path: Path) -> Iterator[str]:
    """All that a file says: the parts of a workbook, the decoded parts of a mail, the text of anything else."""
    content = path.read_bytes()
    if path.suffix == ".eml":
        from email import message_from_bytes
        from email.policy import default

        for part in message_from_bytes(content, policy=default).walk():
            if not part.is_multipart():
                yield from _parts(part.get_payload(decode=True))
        content = content.split(b"\n\n")[0]
    yield from _parts(content)


def _parts(content: bytes) -> Iterator[str]:
    if zipfile.is_zipfile(io.BytesIO(content)):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            yield from (archive.read(name).decode("utf-8", "replace") for name in archive.namelist())
    else:
        yield content.decode("utf-8", "replace")


def whole_numbers(text: str) -> list[str]:
    """Valid ID numbers in a text."""
    return [found for found in NUMBER.findall(text) if fault(found.upper()) is None]


def public(desk: Office) -> list[Path]:
    files = [path for path in desk.outputs.rglob("*") if path.is_file()
             and path.relative_to(desk.outputs).parts[0] not in ALLOWED]
    return [*files, desk.journal, desk.ledger / "seal.json", desk.ledger / "written.json"]


@pytest.fixture(scope="module")
def half_a_year(tmp_path_factory: pytest.TempPathFactory) -> tuple[Office, str]:
    """The demo's first six months, messy on purpose, with all their papers; and what a program is told."""
    desk = office(tmp_path_factory.mktemp("demo"), CONFIG)
    days = arrivals(CONFIG)[:6]
    for arrival in days:
        drop(desk, arrival)
    outcome = monthly.run(desk, days[-1].day, None, False, 2, lambda *_: None)
    return desk, as_json(outcome.report, outcome.written)


def test_the_demo_has_whole_numbers_where_they_may_stand(half_a_year: tuple[Office, str]):
    desk, _ = half_a_year
    where = {path.relative_to(desk.outputs).parts[0] for path in desk.outputs.rglob("*.xlsx")
             if any(whole_numbers(text) for text in texts(path))}
    assert where >= {"ledger", "receipts", "reviews"}


def test_no_whole_number_stands_anywhere_else(half_a_year: tuple[Office, str]):
    desk, spoken = half_a_year
    found = {path.name: numbers for path in public(desk) if (numbers := [one for text in texts(path) for one in whole_numbers(text)])}
    assert len(public(desk)) > 20
    assert found == {}
    assert whole_numbers(spoken) == []


def small(tmp_path: Path) -> Office:
    desk = office(tmp_path)
    (desk.inputs / "一.xlsx").write_bytes(workbook("练市镇", "2020-08", {
        "certificates": [holder(1), holder(2)], "certificate_awards": [award(1, amount=1.0), award(2)],
        "supervisors": [supervisor("19730523", 7)]}))
    return desk


def test_no_birth_date_stands_beside_a_masked_number(tmp_path: Path):
    desk = small(tmp_path)
    outcome = monthly.run(desk, date(2020, 10, 8), None, False, 1, lambda *_: None)
    said = [as_json(outcome.report, []), *(text for path in public(desk) for text in texts(path))]
    assert any("330503********" in text for text in said)
    assert [text for text in said if re.search(r"1985-01-01|1985年1月1日|19850101|1973-05-23|1973年5月23日|19730523", text)] == []


def command(desk: Office, *options: str) -> subprocess.CompletedProcess[str]:
    words = [sys.executable, str(ROOT / "run.py"), "--inputs", str(desk.inputs), "--outputs", str(desk.outputs)]
    return subprocess.run([*words, *options], capture_output=True, text=True, check=False, timeout=120)


def test_whatever_is_written_is_its_owners_alone(tmp_path: Path):
    desk = small(tmp_path)
    assert command(desk, "--today", "2020-10-08").returncode == 0
    modes = {path.relative_to(tmp_path).as_posix(): stat.S_IMODE(path.stat().st_mode) for path in [desk.outputs, *desk.outputs.rglob("*")]}
    assert len(modes) > 40
    assert {name: oct(mode) for name, mode in modes.items() if mode & 0o077} == {}


def file_for_folder(name: str) -> Callable[[Office], None]:
    """A stage fails where it wants a folder and finds a file."""
    def spoil(desk: Office) -> None:
        place = desk.outputs / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text("in the way")
    return spoil


STAGES = ("ledger", "ledger/originals", "ledger/configs", "ledger/ledger.sqlite", "2020Q3", "2020Q3/mail", "receipts", "receipts/2020-08",
          "reviews", "claims")


@pytest.mark.parametrize("stage", STAGES)
def test_a_run_that_fails_in_any_stage_tells_no_number_and_no_name(tmp_path: Path, stage: str):
    desk = small(tmp_path)
    file_for_folder(stage)(desk)
    done = command(desk, "--today", "2020-10-08")
    trace = ROOT / "运行错误.txt"
    told = done.stdout + done.stderr + (trace.read_text("utf-8") if trace.exists() else "")
    trace.unlink(missing_ok=True)
    assert done.returncode == 1, done.stdout
    assert "Traceback" not in done.stderr
    assert whole_numbers(told) == []
    assert "甲1" not in told
