"""What a run writes: the quarter's workbook and mails, receipts, proofs of submission, reviews."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import Connection

from pipeline.book import Book, newest_month
from pipeline.calendar import Month
from pipeline.claim_report import Claim, InstalmentLine
from pipeline.files import write_atomically, write_if_changed
from pipeline.findings import Finding
from pipeline.instalments import FALLEN_DUE
from pipeline.judge import Judgement
from pipeline.ledger.opening import engine_for
from pipeline.ledger.outbox import earlier_figures
from pipeline.mail.compose import compose, figures_digest
from pipeline.office import Office
from pipeline.passwords import locked, passwords
from pipeline.payments import write_payment_papers
from pipeline.quarter_report import FindingLine, QuarterReport
from pipeline.reading import Submission
from pipeline.readings import readings
from pipeline.report.arrivals import ArrivalLine, arrivals_workbook
from pipeline.report.conclusions import conclusions_workbook
from pipeline.report.quarter_workbook import quarter_workbook
from pipeline.report.receipt_summary import SheetOutcome
from pipeline.report.reviews import review_workbook
from pipeline.unit_papers import write_unit_papers
from pipeline.unit_receipts import UnitReceipts
from pipeline.written import Written


def publish(office: Office, report: QuarterReport, judgement: Judgement, book: Book) -> list[Path]:
    """Write everything that the office sends out; gives the paths, in the order of importance.

    A report as of an earlier day is the quarter's workbook alone, under a name of its own.
    """
    engine = engine_for(office.config.ledger.url, office.outputs)
    report = replace(report, readings=readings(book, judgement, report.quarter, office.config))
    with engine.connect() as connection:
        written = [*_quarter(office, report, connection)]
        if report.as_of is None:
            desk = _Desk(office, judgement, book, connection)
            written += [*desk.receipts(), *desk.reviews(report.instalments), *write_payment_papers(
                office.outputs / "payments", judgement.claims, book.today, office.config),
                *write_unit_papers(office.outputs / "claims", judgement, book, office.config)]
    engine.dispose()
    return written


def _quarter(office: Office, report: QuarterReport, connection: Connection) -> Iterator[Path]:
    if report.closed_on is not None and report.as_of is None:
        return  # the folder is frozen
    folder = office.outputs / f"{report.quarter}{'_封存之后' if report.closed_on else ''}"
    name = f"季度进度表_{report.quarter}{f'_截至{report.as_of:%Y%m%d}' if report.as_of else ''}.xlsx"
    workbook = quarter_workbook(report, office.config)
    yield write_if_changed(folder / name, workbook)
    if report.as_of is None:
        earlier = earlier_figures(connection, str(report.quarter), figures_digest(report))
        for letter in compose(report, office.config, workbook, name, earlier):
            yield write_if_changed(folder / "mail" / letter.file_name, letter.content)


@dataclass
class _Desk:
    """The papers that go back to units and deciding bodies; only what changed is written again."""

    office: Office
    judgement: Judgement
    book: Book
    connection: Connection

    def __post_init__(self) -> None:
        self.memory = Written(self.office.ledger / "written.json")
        self.passwords = passwords(self.office.ledger, self.office.config)
        self.own = UnitReceipts(self.office, self.judgement, self.book, self.connection, self.memory, self.passwords)

    def receipts(self) -> list[Path]:
        """One receipt for each file with something to mend, one 收件清单 for each month."""
        written = self.own.write()
        months: dict[Month, list[Submission]] = defaultdict(list)
        for submission in self.book.submissions.values():
            if submission.month:
                months[submission.month].append(submission)
        for month, submissions in months.items():
            lines = [self._line(one) for one in submissions]
            path = self.own.folder(month) / "收件清单.xlsx"
            if self.memory.is_stale(path, lines):
                path = write_atomically(path, arrivals_workbook(month, lines, self.office.config))
            written.append(path)
        self._remove_settled(set(written))
        self.memory.keep()
        return written

    def _line(self, one: Submission) -> ArrivalLine:
        outcomes = self.own.outcomes(one.number)
        returned, taken = sum(each.returned for each in outcomes), sum(each.taken for each in outcomes)
        assert one.month is not None  # listed by month
        return ArrivalLine(submission=one, taken=taken, returned=returned,
                           late=one.arrived_on > one.month.due(self.office.config.due_day),
                           state=_state(one, returned, outcomes))

    def _remove_settled(self, current: set[Path]) -> None:
        """A receipt whose faults were mended since is taken away, so that nobody mends twice."""
        for path in (self.office.outputs / "receipts").glob("*/*.xlsx"):
            if path not in current and self.memory.wrote(path):
                path.unlink()

    def reviews(self, instalments: list[InstalmentLine]) -> list[Path]:
        """The claims that await a decision, one workbook for each deciding body; what has fallen due, to the first reviewer."""
        waiting: dict[str, list[Claim]] = defaultdict(list)
        due = [one for one in instalments if one.state == FALLEN_DUE]
        if due:
            waiting[self.office.config.first_review_unit] = []
        for claim in self.judgement.claims:
            if claim.awaits:
                waiting[self._body(claim)].append(claim)
        folder, config, written = self.office.outputs / "reviews", self.office.config, []
        for body, claims in waiting.items():
            proposed = due if body == config.first_review_unit else []
            content = review_workbook(
                body, newest_month(self.book), self.book.today, claims, self._remarks(claims), config, proposed)
            written.append(self._under_lock(folder / f"{body}.xlsx", content, self.passwords.get(body)))
        for path in folder.glob("*.xlsx"):
            if path.stem in config.unit_order and path not in written:
                path.unlink()
        self.memory.keep()
        return [*written, *self._conclusions(folder / f"复核结论_{config.office_unit}.xlsx")]

    def _under_lock(self, path: Path, content: bytes, password: str | None) -> Path:
        """A locked file is never the same twice, so that the memory must tell whether it is to be written."""
        if password is None:
            return write_if_changed(path, content)
        return write_atomically(path, locked(content, password)) if self.memory.is_stale(path, [content, password]) else path

    def _conclusions(self, path: Path) -> list[Path]:
        """What a person must look at, to be concluded on; taken away where nothing is open."""
        lines = [(self.judgement.numbers[found], self._finding_line(found)) for found in self.judgement.findings
                 if found in self.judgement.numbers]
        if not lines:
            path.unlink(missing_ok=True)
            return []
        content = conclusions_workbook(newest_month(self.book), self.book.today, lines, self.office.config)
        return [write_if_changed(path, content)]

    def _finding_line(self, found: Finding) -> FindingLine:
        one = self.book.submissions[found.submission]
        return FindingLine(one.source, one.unit, one.month, found)

    def _body(self, claim: Claim) -> str:
        if claim.awaits == "初审":
            return self.office.config.first_review_unit
        return claim.payer or self.office.config.office_unit

    def _remarks(self, claims: list[Claim]) -> dict[str, str]:
        """What a reviewer should look at, for each claim."""
        return {
            claim.number: "；".join(found.message for found in self.own.findings[claim.submission]
                                   if (found.sheet, found.row) == (claim.sheet, claim.row))
            for claim in claims
        }


def _state(one: Submission, returned: int, outcomes: list[SheetOutcome]) -> str:
    if one.withdrawn is not None:
        return "已撤回"
    if one.refused or (outcomes and returned == sum(each.read for each in outcomes)):
        return "整件退回"
    return "部分退回" if returned else "已收"
