"""A month of real workbooks for tests: it is run, says what became of it, and leaves the same bytes each time."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from pathlib import Path

from pipeline import monthly
from pipeline.machine import as_json
from pipeline.office import Office
from tests.support.desk import award, holder
from tests.support.workbooks import office, workbook

TODAY = date(2020, 10, 8)


def month_of_files() -> dict[str, bytes]:
    """By name: a sound and a faulty one, two that claim for one person, a nil return and one that is broken."""
    return {
        "2020-08/练市镇8月.xlsx": workbook("练市镇", "2020-08", {
            "certificates": [holder(1), holder(2), holder(3, level="高级")],
            "certificate_awards": [award(1), award(2, amount=1000.0)]}),
        "双林镇.xlsx": workbook("双林镇", "2020年8月", {
            "certificates": [holder(1), holder(4, sector="其他")], "certificate_awards": [award(1), award(4)]}),
        "菱湖镇.xlsx": workbook("菱湖镇", "202008", {}, nil=True),
        "坏的.xlsx": b"PK\x03\x04 not a workbook",
    }


def drop(desk: Office, files: dict[str, bytes]) -> None:
    """Put files into inputs/, in folders where their names have them."""
    for name, content in files.items():
        path = desk.inputs / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def run(desk: Office, today: date = TODAY, dry: bool = False) -> monthly.Outcome:
    """The monthly job."""
    return monthly.run(desk, today, None, dry, 1, lambda *_: None)


def said(outcome: monthly.Outcome) -> dict:
    """What `--json` says of a run."""
    return json.loads(as_json(outcome.report, []))


def fingerprint(folder: Path) -> dict[str, str]:
    """Every file in a folder with its hash."""
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(folder.rglob("*")) if path.is_file()}


def office_with_a_month(tmp_path: Path) -> Office:
    """An office in whose inputs/ the month's workbooks lie, still to be read."""
    made = office(tmp_path)
    drop(made, month_of_files())
    return made
