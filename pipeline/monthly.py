"""The monthly job: the stages in their order."""

from __future__ import annotations

import gc
from collections import Counter, defaultdict
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from sqlalchemy import Connection

from pipeline.book import Book, newest_month
from pipeline.calendar import Quarter
from pipeline.closing import changes_since, close, must_be_open, must_be_over
from pipeline.faults import CannotGoOn
from pipeline.findings import Severity
from pipeline.inbox import Inbox, look_into, noticed
from pipeline.judge import Judgement, judge
from pipeline.ledger.closings import closed
from pipeline.ledger.elsewhere import city_of
from pipeline.ledger.store import load_book
from pipeline.ledger.withdrawal import withdraw
from pipeline.office import Office, Progress, begin, enter, is_another_run, read_all, settle, statuses
from pipeline.quarter_report import FileCounts, QuarterReport
from pipeline.reading import Submission
from pipeline.rollup import roll_up
from pipeline.safekeeping import at_work, back_up_before, to_read, transaction


@dataclass(frozen=True)
class Outcome:
    """What a run found and wrote."""

    report: QuarterReport
    judgement: Judgement
    book: Book
    written: list[Path] = field(default_factory=list)


@dataclass(frozen=True)
class Intake:
    """What a run found in inputs/ and entered; `begun`: the journal has the run already."""

    inbox: Inbox
    entered: list[Submission]
    begun: bool


def run(
    office: Office, today: date, quarter: Quarter | None, dry: bool, workers: int, progress: Progress,
    since: date | None = None,
) -> Outcome:
    """Read what is new, judge everything, store it, and write what the office sends out; changes `since` a day."""
    gc.set_threshold(100_000, 50, 50)  # rows by the million are no garbage: looking for it costs a tenth of the judging
    with nullcontext() if dry else at_work(office):
        outcome = take_in(office, today, quarter, dry, workers, progress, since)
        if dry:
            return outcome
        progress("写出结果", 0, 1)
        outcome = published(office, outcome)
        progress("写出结果", 1, 1)
        return outcome


def take_in(
    office: Office, today: date, quarter: Quarter | None, dry: bool, workers: int, progress: Progress,
    since: date | None = None,
) -> Outcome:
    """The job without its papers, `at_work`: read what is new, judge everything, store it."""
    with transaction(office, dry) as connection:
        if not dry and (city := city_of(connection)):
            raise CannotGoOn(f"{office.config.district}的台账属于{city}：收件和登记请用{city}的配置文件运行，"
                             "以免同一事项在两个区县重复核准（可加 --dry-run 只核对）")
        intake = bring_in(connection, office, today, dry, workers, progress)
        progress("核对、汇总", 0, 1)
        outcome = conclude(connection, office, intake, today, quarter, since)
        progress("核对、汇总", 1, 1)
    return outcome


def bring_in(
    connection: Connection, office: Office, today: date, dry: bool, workers: int, progress: Progress
) -> Intake:
    """The new files in the ledger, not judged yet; a run without any is entered where day or config.yaml are others."""
    inbox = look_into(office, connection, progress)
    arrivals = read_all(inbox.new, today, office.config, workers,
                        lambda: progress("读取工作簿", 1, len(inbox.new)))
    arrivals = [one for one in arrivals if not (one.source in inbox.again and one.reading.refused)]
    if arrivals:
        if not dry:
            back_up_before(connection, office)
        return Intake(inbox, enter(connection, office, arrivals, today, keep_originals=not dry), begun=True)
    if is_another_run(connection, office, today):
        begin(connection, office, today, keep_config=not dry)
        return Intake(inbox, [], begun=True)
    return Intake(inbox, [], begun=False)


def conclude(
    connection: Connection, office: Office, intake: Intake, today: date, quarter: Quarter | None, since: date | None = None
) -> Outcome:
    """Judge everything in the ledger, write down what stands, and count."""
    book, judgement = settle(connection, office.config, today)
    report = _report(connection, office, book, judgement, quarter, since=since)
    return Outcome(replace(report, files=_counts(intake.inbox, intake.entered, judgement),
                           findings=[*report.findings, *noticed(intake.inbox, book)]), judgement, book)


