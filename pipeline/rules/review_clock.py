"""The clock of the first review (F01)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pandas as pd

from pipeline.book import Book, Origin, Standing, origins
from pipeline.calendar import working_days_after
from pipeline.config import Config
from pipeline.findings import Severity
from pipeline.rules.engine import Terms, rule
from pipeline.rules.measures import BOTH, OTHER


def add_review_clock(
    claims: pd.DataFrame, standings: Mapping[str, Standing], waiting: set[Origin], book: Book, config: Config
) -> None:
    """Add `clock_from`, `review_due` and `today` to the rows of claims that can be reviewed, blank in all others."""
    awaiting = {one.origin: one for one in standings.values() if one.state == "待初审" and one.origin not in waiting}
    clocks = [review_clock(awaiting[origin], applied, book, config) if origin in awaiting and applied else None
              for origin, applied in zip(origins(claims), claims["applied_on"], strict=True)]
    shown = [(clock[0].isoformat(), _written(*clock[1:]), book.today.isoformat()) if clock else (None, None, None)
             for clock in clocks]
    for at, name in enumerate(("clock_from", "review_due", "today")):
        claims[name] = pd.Series([one[at] for one in shown], index=claims.index, dtype=object)


def review_clock(one: Standing, applied_on: str, book: Book, config: Config) -> tuple[date, date, bool]:
    """From which day the clock runs, the last day of the first review, and whether that is provisional."""
    received = book.submissions[one.first[0]].arrived_on
    start = received if config.switches.clock_start == "received" else date.fromisoformat(applied_on)
    days = config.policy_on(applied_on).review.first_review_days
    return (start, *working_days_after(start, days))


def _written(day: date, provisional: bool) -> str:
    return f"{day.isoformat()}（暂定）" if provisional else day.isoformat()


@rule("F01", clause="附件3 三（一）（3）", severity=Severity.REVIEW, sheets=BOTH + OTHER,
      cells=("review_due", "clock_from", "today"), at="applied_on",
      message="自{clock_from}起算，{policy.review.first_review_days}个工作日的初审期限{review_due}已过；"
              "请{config.first_review_unit}尽快初审，填报单位不必处理")
def first_review_is_in_time(claims: pd.DataFrame, _: Terms) -> pd.Series[bool]:
    """由区应急管理局在10个工作日内完成对申请资料的初审"""
    return claims["today"] <= claims["review_due"].str[:10]


RULES = (first_review_is_in_time,)
