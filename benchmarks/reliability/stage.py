"""A desk with some months behind it, and jobs on it that can be killed, repeated and compared."""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from pipeline import monthly
from pipeline.config_file import load
from pipeline.demo import arrivals
from pipeline.office import Office
from pipeline.showcase import drop

ROOT = Path(__file__).parents[2]
Job = Callable[[Office], None]


@dataclass(frozen=True)
class Tally:
    """How often a fault was tried, and what of the ledger's rows or of the mails came to harm."""

    fault: str
    tried: int = 0
    lost: int = 0
    doubled: int = 0
    torn: int = 0
    remark: str = ""

    def plus(self, lost: int = 0, doubled: int = 0, torn: int = 0) -> Tally:
        """One trial more."""
        return replace(self, tried=self.tried + 1, lost=self.lost + lost, doubled=self.doubled + doubled, torn=self.torn + torn)


def office(folder: Path) -> Office:
    """The repository's configuration on a desk of its own."""
    source = ROOT / "config.yaml"
    return Office(load(source), source.read_bytes(), folder / "inputs", folder / "outputs")


def history(folder: Path, months: int) -> tuple[Office, date, date]:
    """A desk that has worked through so many months of the demo, with the next month's files dropped; both days."""
    desk = office(folder)
    days = arrivals(desk.config)
    for arrival in days[:months]:
        drop(desk, arrival)
        month_of(desk, arrival.day)
    drop(desk, days[months])
    return desk, days[months - 1].day if months else days[0].day, days[months].day


def month_of(desk: Office, today: date) -> None:
    """The monthly job."""
    monthly.run(desk, today, None, False, 1, lambda *_: None)


def copy(desk: Office, folder: Path) -> Office:
    """The same desk in another folder."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(desk.inputs.parent, folder)
    return replace(desk, inputs=folder / "inputs", outputs=folder / "outputs")


def started(job: Job, desk: Office) -> int:
    """The number of a process that does the job; it writes nothing to the terminal."""
    child = os.fork()
    if child:
        return child
    silent = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silent, 1)
    os.dup2(silent, 2)
    try:
        job(desk)
        os._exit(0)
    except BaseException:
        os._exit(1)


def done(job: Job, desk: Office) -> bool:
    """Whether the job, done in a process of its own, came to its end."""
    return os.waitstatus_to_exitcode(os.waitpid(started(job, desk), 0)[1]) == 0


def fingerprint(desk: Office) -> dict[str, str]:
    """Every file of outputs/ by its name and bytes."""
    return {path.relative_to(desk.outputs).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in desk.outputs.rglob("*") if path.is_file()}


def rows(desk: Office) -> Counter[str]:
    """Every row of the ledger, as a line of SQL."""
    with closing(sqlite3.connect(desk.ledger / "ledger.sqlite")) as database:
        return Counter(database.iterdump())


def torn(desk: Office, before: dict[str, str], after: dict[str, str]) -> int:
    """How many visible papers are neither the earlier nor the later version of themselves."""
    return sum(digest not in (before.get(name), after.get(name)) for name, digest in fingerprint(desk).items()
               if not name.startswith("ledger/") and ".~" not in name)
