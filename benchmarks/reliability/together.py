"""Two runs started at the same moment, and workbooks whose copying is cut off."""

from __future__ import annotations

import os
import random
import time
from collections import Counter
from dataclasses import asdict
from datetime import date
from functools import partial
from pathlib import Path

from benchmarks.reliability.kills import kill_after
from benchmarks.reliability.stage import Tally, copy, done, fingerprint, history, month_of, rows, started, torn
from pipeline import monthly
from pipeline.office import Office


def two_at_once(folder: Path, times: int) -> Tally:
    """At least one of them must come to its end; a repetition may change nothing."""
    base, _, today = history(folder / "two", 2)
    job, trial = partial(month_of, today=today), folder / "two-trial"
    whole = copy(base, folder / "two-whole")
    done(job, whole)
    before, after, right = fingerprint(base), fingerprint(whole), rows(whole)
    tally = Tally("两次运行同时开始")
    for _ in range(times):
        desk = copy(base, trial)
        both = [os.waitpid(process, 0)[1] for process in [started(job, desk), started(job, desk)]]
        half = torn(desk, before, after)
        found = rows(desk)
        differs = all(both) or fingerprint(desk) != after
        tally = tally.plus((right - found).total() or int(differs), (found - right).total(), half)
    return tally


def cut_copies(folder: Path, times: int) -> Tally:
    """A workbook is copied into inputs/ slowly; a run looks on, the copy ends, another run takes it."""
    base, _, today = history(folder / "copy", 1)
    job, trial, chance = partial(month_of, today=today), folder / "copy-trial", random.Random(9)
    whole = copy(base, folder / "copy-whole")
    done(job, whole)
    right = _counted(whole, today)
    tally = Tally("复制到一半时运行，复制完再运行")
    for _ in range(times):
        desk = copy(base, trial)
        path = chance.choice(sorted(one for one in desk.inputs.rglob("*.xlsx") if one.stat().st_size > 4096))
        content = path.read_bytes()
        path.write_bytes(content[: chance.randrange(1, len(content))])
        copying = started(partial(_go_on, path=path, content=content), desk)
        done(job, desk)
        kill_after(copying, 0)
        path.write_bytes(content)
        done(job, desk)
        found = _counted(desk, today)
        tally = tally.plus((right - found).total(), (found - right).total())
    return tally


def _go_on(_desk: Office, path: Path, content: bytes) -> None:
    """Add a byte every few milliseconds, until killed."""
    with path.open("ab", buffering=0) as copy_:
        for at in range(path.stat().st_size, len(content) - 1):
            copy_.write(content[at : at + 1])
            time.sleep(0.005)


def _counted(desk: Office, today: date) -> Counter[str]:
    """For each kind of sheet and outcome, how many rows; no row more and no row less is right."""
    report = monthly.as_of(desk, today, today, None, dry=True).report
    return Counter({f"{kind} {outcome}": size for kind, one in report.reconciliation.items()
                    for outcome, size in asdict(one).items()})
