"""The measured runs: subjects in turn on each size, then what comes after on a ledger that knows them."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from benchmarks.measure import ROOT, Cost, cost, first_line, middle
from benchmarks.subjects import AFTERWARDS, ALONE, FIRST_LINE, HELP, INCREMENTAL, NOTHING_NEW, SUBJECTS, Desk, Subject

NEW = 25  # workbooks of an incremental run
_MADE_BY = ("benchmarks/corpus.py", "benchmarks/people.py", "benchmarks/__init__.py", "config.yaml", "pipeline/sheets.py")


@dataclass
class Results:
    """What every subject cost at every size, run by run."""

    runs: dict[tuple[str, int], list[Cost]] = field(default_factory=lambda: defaultdict(list))

    def of(self, key: str, workbooks: int) -> Cost | None:
        """The middle of the runs; None where there were none."""
        runs = self.runs.get((key, workbooks))
        return middle(runs) if runs else None

    def seconds(self, key: str, workbooks: int) -> float | None:
        """Wall time, None where it was not measured or failed."""
        one = self.of(key, workbooks)
        return None if one is None or one.failure else one.wall


@dataclass(frozen=True)
class Bench:
    """Where corpora are kept and runs are made, how long one may take, and how often each is repeated at most."""

    folder: Path
    limit: float
    rounds: int

    def corpus(self, workbooks: int) -> Path:
        """The corpus of a size, made where it is not there yet."""
        digest = hashlib.sha256(b"".join((ROOT / name).read_bytes() for name in _MADE_BY)).hexdigest()[:8]
        folder = self.folder / f"corpus-{digest}-{workbooks}"
        subprocess.run([sys.executable, "-m", "benchmarks.corpus", str(folder), "--workbooks", str(workbooks), "--further",
                        str(NEW * INCREMENTAL.times(workbooks))], cwd=ROOT, check=True, capture_output=True)
        return folder

    def measure(self, workbooks: int, results: Results) -> None:
        """Everything at one size."""
        desk = Desk(self.corpus(workbooks), self.folder / "outputs")
        for subject in _in_turn(SUBJECTS, workbooks, self.rounds):
            if not _failed(results, subject, workbooks):
                _clear(desk)
                self._take(results, subject, workbooks, _checked(subject, desk, workbooks, self._cost(subject, desk)))
        self._afterwards(desk, workbooks, results)
        _clear(desk)

    def _afterwards(self, desk: Desk, workbooks: int, results: Results) -> None:
        """More workbooks, none, and a report alone, on the ledger of a run of the whole job."""
        new, count = sorted((desk.corpus / "new").rglob("*.xlsx")), min(NEW, workbooks)
        alone, growing = (Desk(_copied(desk.corpus, self.folder / name), self.folder / name / "outputs") for name in ("alone", "growing"))
        shutil.copytree(desk.inputs, growing.inputs)
        _drop(new[:count], desk.corpus / "new", alone.inputs)
        first = self._cost(NOTHING_NEW, growing)
        for turn, subject in enumerate(_in_turn(AFTERWARDS, workbooks, self.rounds)):
            if first.failure and subject is not ALONE:
                self._take(results, subject, workbooks, replace(first, failure="首次运行没有完成"))
                continue
            if subject is INCREMENTAL:
                at = turn // len(AFTERWARDS) * NEW
                _drop(new[at:at + count], desk.corpus / "new", growing.inputs)
            if subject is ALONE:
                _clear(alone)
            self._take(results, subject, workbooks, self._cost(subject, alone if subject is ALONE else growing))
        shutil.rmtree(alone.corpus)
        shutil.rmtree(growing.corpus)

    def start(self, workbooks: int, results: Results) -> None:
        """From the shell prompt to the first line."""
        desk = Desk(self.corpus(workbooks), self.folder / "outputs")
        for subject in _in_turn((HELP, FIRST_LINE), 0, self.rounds):
            _clear(desk)
            one = first_line(subject.command(desk), self.limit) if subject is FIRST_LINE else self._cost(subject, desk)
            self._take(results, subject, workbooks, one)
        _clear(desk)

    def _cost(self, subject: Subject, desk: Desk) -> Cost:
        return cost(subject.command(desk), self.limit, subject.cores)

    def _take(self, results: Results, subject: Subject, workbooks: int, one: Cost) -> None:
        results.runs[subject.key, workbooks].append(one)
        print(f"{workbooks:>6}  {one.wall:8.2f} s  {subject.name}  {one.failure or ''}", file=sys.stderr, flush=True)


def _in_turn(subjects: tuple[Subject, ...], workbooks: int, most: int) -> Iterator[Subject]:
    """A B C, A B C: what disturbs the machine for a while disturbs all of them."""
    for turn in range(most):
        yield from (subject for subject in subjects if turn < subject.times(workbooks))


def _failed(results: Results, subject: Subject, workbooks: int) -> bool:
    return any(one.failure for one in results.runs.get((subject.key, workbooks), ()))


def _checked(subject: Subject, desk: Desk, workbooks: int, one: Cost) -> Cost:
    """A run of the job counts only where every workbook is kept and receipts were written."""
    if not subject.is_job or one.failure:
        return one
    kept = len(list((desk.outputs / "ledger" / "originals").iterdir()))
    receipts = sum(path.stem != "收件清单" for path in (desk.outputs / "receipts").glob("*/*.xlsx"))
    return one if kept == workbooks and receipts else replace(one, failure=f"收下 {kept} 份，回执 {receipts} 份")


def _copied(corpus: Path, folder: Path) -> Path:
    """A folder with the same config.yaml and nothing else."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    shutil.copy2(corpus / "config.yaml", folder)
    return folder


def _clear(desk: Desk) -> None:
    shutil.rmtree(desk.outputs, ignore_errors=True)
    Path(f"{desk.outputs}.xlsx").unlink(missing_ok=True)


def _drop(files: list[Path], source: Path, target: Path) -> None:
    for path in files:
        (target / path.relative_to(source)).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, target / path.relative_to(source))
    os.sync()
