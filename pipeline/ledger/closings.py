"""Quarters that were signed and sent: closed for good."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, insert, select

from pipeline.ledger import journal
from pipeline.ledger.schema import closings


@dataclass(frozen=True, slots=True)
class Closing:
    """A closed quarter, the day, and the last submission that its report knew."""

    quarter: str
    day: date
    last_submission: int


def record(connection: Connection, one: Closing) -> None:
    """Write a closing into the ledger and its journal."""
    connection.execute(insert(closings).values(quarter=one.quarter, day=one.day, last_submission=one.last_submission))
    journal.append(connection, "close", quarter=one.quarter, day=one.day.isoformat(), last_submission=one.last_submission)


def closed(connection: Connection) -> dict[str, Closing]:
    """Quarter → its closing, the earliest quarter first."""
    rows = connection.execute(select(closings).order_by(closings.c.quarter))
    return {row.quarter: Closing(row.quarter, row.day, row.last_submission) for row in rows}
