"""The outbox: a state for every mail, so that a repeat sends nothing twice."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection, delete, func, insert, select

from pipeline.ledger import journal
from pipeline.ledger.schema import mail


def record(connection: Connection, entry: dict[str, str], state: str, detail: str, day: date) -> None:
    """Write down what became of one mail; `entry` has message_id, recipient, quarter and figures."""
    same = mail.c.message_id == entry["message_id"]
    place = connection.scalar(select(mail.c.place).where(same))
    if place is None:
        place = (connection.scalar(select(func.max(mail.c.place))) or 0) + 1
    values = {**entry, "state": state, "detail": detail}
    connection.execute(delete(mail).where(same))
    connection.execute(insert(mail).values(**values, place=place, day=day))
    journal.append(connection, "mail", **values, day=day.isoformat())


def states(connection: Connection) -> dict[str, str]:
    """Message-ID → state of every mail that was ever tried."""
    return {row.message_id: row.state for row in connection.execute(select(mail))}


def earlier_figures(connection: Connection, quarter: str, figures: str) -> dict[str, list[str]]:
    """For each address the figures of this quarter that it was sent before the present ones, in their order."""
    sent: dict[str, list[str]] = {}
    rows = connection.execute(select(mail).where(mail.c.quarter == quarter).order_by(mail.c.place))
    for row in rows:
        if row.state not in ("待重试", "被拒"):
            sent.setdefault(row.recipient, []).append(row.figures)
    return {address: history[:-1] if history[-1] == figures else history for address, history in sent.items()}
