"""The quarter in the words of a 通报: sentences made from its figures, none of which judges."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from pipeline.attainment import Behind, Progress, Ranked, Score
from pipeline.calendar import Month, chinese_day
from pipeline.claim_report import Claim
from pipeline.config import Config
from pipeline.dues import Dues, Money, PerUnit, nothing_outstanding
from pipeline.quarter_report import MonthlyReturn, QuarterReport

NUMERALS = "零一二三四五六七八九十"
_MOST_NAMED = 10  # claims with their deadlines, the overdue ones first
Paragraph = tuple[str, str]  # a heading that runs on, and what follows it


@dataclass(frozen=True, slots=True)
class Part:
    """One of the parts 一、二、…; a paragraph without a heading of its own stands under the one before."""

    heading: str
    paragraphs: list[dict[str, str]]


def parts(report: QuarterReport, progress: Progress, dues: Dues, config: Config) -> list[Part]:
    """What is said, part by part, numbered 一、（一）1."""
    said = (
        ("总体完成情况", _whole(report, progress, len(config.years))),
        ("各培育范围完成情况", _sectors(progress, dues, report.quarter.year, len(config.years))),
        ("报送和核对情况", _returns(report, dues)),
        ("奖励申请和发放情况", _awards(dues)),
        ("近期到期事项", _next(dues, config)),
    )
    return [Part(f"{NUMERALS[at]}、{heading}", _numbered(paragraphs)) for at, (heading, paragraphs) in enumerate(said, 1)]


def chinese_month(month: Month) -> str:
    """2020年9月."""
    return f"{month.year}年{month.month}月"


def _numbered(paragraphs: Iterable[Paragraph]) -> list[dict[str, str]]:
    made, at = [], 0
    for heading, text in paragraphs:
        at += bool(heading)
        made.append({"lead": f"（{NUMERALS[at]}）{heading}。" if heading else "", "text": text})
    return made


def _whole(report: QuarterReport, progress: Progress, years: int) -> Iterator[Paragraph]:
    total, whole = report.total, progress.whole
    yield "总量", (
        f"累计培育{whole.actual}名（按人员和级别计，去重后{total.persons}人），{NUMERALS[years]}年计划{whole.target}名"
        f"{_rate(whole)}，{_gap(whole)}。其中考试取得{progress.examined}名，引进{total.introduced}名；已注册{total.registered}名。")
    yield "分级别", f"{'；'.join(map(_target_and_actual, progress.levels))}。"
    if progress.years:
        yield "分年度", f"{'；'.join(map(_target_and_actual, progress.years))}。"
    if outside := [f"{name}{number}名" for name, number in report.outside.items() if number]:
        yield "计划表外", f"另有{'、'.join(outside)}，不在计划表合计之内。"


def _sectors(progress: Progress, dues: Dues, year: int, years: int) -> Iterator[Paragraph]:
    if progress.ranking:
        yield "完成率排序", f"按{NUMERALS[years]}年计划的完成率由高到低："
        yield from (("", _placed(one)) for one in progress.ranking)
    if progress.suggested:
        rows = "；".join(f"{one.name}计划{one.target}名，实际{one.actual}名" for one in progress.suggested)
        yield "建议数量", f"以下范围的计划数为建议数量，无强制要求，不参加排序：{rows}。"
    if progress.behind:
        yield "累计差额", f"与到{year}年底的累计计划相比："
        yield from (("", f"{at}.{_behind(one)}") for at, one in enumerate(progress.behind, 1))
    else:
        yield "累计差额", f"与到{year}年底的累计计划相比，参加排序的范围均无差额。"
    if duty := [*_duty(dues)]:
        yield "应当配置和应当报考", "".join(duty)


def _duty(dues: Dues) -> Iterator[str]:
    if dues.establishments:
        below = dues.below_duty
        yield (f"应当配置注册安全工程师的单位{dues.establishments}家，未达标{below.number}家"
               f"{_units(below, '家')}。")
    if dues.not_registered.number:
        yield f"应当报考而未报考的监管人员{dues.not_registered.number}名{_units(dues.not_registered, '名')}。"


def _returns(report: QuarterReport, dues: Dues) -> Iterator[Paragraph]:
    lines = [*(_named(month, "未报", returns) for month, returns in dues.missing),
             *(_named(month, "迟报", returns) for month, returns in dues.late),
             *(f"{chinese_month(month)}月报尚未到截止日，还有{len(returns)}个单位未报送。" for month, returns in dues.not_due)]
    yield "月报", "".join(lines) or nothing_outstanding(report)
    concluded = f"已作结论{report.concluded}处。" if report.concluded else ""
    yield "退回和复核", (f"现有退回{dues.returned.number}处{_units(dues.returned, '处')}；"
                    f"等待复核结论{dues.to_review.number}处{_units(dues.to_review, '处')}。{concluded}")


def _named(month: Month, state: str, returns: Sequence[MonthlyReturn]) -> str:
    units = "、".join(f"{one.unit}{_arrived(one.first_arrived)}" for one in returns)
    return f"{chinese_month(month)}{state}（{len(returns)}个单位）：{units}。"


def _arrived(day: date | None) -> str:
    return f"（{day.month}月{day.day}日收到）" if day else ""


def _awards(dues: Dues) -> Iterator[Paragraph]:
    if not dues.awards:
        yield "申请和发放", "没有奖励申请。"
        return
    yield "申请和发放", f"累计{_money(dues.money)}。其中："
    yield from (("", f"{at}.{one.name}：{_money(one)}。") for at, one in enumerate(dues.awards, 1))
    yield "在办", f"{'、'.join(f'待{stage}{number}件' for stage, number in dues.awaiting.items())}。"
    unpaid = [f"{one.name}{_yuan(one.unpaid_amount)}" for one in dues.payers if one.unpaid_amount]
    owed = f"核准未发放{_yuan(dues.money.unpaid_amount)}" + (f"：{'、'.join(unpaid)}" if unpaid else "")
    yield "发放单位", f"{owed}。各发放单位情况见附件2。"


def _next(dues: Dues, config: Config) -> Iterator[Paragraph]:
    yield "月报", f"{chinese_month(dues.next_month)}月报的截止日为{chinese_day(dues.next_due)}。"
    days, reviews = config.policies[-1].review.due_soon_days, dues.reviews
    yield "初审", f"已超过初审期限的{len(reviews.overdue)}件，{days}个工作日内到期的{len(reviews.soon)}件。"
    yield from (("", f"{at}.{_deadline(one)}") for at, one in enumerate([*reviews.overdue, *reviews.soon][:_MOST_NAMED], 1))
    yield "奖励期次", (f"紧缺人才奖励以后各期，已到期待申请{dues.fallen_due.number}件{_yuan(dues.fallen_due.amount)}；"
                   f"到{chinese_day(dues.coming_until)}将到期{dues.coming.number}件{_yuan(dues.coming.amount)}。")


def _deadline(one: Claim) -> str:
    day = chinese_day(one.review_due) if one.review_due else "未定"
    return f"{one.number}：初审期限{day}{'（暂定）' if one.provisional else ''}。"


def _placed(one: Ranked) -> str:
    score = one.score
    name = f"{score.name}（并列）" if one.tied else score.name
    return f"{one.place}.{name}：计划{score.target}名，实际{score.actual}名{_rate(score)}，{_gap(score)}。"


def _behind(one: Behind) -> str:
    score, levels = one.score, "、".join(f"{level.name}{level.missing}名" for level in one.levels)
    gap = f"，{_gap(score)}" if score.missing else ""
    return f"{score.name}：累计计划{score.target or 0}名，实际{score.actual}名{gap}{f'；分级别差{levels}' if levels else ''}。"


def _target_and_actual(one: Score) -> str:
    if one.target is None:
        return f"{one.name}实际{one.actual}名，计划未定数"
    return f"{one.name}计划{one.target}名，实际{one.actual}名{_rate(one)}"


def _rate(one: Score) -> str:
    return f"，完成率{one.rate}" if one.rate else ""


def _gap(one: Score) -> str:
    if one.missing:
        return f"还差{one.missing}名"
    return f"超出计划{one.beyond}名" if one.beyond else "与计划数相等"


def _units(counts: PerUnit, measure: str) -> str:
    named = "、".join(f"{unit}{number}{measure}" for unit, number in counts.units.items())
    return f"（{named}）" if named else ""


def _money(one: Money) -> str:
    recovered = f"，追回{_yuan(one.recovered_amount)}" if one.recovered_amount else ""
    return (f"申请{one.applied}件{_yuan(one.applied_amount)}，核准{one.approved}件{_yuan(one.approved_amount)}，"
            f"发放{one.paid}件{_yuan(one.paid_amount)}{recovered}")


def _yuan(amount: float) -> str:
    return f"{amount:.15g}元"
