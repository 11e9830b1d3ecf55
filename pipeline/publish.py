"""What a run writes: the quarter's workbook, briefing and mails, receipts, proofs of submission, reviews."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from sqlalchemy import Connection

from pipeline.book import Book, newest_month
from pipeline.calendar import Month
from pipeline.claim_report import Claim, InstalmentLine
from pipeline.files import take_away
from pipeline.findings import Finding
from pipeline.instalments import FALLEN_DUE
from pipeline.judge import Judgement
from pipeline.ledger.opening import engine_for
from pipeline.ledger.outbox import earlier_figures
from pipeline.mail.compose import figures_digest
from pipeline.office import Office
from pipeline.passwords import locked, passwords
from pipeline.payments import begin_payment_papers
from pipeline.press import Make, press
from pipeline.quarter_mails import QuarterMails
from pipeline.quarter_report import FileCounts, FindingLine, QuarterReport
from pipeline.reading import Submission
from pipeline.readings import readings
from pipeline.report.arrivals import ArrivalLine, arrivals_workbook
from pipeline.report.briefing import briefing
from pipeline.report.conclusions import conclusions_workbook
from pipeline.report.progress_page import progress_page
from pipeline.report.quarter_workbook import quarter_workbook
from pipeline.report.receipt_summary import SheetOutcome
from pipeline.report.reviews import review_workbook
from pipeline.returns import of_deciding_bodies
from pipeline.unit_papers import begin_unit_papers
from pipeline.unit_receipts import UnitReceipts
from pipeline.written import Finish, Written, digest_of


def publish(office: Office, report: QuarterReport, judgement: Judgement, book: Book) -> list[Path]:
    """Write everything that the office sends out; gives the paths, in the order of importance.

    A report as of an earlier day is the quarter's workbook alone, under a name of its own.
    """
    engine = engine_for(office.config.ledger.url, office.outputs)
    report = replace(report, readings=readings(book, judgement, report.quarter, office.config))
    with engine.connect() as connection, press() as begin:
        memory = Written(office.ledger / "written.json", office.config_sha256, begin)
        if report.as_of is None:
            desk = _Desk(office, judgement, book, connection, memory)
            receipts, papers = desk.own.begun(), desk.papers(report.instalments)
            written = [*_quarter(office, report, connection, memory), *desk.receipts(receipts()), *[finish() for finish in papers]]
        else:
            written = [*_quarter(office, report, connection, memory)]
    engine.dispose()
    memory.keep()
    return written


def _quarter(office: Office, report: QuarterReport, connection: Connection, memory: Written) -> Iterator[Path]:
    if report.closed_on is not None and report.as_of is None:
        return  # the folder is frozen
    folder = office.outputs / f"{report.quarter}{'_封存之后' if report.closed_on else ''}"
    name = f"季度进度表_{report.quarter}{f'_截至{report.as_of:%Y%m%d}' if report.as_of else ''}.xlsx"
    config, facts = office.config, digest_of(replace(report, files=FileCounts()))
    mails = QuarterMails(folder / "mail", report, config, memory) if report.as_of is None else None
    workbook = memory.paper(folder / name, facts, lambda: quarter_workbook(report, config))
    yield workbook
    if mails:
        yield memory.paper(folder / f"通报_{report.quarter}.docx", facts, lambda: briefing(report, config))
        yield memory.paper(folder / "进度.html", facts, lambda: progress_page(report, config, name))
        earlier = earlier_figures(connection, str(report.quarter), figures_digest(report))
        yield from mails.write(facts, (name, workbook.read_bytes()), earlier)


@dataclass
class _Desk:
    """The papers that go back to units and deciding bodies; only what changed is written again."""

    office: Office
    judgement: Judgement
    book: Book
    connection: Connection
    memory: Written

    def __post_init__(self) -> None:
        self.passwords = passwords(self.office.ledger, self.office.config)
        self.own = UnitReceipts(self.office, self.judgement, self.book, self.connection, self.memory, self.passwords)

    def papers(self, instalments: list[InstalmentLine]) -> list[Finish]:
        """Begin what goes to deciding bodies, what is paid, and each unit's claims."""
        outputs, config = self.office.outputs, self.office.config
        return [*self.reviews(instalments),
                *begin_payment_papers(outputs / "payments", self.judgement.claims, self.book.today, config, self.memory),
                *begin_unit_papers(outputs / "claims", self.judgement, self.book, config, self.memory)]

    def receipts(self, own: list[Path]) -> list[Path]:
        """The units' receipts that were made, and one 收件清单 for each month."""
        written = [*own]
        months: dict[Month, list[Submission]] = defaultdict(list)
        for submission in self.book.submissions.values():
            if submission.month:
                months[submission.month].append(submission)
        decisions = of_deciding_bodies(self.book)
        for month, submissions in months.items():
            lines = [self._line(one, one.number in decisions) for one in submissions]
            make = partial(arrivals_workbook, month, lines, self.office.config)
            written.append(self.memory.paper(self.own.folder(month) / "收件清单.xlsx", lines, make))
        self._remove_settled(set(written))
        return written

    def _line(self, one: Submission, decides: bool) -> ArrivalLine:
        outcomes = self.own.outcomes(one.number)
        returned, taken = sum(each.returned for each in outcomes), sum(each.taken for each in outcomes)
        assert one.month is not None  # listed by month
        return ArrivalLine(submission=one, taken=taken, returned=returned, duplicate=sum(each.duplicate for each in outcomes),
                           late=None if decides else one.arrived_on > one.month.due(self.office.config.due_day),
                           state=_state(one, returned, outcomes))

    def _remove_settled(self, current: set[Path]) -> None:
        """A receipt whose faults were mended since is taken away, so that nobody mends twice."""
        for path in (self.office.outputs / "receipts").glob("*/*.xlsx"):
            if path not in current and self.memory.wrote(path):
                take_away(path)

    def reviews(self, instalments: list[InstalmentLine]) -> list[Finish]:
        """The claims that await a decision, one workbook for each deciding body; what has fallen due, to the first reviewer."""
        waiting: dict[str, list[Claim]] = defaultdict(list)
        due = [one for one in instalments if one.state == FALLEN_DUE]
        if due:
            waiting[self.office.config.first_review_unit] = []
        folder, config = self.office.outputs / "reviews", self.office.config
        begun: dict[str, Finish] = {}
        for claim in self.judgement.claims:
            if body := claim.body(config.first_review_unit, config.office_unit):
                waiting[body].append(claim)
        for body, claims in waiting.items():
            proposed = due if body == config.first_review_unit else []
            facts = (body, newest_month(self.book), self.book.today, claims, self._remarks(claims))
            make = partial(review_workbook, *facts, config, proposed)
            password = self.passwords.get(body)
            begun[body] = self.memory.begun(folder / f"{body}.xlsx", [*facts, proposed, password], partial(_locked, make, password))
        for path in folder.glob("*.xlsx"):
            if path.stem in config.unit_order and path.stem not in begun:
                take_away(path)
        return [*begun.values(), *self._conclusions(folder / f"复核结论_{config.office_unit}.xlsx")]

    def _conclusions(self, path: Path) -> list[Finish]:
        """What a person must look at, to be concluded on; taken away where nothing is open."""
        lines = [(self.judgement.numbers[found], self._finding_line(found)) for found in self.judgement.findings
                 if found in self.judgement.numbers]
        if not lines:
            take_away(path)
            return []
        facts = (newest_month(self.book), self.book.today, lines)
        return [self.memory.begun(path, facts, partial(conclusions_workbook, *facts, self.office.config))]

    def _finding_line(self, found: Finding) -> FindingLine:
        one = self.book.submissions[found.submission]
        return FindingLine(one.source, one.unit, one.month, found)

    def _remarks(self, claims: list[Claim]) -> dict[str, str]:
        """What a reviewer should look at, for each claim."""
        return {
            claim.number: "；".join(found.message for found in self.own.findings[claim.submission]
                                   if (found.sheet, found.row) == (claim.sheet, claim.row))
            for claim in claims
        }


def _locked(make: Make, password: str | None) -> bytes:
    return locked(make(), password)


def _state(one: Submission, returned: int, outcomes: list[SheetOutcome]) -> str:
    if one.withdrawn is not None:
        return "已撤回"
    if one.refused or (outcomes and returned == sum(each.read for each in outcomes)):
        return "整件退回"
    if outcomes and all(each.superseded == each.read for each in outcomes):
        return "已更正"
    return "部分退回" if returned else "已收"