def as_of(
    office: Office, today: date, day: date, quarter: Quarter | None, dry: bool, since: date | None = None
) -> Outcome:
    """What the ledger knew at the end of `day`, and what had changed `since` an earlier one: nothing new is read."""
    with to_read(office) as connection:
        book = load_book(connection, min(day, today), day)
        judgement = judge(book, office.config)
        outcome = Outcome(_report(connection, office, book, judgement, quarter, day, since), judgement, book)
    outcome = replace(outcome, report=replace(outcome.report, today=today))
    return outcome if dry else published(office, outcome)


def take_back(office: Office, number: int, reason: str, today: date) -> tuple[Submission, Outcome]:
    """Withdraw a submission and write everything anew; raises WithdrawalError where it cannot be."""
    with at_work(office):
        with transaction(office, dry=False) as connection:
            _prepare(connection, office, today)
            known = load_book(connection, today).submissions
            withdrawn = withdraw(connection, known, number, reason, today)
            outcome = settled(connection, office, today)
        return withdrawn, published(office, outcome)


def settled(connection: Connection, office: Office, today: date) -> Outcome:
    """What stands after a change that no file brought, entered as a run where day or config.yaml are others."""
    if is_another_run(connection, office, today):
        begin(connection, office, today, keep_config=True)
    book, judgement = settle(connection, office.config, today)
    report = _report(connection, office, book, judgement, None)
    inbox = look_into(office, connection, lambda *_: None)
    return Outcome(replace(report, findings=[*report.findings, *noticed(inbox, book)]), judgement, book)


def _prepare(connection: Connection, office: Office, today: date) -> None:
    """Before a change that no file brings: keep a copy of the ledger, and tell by what will be judged."""
    back_up_before(connection, office)
    if is_another_run(connection, office, today):
        begin(connection, office, today, keep_config=True)


def close_quarter(office: Office, quarter: Quarter, today: date) -> None:
    """Freeze a quarter; raises ClosingError where it is closed already or not over yet."""
    must_be_over(quarter, today)
    with at_work(office), transaction(office, dry=False) as connection:
        must_be_open(connection, quarter)
        _prepare(connection, office, today)
        close(connection, quarter, load_book(connection, today).submissions, today)


def _report(
    connection: Connection, office: Office, book: Book, judgement: Judgement, quarter: Quarter | None,
    day: date | None = None, since: date | None = None,
) -> QuarterReport:
    shown = quarter or Quarter.of(newest_month(book))
    report = roll_up(book, judgement.rows, judgement.claims, judgement.findings, shown, office.config, day)
    one = closed(connection).get(str(shown))
    return replace(report, changes=changes_since(connection, book, judgement, shown, office.config, since),
                   closed_on=one.day if one else None, concluded=judgement.closed)


def _counts(inbox: Inbox, entered: list[Submission], judgement: Judgement) -> FileCounts:
    """This run's files: a file is partly taken where a row went back, returned where nothing was taken."""
    by_sheet = statuses(judgement)
    returned: dict[int, set[tuple[str | None, int | None]]] = defaultdict(set)  # rows, or None for a whole sheet
    for found in judgement.findings:
        if found.severity is Severity.RETURNED and found.kind is not None:  # a fault of the cover returns no row
            returned[found.submission].add((found.sheet, found.row))
    sizes: Counter[str] = Counter()
    for one in entered:
        rows = sum(sum(sheet.values()) for sheet in by_sheet.get(one.number, {}).values())
        back = returned[one.number]
        whole = one.refused or (back and rows <= sum(row is not None for _, row in back))
        sizes["returned" if whole else "partly" if back else "accepted"] += 1
    return FileCounts(inbox.files, inbox.files - len(entered), **sizes)


def published(office: Office, outcome: Outcome) -> Outcome:
    """The outcome with all its papers written."""
    from pipeline.publish import publish

    return replace(outcome, written=publish(office, outcome.report, outcome.judgement, outcome.book))
