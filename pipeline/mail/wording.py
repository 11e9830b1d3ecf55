"""The quarter's figures in sentences.

Only numbers that the report carries are put into words; no sentence judges.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import groupby

from pipeline.calendar import Month, chinese_day
from pipeline.claim_report import PayerLine
from pipeline.dues import nothing_outstanding
from pipeline.plan_figures import attainment, of_level, of_year, span
from pipeline.quarter_report import MonthlyReturn, QuarterReport


def summary(report: QuarterReport, levels: Sequence[str]) -> list[str]:
    """The quarter in a few sentences: the whole, its parts, this year, outside the table, money."""
    return [
        _whole(report),
        _parts(report, levels),
        *_this_year(report),
        *_outside(report),
        *_money(report.payers),
    ]


def result(report: QuarterReport) -> str:
    """What a mailbox shows first: 2020年第三季度进度：累计40名，完成率40.0%."""
    total = report.total
    rate = f"，完成率{attainment(total.target, total.actual)}" if total.target else ""
    return f"{report.quarter.chinese}进度：累计{total.actual}名{rate}"


def preview(report: QuarterReport, levels: Sequence[str]) -> str:
    """The district in one sentence, for the mailbox' second line."""
    by_level = "、".join(_level(level, *of_level(report.cells, level)) for level in levels)
    missing = len(report.missing)
    return f"{by_level}；{f'月报未报{missing}份' if missing else '没有未报的月报'}。"


def outstanding(report: QuarterReport) -> list[str]:
    """Which monthly returns are overdue, came late or are still to come, month by month."""
    lines = [
        *(_named(month, "未报", returns) for month, returns in _by_month(report.returns, "未报")),
        *(_named(month, "迟报", returns) for month, returns in _by_month(report.returns, "迟报")),
        *(_not_yet_due(month, returns) for month, returns in _by_month(report.returns, "未到期")),
    ]
    return lines or [nothing_outstanding(report)]


def _whole(report: QuarterReport) -> str:
    total, until = report.total, chinese_day(_reported_until(report))
    rate, gap = attainment(total.target, total.actual), _gap(total.target - total.actual)
    return (
        f"截至{until}，累计培育{total.actual}名（按人员和级别计，去重后{total.persons}人），"
        f"{span(report)}计划{total.target}名，完成率{rate}，{gap}。"
    )


def _reported_until(report: QuarterReport) -> date:
    return min(report.as_of or report.today, report.quarter.last_day)


def _gap(missing: int) -> str:
    if missing > 0:
        return f"还差{missing}名"
    return f"超出计划{-missing}名" if missing else "与计划数相等"


def _parts(report: QuarterReport, levels: Sequence[str]) -> str:
    total = report.total
    by_level = "、".join(_level(level, *of_level(report.cells, level)) for level in levels)
    examined = total.actual - total.introduced
    return f"其中{by_level}；考试取得{examined}名，引进{total.introduced}名；已注册{total.registered}名。"


def _level(level: str, target: int | None, actual: int) -> str:
    return f"{level}{actual}名" if target is None else f"{level}{actual}名（计划{target}名）"


def _this_year(report: QuarterReport) -> list[str]:
    year = report.quarter.year
    target, actual = of_year(report.cells, year)
    if target is None:
        return []
    return [f"{year}年度计划{target}名，实际{actual}名，完成率{attainment(target, actual)}。"]


def _outside(report: QuarterReport) -> list[str]:
    named = [f"{name}{number}名" for name, number in report.outside.items() if number]
    return [f"另有{'、'.join(named)}，不在计划表合计之内。"] if named else []


def _money(payers: Sequence[PayerLine]) -> list[str]:
    awards = list(dict.fromkeys(line.award for line in payers))
    return [_award(award, [line for line in payers if line.award == award]) for award in awards]


def _award(award: str, lines: Sequence[PayerLine]) -> str:
    applied = _pieces((line.applied, line.applied_amount) for line in lines)
    approved = _pieces((line.approved, line.approved_amount) for line in lines)
    paid = _pieces((line.paid, line.paid_amount) for line in lines)
    recovered = sum(line.recovered_amount for line in lines)
    ending = f"，追回{_yuan(recovered)}" if recovered else ""
    return f"{award}：申请{applied}，核准{approved}，发放{paid}{ending}。"


def _pieces(counts_and_amounts: Iterable[tuple[int, float]]) -> str:
    counts, amounts = zip(*counts_and_amounts, strict=True)
    return f"{sum(counts)}件{_yuan(sum(amounts))}" if sum(counts) else "0件"


def _yuan(amount: float) -> str:
    return f"{amount:,.15g}元"


def _by_month(returns: Sequence[MonthlyReturn], state: str) -> list[tuple[Month, list[MonthlyReturn]]]:
    chosen = sorted((due for due in returns if due.state == state), key=lambda due: due.month)
    return [(month, list(of_month)) for month, of_month in groupby(chosen, key=lambda due: due.month)]


def _named(month: Month, state: str, returns: Sequence[MonthlyReturn]) -> str:
    units = "、".join(f"{due.unit}{_arrived(due)}" for due in returns)
    return f"{month.year}年{month.month}月{state}（{len(returns)}个单位）：{units}。"


def _arrived(due: MonthlyReturn) -> str:
    day = due.first_arrived
    return f"（{day.month}月{day.day}日收到）" if day else ""


def _not_yet_due(month: Month, returns: Sequence[MonthlyReturn]) -> str:
    day = returns[0].due
    return f"{month.year}年{month.month}月尚未到截止日（{day.month}月{day.day}日），还有{len(returns)}个单位未报送。"
