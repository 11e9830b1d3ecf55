"""`close`: a quarter that was signed and sent is frozen; what came later shows in the next report."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from sqlalchemy import Connection

from pipeline.book import Book
from pipeline.calendar import Quarter
from pipeline.change_lines import Changes
from pipeline.changes import Basis, changes_between
from pipeline.config import Config
from pipeline.faults import CannotGoOn
from pipeline.judge import Judgement, judge
from pipeline.ledger.closings import Closing, closed, record
from pipeline.ledger.store import load_book


class ClosingError(CannotGoOn):
    """The quarter cannot be closed; the message says why, in Chinese."""


def must_be_over(quarter: Quarter, today: date) -> None:
    """Raise ClosingError where the quarter still runs on `today`."""
    if today <= quarter.last_day:
        raise ClosingError(f"{quarter.chinese}到{quarter.last_day}才结束，还不能封存")


def must_be_open(connection: Connection, quarter: Quarter) -> None:
    """Raise ClosingError where the quarter is closed already."""
    if earlier := closed(connection).get(str(quarter)):
        raise ClosingError(f"{quarter.chinese}已于{earlier.day}封存，不能再次封存")


def close(connection: Connection, quarter: Quarter, submissions: Mapping[int, object], today: date) -> Closing:
    """Write the closing of a quarter that is over and open."""
    one = Closing(str(quarter), today, max(submissions, default=0))
    record(connection, one)
    return one


def changes_since(
    connection: Connection, book: Book, judgement: Judgement, quarter: Quarter, config: Config, day: date | None
) -> Changes:
    """What changed since the end of `day`; without one since the last closed quarter before this one, or else since
    the quarter before as known now."""
    now = Basis(book, judgement.rows, quarter)
    if day:
        known = load_book(connection, day, day)
        return changes_between(Basis(known, judge(known, config).rows, quarter), now, f"{day}结束时的台账", config)
    earlier = [one for one in closed(connection).values() if one.quarter < str(quarter)]
    if not earlier:
        before = Quarter.of(quarter.months[0].previous)
        return changes_between(Basis(book, judgement.rows, before), now, f"{before.chinese}（按现在的台账）", config)
    last = earlier[-1]
    known = load_book(connection, last.day, last.day, last.last_submission)
    before = Quarter.parse(last.quarter)
    since = f"{before.chinese}（{last.day}封存时）"
    return changes_between(Basis(known, judge(known, config).rows, before), now, since, config)
