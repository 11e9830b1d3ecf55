"""Receipts: which file gets one, where it lies, and whether what lies there says what stands today."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from sqlalchemy import Connection

from pipeline.book import Book
from pipeline.calendar import Month
from pipeline.claim_report import Claim
from pipeline.config import Config
from pipeline.files import write_atomically
from pipeline.findings import Finding, Severity
from pipeline.judge import DUPLICATE, RETURNED, STANDS, SUPERSEDED, Judgement
from pipeline.ledger.store import load_changes
from pipeline.office import Office, statuses
from pipeline.passwords import locked
from pipeline.press import Make
from pipeline.reading import Change, Submission
from pipeline.report.receipt_summary import Papers, SheetOutcome
from pipeline.report.receipts import receipt
from pipeline.written import Written

UNIDENTIFIED = "单位或月份不明"


@dataclass
class UnitReceipts:
    """The receipts of everything in the Book; `memory` knows which of them are up to date."""

    office: Office
    judgement: Judgement
    book: Book
    connection: Connection
    memory: Written
    passwords: Mapping[str, str]

    def __post_init__(self) -> None:
        self.findings: dict[int, list[Finding]] = defaultdict(list)
        answered = self.book.answered()
        for found in self.judgement.findings:
            if (found.submission, found.sheet, found.row) not in answered:
                self.findings[found.submission].append(found)
        self.claims: dict[int, list[Claim]] = defaultdict(list)
        for claim in self.judgement.claims:
            self.claims[claim.submission].append(claim)
        self.statuses = statuses(self.judgement)

    def places(self) -> dict[Path, Submission]:
        """Path → file; the newest of a unit and month has the plain name, earlier ones their number behind it."""
        paths: dict[Path, Submission] = {}
        for number in sorted(self.findings, reverse=True):
            submission = self.book.submissions[number]
            if submission.withdrawn is not None or not self._to_mend(number):
                continue
            folder = self.folder(submission.month if submission.unit else None)
            path = folder / f"{submission.unit or f'{number:06d}'}.xlsx"
            paths[path if path not in paths else folder / f"{submission.unit}_{number:06d}.xlsx"] = submission
        return paths

    def _to_mend(self, number: int) -> bool:
        return any(found.severity is not Severity.NOTE for found in self.findings[number])

    def folder(self, month: Month | None) -> Path:
        """Where the receipts of a month lie."""
        return self.office.outputs / "receipts" / (str(month) if month else UNIDENTIFIED)

    def is_stale(self, path: Path, one: Submission) -> bool:
        """Whether the receipt must be made anew, because its facts have changed or it is gone."""
        facts = [one, self.findings[one.number], self.claims[one.number], self.outcomes(one.number),
                 self.passwords.get(one.unit or "")]
        return self.memory.is_stale(path, facts)

    def begun(self) -> Callable[[], list[Path]]:
        """Begin those that are stale; what is given writes them and tells the paths of all."""
        wanted = self.places()
        stale = {path: one for path, one in wanted.items() if self.is_stale(path, one)}
        changes = load_changes(self.connection, {one.number for one in stale.values()})
        make = partial(_receipt, originals=self.office.originals, config=self.office.config)
        contents = {path: self.memory.begin(partial(make, self._papers(one, changes), password=self.passwords.get(one.unit or "")))
                    for path, one in stale.items()}
        return lambda: self._written(wanted, contents)

    def _written(self, wanted: Iterable[Path], contents: Mapping[Path, Make]) -> list[Path]:
        for path, content in contents.items():
            if write_atomically(path, content()) != path:
                self.memory.forget(path)  # it was open in Excel: the next run tries again
        return list(wanted)

    def _papers(self, submission: Submission, changes: Mapping[int, list[Change]]) -> Papers:
        number = submission.number
        return Papers(submission, self.outcomes(number), self.findings[number], self.claims[number], changes.get(number, []))

    def outcomes(self, number: int) -> list[SheetOutcome]:
        """What became of the rows of each of a file's sheets."""
        return [
            SheetOutcome(sheet=sheet, read=sum(sizes.values()), taken=sizes.get(STANDS, 0),
                         returned=sizes.get(RETURNED, 0), duplicate=sizes.get(DUPLICATE, 0),
                         superseded=sizes.get(SUPERSEDED, 0))
            for (_, sheet), sizes in sorted(self.statuses.get(number, {}).items())
        ]


def _receipt(papers: Papers, originals: Path, config: Config, password: str | None) -> bytes:
    return locked(receipt((originals / papers.submission.original).read_bytes(), papers, config), password)
