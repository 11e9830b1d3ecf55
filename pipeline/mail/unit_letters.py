"""Letters to the units: a receipt with its workbook, a reminder of a return that is overdue. Nothing is sent here.

No letter has a name or a number of a person in subject or text; the attached receipt may.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from email.policy import SMTP
from hashlib import sha256
from pathlib import PurePosixPath

from pipeline.calendar import Month, chinese_day
from pipeline.config import Config
from pipeline.findings import Finding, Severity
from pipeline.idnumber import masked_text
from pipeline.mail.parts import attach_workbook, headed, message_id, templates
from pipeline.reading import Submission


@dataclass(frozen=True, slots=True)
class UnitLetter:
    """A letter to one unit; `occasion` is what it may be sent once for, `asks` the digest of what it asks the unit to do."""

    unit: str
    recipient: str
    occasion: str
    asks: str
    message_id: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Answer:
    """A receipt that is ready: the workbook as it lies on the disk, what it says, whether it is locked."""

    unit: str
    submission: Submission
    workbook: bytes
    findings: Sequence[Finding]
    taken: int
    returned: int
    locked: bool

    @property
    def occasion(self) -> str:
        """One file is answered once, and again only where other rows of it go back."""
        return f"回执 {self.submission.number:06d}"

    @property
    def asks(self) -> str:
        """SHA-256 over the rows that go back and why; days in the messages change nothing."""
        rows = sorted({(one.sheet or "", one.row or 0, one.rule) for one in self.findings if one.severity is Severity.RETURNED})
        return sha256(repr(rows).encode()).hexdigest()

    @property
    def to_review(self) -> int:
        """How many findings a person must look at."""
        return sum(one.severity is Severity.REVIEW for one in self.findings)


def receipt_letter(answer: Answer, config: Config, day: date, earlier: Sequence[str]) -> UnitLetter:
    """A receipt to its unit; `earlier` are the digests of what it was asked to do with this file before."""
    one, address = answer.submission, config.mail_of(answer.unit)[0]
    own_id = message_id(config, "receipt", f"{answer.occasion} {one.sha256} {' '.join([*earlier, answer.asks])}")
    month = f"{one.month.year}年{one.month.month}月" if one.month else ""
    subject = f"{'【更新】' if earlier else ''}{answer.unit}{month}报表的回执（第{one.number:06d}号）"
    message = headed(config, answer.unit, address, subject, day, own_id)
    text = templates().get_template("receipt.txt.j2").render(
        answer=answer, month=month, config=config, updated=bool(earlier), today=chinese_day(day),
        arrived=chinese_day(one.arrived_on), file=masked_text(PurePosixPath(one.source).name))
    message.set_content(text, cte="base64")
    attach_workbook(message, answer.workbook, f"回执_{one.month or ''}_{answer.unit}_{one.number:06d}.xlsx")
    return UnitLetter(answer.unit, address, answer.occasion, answer.asks, own_id, message.as_bytes(policy=SMTP))


def reminder_letter(unit: str, month: Month, config: Config, day: date) -> UnitLetter:
    """A reminder of one month's return: one letter per deadline, also where the unit's address has changed since."""
    address, due = config.mail_of(unit)[0], month.due(config.due_day)
    occasion = f"催报 {month} 截止 {due}"
    own_id = message_id(config, "reminder", f"{occasion} {unit}")
    message = headed(config, unit, address, f"请报送{month.year}年{month.month}月的填报表", day, own_id)
    message.set_content(templates().get_template("reminder.txt.j2").render(
        unit=unit, month=f"{month.year}年{month.month}月", due=chinese_day(due), today=chinese_day(day), config=config), cte="base64")
    return UnitLetter(unit, address, occasion, "", own_id, message.as_bytes(policy=SMTP))
