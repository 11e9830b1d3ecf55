"""The city's monthly job: every district's new files in, claims compared, every district judged, the sum of all.

All ledgers are open until it is known who claims the same elsewhere, so that no decision is taken on a claim that
another district's precedes. Each district commits by itself: what a kill leaves undone, the next run does.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from sqlalchemy import Connection

from pipeline import monthly
from pipeline.book import Rival
from pipeline.calendar import Month, Quarter
from pipeline.city.adding_up import city_report, light
from pipeline.city.contest import Contender, contenders, rivals
from pipeline.city.counting import Counted, counted_in
from pipeline.city.offices import City, make_schemas
from pipeline.city_report import CityReport
from pipeline.claim_report import Claim
from pipeline.faults import CannotGoOn
from pipeline.files import remove_half_written, write_if_changed
from pipeline.inbox import Inbox
from pipeline.judge import judge
from pipeline.ledger import elsewhere
from pipeline.ledger.lock import locked
from pipeline.monthly import Intake, Outcome
from pipeline.office import Office, Progress, begin, numbered
from pipeline.quarter_report import QuarterReport
from pipeline.report.city_workbook import city_workbook
from pipeline.safekeeping import at_work, back_up_before, to_read, transaction

_NOTHING_NEW = Intake(Inbox([], set(), 0, [], [], []), [], begun=False)


@dataclass(frozen=True)
class CityOutcome:
    """What the run found and wrote; `failures`: district → why its run failed."""

    report: CityReport
    failures: dict[str, Exception]
    written: dict[str, list[Path]]  # by district
    workbook: Path | None


@dataclass
class _Desk:
    """One district in the run: its open ledger, what came in, and what it claims; `stale`: as its last run left it."""

    office: Office
    at: int
    closing: ExitStack
    connection: Connection
    intake: Intake
    contenders: list[Contender]
    newest: Month | None
    stale: bool

    @property
    def name(self) -> str:
        return self.office.config.district


@dataclass
class _Results:
    """What is kept of the districts when their rows have been let go."""

    failures: dict[str, Exception] = field(default_factory=dict)
    reports: dict[str, QuarterReport] = field(default_factory=dict)
    counted: dict[str, list[Counted]] = field(default_factory=dict)
    claims: dict[str, Claim] = field(default_factory=dict)  # those that two districts make, by number
    written: dict[str, list[Path]] = field(default_factory=dict)


def run(
    city: City, today: date, quarter: Quarter | None, dry: bool, workers: int, progress: Progress
) -> CityOutcome:
    """All districts in one go; raises CannotGoOn before anything is touched where a ledger is busy or damaged."""
    gc.set_threshold(100_000, 50, 50)  # as in monthly.run
    make_schemas(city)
    with nullcontext() if dry else alone(city), ExitStack() as ledgers:
        job = _Job(city, today, dry, workers, progress, ledgers)
        desks = [job.opened(office, at) for at, office in enumerate(city.districts)]
        shown = quarter or Quarter.of(max((desk.newest for desk in desks if desk.newest), default=Month.of(today)))
        known = rivals(one for desk in desks for one in desk.contenders)
        for desk in desks:
            job.conclude(desk, shown, known.get(desk.name, {}))
        settled = rivals(one for desk in desks for one in desk.contenders)  # a decision may have freed an entitlement
        for desk in desks:
            if settled.get(desk.name, {}) != known.get(desk.name, {}) and desk.name not in job.results.failures:
                job.conclude(job.reopened(desk), shown, settled.get(desk.name, {}))
        return _summed(job, shown, settled)


@contextmanager
def alone(city: City) -> Iterator[None]:
    """Alone with the ledgers of the city and all its districts; raises CannotGoOn, naming the district."""
    city.ledger.mkdir(parents=True, exist_ok=True)
    with locked(city.ledger), ExitStack() as desks:
        for office in city.districts:
            try:
                desks.enter_context(at_work(office))
            except CannotGoOn as error:
                raise CannotGoOn(f"{office.config.district}：{error}（全市都没有开始）") from error
        yield


@dataclass
class _Job:
    """The run's parameters and results."""

    city: City
    today: date
    dry: bool
    workers: int
    progress: Progress
    ledgers: ExitStack
    results: _Results = field(default_factory=_Results)

    def opened(self, office: Office, at: int) -> _Desk:
        """A district with its new files entered; where that fails, as it was before."""
        try:
            return self._opened(office, at, None)
        except Exception as error:  # another district's run goes on
            self.results.failures[office.config.district] = error
            return self._as_it_was(office, at)
        finally:
            self.progress("各区县收件", 1, len(self.city.districts))

    def _opened(self, office: Office, at: int, intake: Intake | None, *, stale: bool = False) -> _Desk:
        with ExitStack() as stack:
            connection = stack.enter_context(to_read(office) if stale else transaction(office, self.dry))
            intake = intake or monthly.bring_in(connection, office, self.today, self.dry, self.workers, lambda *_: None)
            book = numbered(connection, office.config, self.today)
            claims = judge(book, office.config).claims
            newest = max((one.month for one in book.submissions.values() if one.month and not one.refused), default=None)
            closing = self.ledgers.push(stack.pop_all())
            asking = contenders(office.config.district, at, claims, book)
            return _Desk(office, at, closing, connection, intake, asking, newest, stale)

    def _as_it_was(self, office: Office, at: int) -> _Desk:
        """What the last run left there still blocks others; without it nobody can be judged."""
        try:
            return self._opened(office, at, _NOTHING_NEW, stale=True)
        except Exception as error:
            raise CannotGoOn(f"{office.config.district}的台账读不了（{error}），不知道那里已经申请过什么，全市都没有登记；"
                             f"请先用 --district {office.config.district} verify 核查") from error

    def reopened(self, desk: _Desk) -> _Desk:
        """A district after its commit; a dry run has none."""
        intake = replace(desk.intake, begun=False)
        return replace(desk, intake=intake) if self.dry or desk.stale else self._opened(desk.office, desk.at, intake)

    def conclude(self, desk: _Desk, shown: Quarter, known: Mapping[str, tuple[Rival, ...]]) -> None:
        """Judge the district by what stands elsewhere, commit, and write its papers; a failure is noted."""
        try:
            self._conclude(desk, shown, known)
        except Exception as error:  # another district's run goes on
            self.results.failures[desk.name] = error
            desk.closing.__exit__(type(error), error, error.__traceback__)
            if desk.name not in self.results.reports and not desk.stale:
                self.conclude(self._as_it_was(desk.office, desk.at), shown, known)
        self.progress("各区县登记和写出", 1, len(self.city.districts))

    def _conclude(self, desk: _Desk, shown: Quarter, known: Mapping[str, tuple[Rival, ...]]) -> None:
        if not desk.stale:
            self._write_down(desk, known)
        outcome = monthly.conclude(desk.connection, desk.office, desk.intake, self.today, shown)
        if not (desk.stale or self.dry):
            desk.closing.close()  # commits
        self._keep(desk, outcome, shown, known)
        if not (desk.stale or self.dry):
            self.results.written[desk.name] = monthly.published(desk.office, outcome).written

    def _write_down(self, desk: _Desk, known: Mapping[str, tuple[Rival, ...]]) -> None:
        """What stands elsewhere, in the district's journal, as part of a run."""
        connection = desk.connection
        if elsewhere.city_of(connection) == self.city.name and elsewhere.rivals_known(connection) == known:
            return
        if not desk.intake.begun:
            if not self.dry:
                back_up_before(connection, desk.office)
            begin(connection, desk.office, self.today, keep_config=not self.dry)
        elsewhere.record(connection, self.city.name, known, self.today)

    def _keep(self, desk: _Desk, outcome: Outcome, shown: Quarter, known: Mapping[str, tuple[Rival, ...]]) -> None:
        kept, book, claims = self.results, outcome.book, outcome.judgement.claims
        kept.reports[desk.name] = light(outcome.report)
        kept.counted[desk.name] = counted_in(book, outcome.judgement, shown, desk.office.config)
        kept.claims |= {claim.number: claim for claim in claims if claim.number in known}
        desk.contenders = contenders(desk.name, desk.at, claims, book)


def _summed(job: _Job, shown: Quarter, settled: Mapping[str, Mapping[str, tuple[Rival, ...]]]) -> CityOutcome:
    """The sum of all, in a workbook of its own unless all districts have closed the quarter."""
    kept = job.results
    if missing := [office.config.district for office in job.city.districts if office.config.district not in kept.reports]:
        raise CannotGoOn(f"{'、'.join(missing)}没有可用的数字，没有写全市汇总；其余区县的结果已经写出")
    stale = [name for name in kept.reports if name in kept.failures]
    report = city_report(job.city, shown, job.today, kept.reports, kept.counted, kept.claims, settled, stale)
    frozen = all(one.closed_on for one in report.districts.values())
    folder, path = job.city.outputs / str(shown), None
    if not (job.dry or frozen):
        remove_half_written(folder)
        path = write_if_changed(folder / f"汇总进度表_{shown}.xlsx", city_workbook(report))
    return CityOutcome(report, kept.failures, kept.written, path)
