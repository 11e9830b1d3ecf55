"""kill -9 at random moments of every job that writes; each job is repeated and compared with an undisturbed one."""

from __future__ import annotations

import os
import random
import signal
import time
from contextlib import suppress
from datetime import date, timedelta
from functools import partial
from pathlib import Path

from benchmarks.reliability.stage import Job, Tally, copy, done, fingerprint, history, month_of, rows, started, torn
from pipeline import monthly
from pipeline.calendar import Quarter
from pipeline.closing import ClosingError
from pipeline.demo import arrivals
from pipeline.office import Office


def first_month(folder: Path, times: int) -> Tally:
    """The run that makes the ledger."""
    desk, _, today = history(folder / "first", 0)
    return _killed("第一个月的运行", desk, partial(_month, today=today), times)


def later_month(folder: Path, times: int) -> Tally:
    """A run on a ledger with a history."""
    desk, _, today = history(folder / "later", 3)
    return _killed("以后一个月的运行", desk, partial(_month, today=today), times)


def withdrawal(folder: Path, times: int) -> Tally:
    """A submission is taken back."""
    desk, last_day = without_news(folder / "withdrawal", 3)
    return _killed("撤回一份报送", desk, partial(_withdraw, today=last_day + timedelta(1)), times)


def closing(folder: Path, times: int) -> Tally:
    """A quarter is frozen."""
    desk, last_day = without_news(folder / "closing", 3)
    return _killed("封存一个季度", desk, partial(_close, today=last_day), times)


def without_news(folder: Path, months: int) -> tuple[Office, date]:
    """A desk on which nothing new lies, and its last day."""
    desk, _, _ = history(folder, months - 1)
    month_of(desk, last := arrivals(desk.config)[months - 1].day)
    return desk, last


def _month(desk: Office, today: date) -> None:
    month_of(desk, today)


def _withdraw(desk: Office, today: date) -> None:
    """The withdrawal, or, where a killed one had reached the ledger, the run that writes the papers anew."""
    if 3 in _withdrawn(desk, today):
        month_of(desk, today)
    else:
        monthly.take_back(desk, 3, "放错了文件", today)


def _withdrawn(desk: Office, today: date) -> set[int]:
    known = monthly.as_of(desk, today, today, None, True).book.submissions
    return {number for number, one in known.items() if one.withdrawn is not None}


def _close(desk: Office, today: date) -> None:
    """The closing, or, where a killed one had reached the ledger, the answer that it is closed already."""
    with suppress(ClosingError):
        monthly.close_quarter(desk, Quarter(2019, 1), today)


def _killed(what: str, base: Office, job: Job, times: int) -> Tally:
    folder = base.inputs.parent
    whole = copy(base, folder.with_name(f"{folder.name}-whole"))
    begun = time.perf_counter()
    if not done(job, whole):
        raise SystemExit(f"the undisturbed job failed: {what}")
    seconds = time.perf_counter() - begun
    before, after, right = fingerprint(base), fingerprint(whole), rows(whole)
    tally, chance = Tally(f"kill -9：{what}"), random.Random(what)
    for _ in range(times):
        desk = copy(base, folder.with_name(f"{folder.name}-trial"))
        kill_after(started(job, desk), chance.uniform(0, seconds))
        half = torn(desk, before, after)
        complete = done(job, desk)
        found = rows(desk)
        differs = not complete or fingerprint(desk) != after
        lost, doubled = (right - found).total(), (found - right).total()
        tally = tally.plus(lost or int(differs), doubled, half)
    return tally


def kill_after(process: int, seconds: float) -> None:
    """Let a process work for so long, then end it as a power cut would."""
    time.sleep(seconds)
    os.kill(process, signal.SIGKILL)
    os.waitpid(process, 0)
