"""An office with a ledger, for tests of what happens to the ledger's files."""

from __future__ import annotations

import sqlite3
from datetime import timedelta
from pathlib import Path

from pipeline import monthly
from pipeline.office import Office
from tests.support.desk import award, holder
from tests.support.month import TODAY, run
from tests.support.workbooks import office, workbook


def drop(desk: Office, name: str, serial: int) -> None:
    """A workbook with two holders, one of whom claims, lies in inputs/."""
    (desk.inputs / name).write_bytes(workbook("练市镇" if serial % 2 else "双林镇", "2020-08", {
        "certificates": [holder(serial), holder(serial + 50)], "certificate_awards": [award(serial, amount=1000.0 * serial)]}))


def rows(desk: Office) -> list[str]:
    """Everything in the ledger's database, as SQL."""
    with sqlite3.connect(desk.ledger / "ledger.sqlite") as ledger:
        return list(ledger.iterdump())


def kept_office(tmp_path: Path) -> Office:
    """An office with two workbooks in its ledger, the second of them withdrawn the day after."""
    made = office(tmp_path)
    drop(made, "一.xlsx", 1)
    drop(made, "二.xlsx", 2)
    run(made)
    monthly.take_back(made, 2, "放错", TODAY + timedelta(1))
    return made
