"""Taking one submission back: a file dropped by mistake, a wrong cover."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from sqlalchemy import Connection, insert

from pipeline.faults import CannotGoOn
from pipeline.ledger import journal
from pipeline.ledger.schema import withdrawals
from pipeline.reading import Submission


class WithdrawalError(CannotGoOn):
    """The submission cannot be taken back; the message says why, in Chinese."""


def withdraw(
    connection: Connection, submissions: Mapping[int, Submission], number: int, reason: str, day: date
) -> Submission:
    """Take a submission back from `day` on; raises WithdrawalError for an unknown or a withdrawn one."""
    one = must_be_there(submissions, number)
    connection.execute(insert(withdrawals).values(submission=number, day=day, reason=reason))
    journal.append(connection, "withdrawal", submission=number, day=day.isoformat(), reason=reason)
    return one


def must_be_there(submissions: Mapping[int, Submission], number: int) -> Submission:
    """The submission; raises WithdrawalError for an unknown or a withdrawn one."""
    one = submissions.get(number)
    if one is None:
        raise WithdrawalError(f"台账中没有第 {number} 号报送；编号见 outputs/receipts/ 里各月的“收件清单”")
    if one.withdrawn is not None:
        raise WithdrawalError(f"第 {number} 号报送已经撤回过了（{one.withdrawn}）")
    return one
