"""`send`: mails with each recipient's state, and delivery written down step by step; here also which the quarter's are."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from email import message_from_bytes
from email.policy import default
from pathlib import Path

from sqlalchemy import Engine

from pipeline.calendar import Quarter
from pipeline.faults import CannotGoOn
from pipeline.ledger import outbox
from pipeline.ledger.journal import write_file
from pipeline.mail.account import password
from pipeline.mail.compose import figures_digest, message_ids
from pipeline.mail.deliver import Outcome, Outgoing, State, deliver
from pipeline.monthly import as_of
from pipeline.office import Office
from pipeline.quarter_report import QuarterReport
from pipeline.safekeeping import at_work, back_up_before


@dataclass(frozen=True)
class Waiting:
    """One mail with what became of it so far (None: not sent yet).

    `occasion` is the quarter, or what else it is sent for; `figures` the digest of what it tells; `what` shows it to a person.
    """

    letter: Outgoing
    occasion: str
    figures: str
    state: str | None
    asked_again: bool
    what: Path | str

    @property
    def to_send(self) -> bool:
        """Whether it may be sent: where a copy may have arrived, or was refused, only if somebody asks for it."""
        return self.state in (None, State.RETRY) or (self.asked_again and self.state != State.SENT)


class StaleMailsError(CannotGoOn):
    """What lies on the disk does not tell today's figures; the job must run first."""


def waiting_as(
    letter: Outgoing, occasion: str, figures: str, what: Path | str, states: Mapping[str, str], again: Sequence[str]
) -> Waiting:
    """A mail with its state."""
    return Waiting(letter, occasion, figures, _shown(states.get(letter.message_id)), letter.recipient in again, what)


def waiting(
    office: Office, engine: Engine, quarter: Quarter | None, today: date, again: Sequence[str] = ()
) -> tuple[Quarter, list[Waiting]]:
    """The quarter's mails as they lie in outputs/, those to the addresses `again` to be sent once more.

    Raises StaleMailsError where the figures have changed since.
    """
    report = as_of(office, today, today, quarter, dry=True).report
    figures = figures_digest(report)
    with engine.connect() as connection:
        states = outbox.states(connection)
        earlier = outbox.earlier_figures(connection, str(report.quarter), figures)
    expected = message_ids(report, office.config, earlier)
    found = []
    for path in sorted((office.outputs / str(report.quarter) / "mail").glob("*.eml")):
        letter = _letter(path)
        if letter.message_id not in expected:
            raise StaleMailsError(_stale(path.name, report))
        found.append(waiting_as(letter, str(report.quarter), figures, path, states, again))
    return report.quarter, found


def _stale(name: str, report: QuarterReport) -> str:
    if report.closed_on:
        return f"{report.quarter.chinese}已封存，以后数字或收件人有变化，“{name}”不能再发；变动见下一季度的“变动说明”"
    return (f"“{name}”与现在的数字或收件人不符；请先运行一次 python run.py --quarter {report.quarter}，看过新的邮件再发送；"
            "运行之后仍这样说的，那个文件不是程序写的，请移到别处")


def _letter(path: Path) -> Outgoing:
    content = path.read_bytes()
    message = message_from_bytes(content, policy=default)
    recipient = message["To"].addresses[0].addr_spec
    return Outgoing(recipient=recipient, message_id=str(message["Message-ID"]), content=content)


def _still_to_send(mails: list[Waiting], states: Mapping[str, str]) -> dict[str, Outgoing]:
    """Message-ID → letter; not those that another run has sent since they were shown."""
    return {name: one.letter for one in mails for name in [one.letter.message_id]
            if one.to_send and _shown(states.get(name)) == one.state}


def _shown(state: str | None) -> str | None:
    """One whose sending was cut off may have arrived."""
    return State.UNCERTAIN if state == State.SENDING else state


def send(office: Office, engine: Engine, mails: list[Waiting], today: date, tell: Callable[[str], None]) -> bool:
    """Deliver what may be sent, every step in the ledger and the journal before the next; True where all arrived.

    What a server puts off (4xx) is tried again after the pauses of config.yaml, and stays 待重试 after the last.
    """
    known = {one.letter.message_id: one for one in mails}
    states: dict[str, State] = {}

    def record(letter: Outgoing, outcome: Outcome) -> None:
        one = known[letter.message_id]
        entry = {"message_id": letter.message_id, "recipient": letter.recipient, "quarter": one.occasion, "figures": one.figures}
        with engine.begin() as connection:
            outbox.record(connection, entry, outcome.state, outcome.detail, today)
        with engine.connect() as connection:
            write_file(connection, office.journal)
        states[letter.message_id] = outcome.state
        if outcome.state is not State.SENDING:
            tell(f"{letter.recipient}：{outcome.state} {outcome.detail}")

    with at_work(office):
        with engine.connect() as connection:
            back_up_before(connection, office)
            left = _still_to_send(mails, outbox.states(connection))
        deliver(list(left.values()), office.config.smtp, password(office.config), record)
        for pause in office.config.smtp.retry_seconds:
            again = [letter for name, letter in left.items() if states[name] is State.RETRY]
            if again:
                tell(f"{len(again)} 封待重试，{pause} 秒后再试（可以按 Ctrl-C 停下，下次 send 接着发）")
                time.sleep(pause)
                deliver(again, office.config.smtp, password(office.config), record)
        engine.dispose()
    return all(state is State.SENT for state in states.values())
