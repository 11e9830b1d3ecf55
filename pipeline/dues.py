"""What waits and what falls due next: returns, findings, reviews, instalments, money per payer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from pipeline.calendar import Month, Quarter, working_days_after
from pipeline.claim_report import Claim, InstalmentLine, PayerLine
from pipeline.config import Config
from pipeline.findings import Severity
from pipeline.quarter_report import FindingLine, MonthlyReturn, QuarterReport

UNKNOWN_UNIT = "单位不明"


@dataclass(frozen=True, slots=True)
class PerUnit:
    """How many there are, and how many at each unit, in the order of 附件1."""

    number: int
    units: dict[str, int]


@dataclass(frozen=True, slots=True)
class Money:
    """Claims and yuan of one payer or one award over all years; `future` are the instalments still to come."""

    name: str
    applied: int
    applied_amount: float
    approved: int
    approved_amount: float
    paid: int
    paid_amount: float
    recovered_amount: float
    unpaid_amount: float
    future_amount: float


@dataclass(frozen=True, slots=True)
class Sum:
    """A number of instalments and their yuan."""

    number: int
    amount: int


@dataclass(frozen=True, slots=True)
class ReviewsDue:
    """First reviews whose day has passed, and those whose day comes within the next working days (F01)."""

    overdue: list[Claim]
    soon: list[Claim]


@dataclass(frozen=True, slots=True)
class Dues:
    """All that is outstanding on the day of the report."""

    missing: list[tuple[Month, list[MonthlyReturn]]]
    late: list[tuple[Month, list[MonthlyReturn]]]
    not_due: list[tuple[Month, list[MonthlyReturn]]]
    next_month: Month
    next_due: date
    returned: PerUnit
    to_review: PerUnit
    establishments: int  # under duty
    below_duty: PerUnit
    not_registered: PerUnit  # supervisors who must sit the exam
    awaiting: dict[str, int]  # stage → claims that await it
    awards: list[Money]
    payers: list[Money]
    money: Money
    reviews: ReviewsDue
    fallen_due: Sum
    coming: Sum
    coming_until: date


def dues(report: QuarterReport, config: Config) -> Dues:
    """Every list and sum, from the report's figures."""
    next_month = _next_month(report.today, config.due_day)
    units, supervisors = report.lists.duties.units, report.lists.supervision.groups
    until = Quarter.of(report.quarter.months[-1].next).last_day
    waiting = [line for line in report.instalments if line.state == "未到期" and line.due <= until]
    return Dues(
        missing=_by_month(report.returns, "未报"), late=_by_month(report.returns, "迟报"),
        not_due=_by_month(report.returns, "未到期"), next_month=next_month, next_due=next_month.due(config.due_day),
        returned=_findings(report.findings, Severity.RETURNED, config),
        to_review=_findings(report.findings, Severity.REVIEW, config),
        establishments=sum(unit.bound for unit in units),
        below_duty=_per_unit([(unit.unit, unit.below) for unit in units], config),
        not_registered=_per_unit([(group.unit, group.bound) for group in supervisors], config),
        awaiting={stage: sum(claim.awaits == stage for claim in report.claims) for stage in ("初审", "复审", "发放")},
        awards=_money(report.payers, lambda line: line.award),
        payers=_money(sorted(report.payers, key=lambda line: config.unit_order.get(line.payer, len(config.units))),
                      lambda line: line.payer),
        money=_sum("合计", report.payers), reviews=reviews_due(report, config),
        fallen_due=_instalments([line for line in report.instalments if line.state == "已到期，待申请"]),
        coming=_instalments(waiting), coming_until=until,
    )


def nothing_outstanding(report: QuarterReport) -> str:
    """What is said of the monthly returns where none is missing, late or still to come."""
    asked = any(one.state != "未开始" for one in report.returns)
    return "本季度应报送的月报均已按时收到。" if asked else "本季度还没有要求按月报送。"


def reviews_due(report: QuarterReport, config: Config) -> ReviewsDue:
    """The first reviews that may be taken and are overdue, or fall due within `due_soon_days` working days."""
    horizon, _ = working_days_after(report.today, config.policies[-1].review.due_soon_days)
    timed = [(one, one.review_due) for one in report.claims if one.awaits == "初审" and not one.waits_for and one.review_due]
    return ReviewsDue([one for one, day in timed if day < report.today],
                      [one for one, day in timed if report.today <= day <= horizon])


def _next_month(today: date, due_day: int) -> Month:
    """The earliest month whose return can still be in time."""
    before = Month.of(today).previous
    return before if before.due(due_day) >= today else before.next


def _by_month(returns: Sequence[MonthlyReturn], state: str) -> list[tuple[Month, list[MonthlyReturn]]]:
    chosen = sorted((one for one in returns if one.state == state), key=lambda one: one.month)
    return [(month, list(of_month)) for month, of_month in groupby(chosen, key=lambda one: one.month)]


def _findings(lines: Iterable[FindingLine], severity: Severity, config: Config) -> PerUnit:
    return _per_unit([(line.unit or UNKNOWN_UNIT, 1) for line in lines if line.finding.severity is severity], config)


def _per_unit(numbers: Iterable[tuple[str, int]], config: Config) -> PerUnit:
    counts: Counter[str] = Counter()
    for unit, number in numbers:
        counts[unit] += number
    ordered = sorted((unit for unit, number in counts.items() if number),
                     key=lambda unit: config.unit_order.get(unit, len(config.units)))
    return PerUnit(counts.total(), {unit: counts[unit] for unit in ordered})


def _money(lines: Sequence[PayerLine], name: Callable[[PayerLine], str]) -> list[Money]:
    names = dict.fromkeys(name(line) for line in lines)
    return [_sum(one, [line for line in lines if name(line) == one]) for one in names]


def _sum(name: str, lines: Sequence[PayerLine]) -> Money:
    return Money(
        name, sum(line.applied for line in lines), sum(line.applied_amount for line in lines),
        sum(line.approved for line in lines), sum(line.approved_amount for line in lines),
        sum(line.paid for line in lines), sum(line.paid_amount for line in lines),
        sum(line.recovered_amount for line in lines), sum(line.unpaid_amount for line in lines),
        sum(line.future_amount for line in lines))


def _instalments(lines: Sequence[InstalmentLine]) -> Sum:
    return Sum(len(lines), sum(line.amount for line in lines))
