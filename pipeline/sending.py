"""`send`: the quarter's mails, each recipient's state, and delivery written down step by step."""

from __future__ import annotations

from collections.abc import Callable
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
from pipeline.mail.compose import compose, figures_digest
from pipeline.mail.deliver import Outcome, Outgoing, State, deliver
from pipeline.monthly import as_of
from pipeline.office import Office
from pipeline.safekeeping import at_work, back_up_before


@dataclass(frozen=True)
class Waiting:
    """One mail of the quarter with what became of it so far (None: not sent yet)."""

    letter: Outgoing
    figures: str
    state: str | None

    @property
    def to_send(self) -> bool:
        """Whether it may be sent: never where a copy may already have arrived."""
        return self.state in (None, State.RETRY)


class StaleMailsError(CannotGoOn):
    """The mails on the disk do not tell today's figures; the job must run first."""


def waiting(office: Office, engine: Engine, quarter: Quarter | None, today: date) -> tuple[Quarter, list[Waiting]]:
    """The quarter's mails as they lie in outputs/; raises StaleMailsError where the figures have changed since."""
    report = as_of(office, today, today, quarter, dry=True).report
    figures = figures_digest(report)
    with engine.connect() as connection:
        states = outbox.states(connection)
        earlier = outbox.earlier_figures(connection, str(report.quarter), figures)
    expected = {letter.message_id for letter in compose(report, office.config, b"", "", earlier)}
    found = []
    for path in sorted((office.outputs / str(report.quarter) / "mail").glob("*.eml")):
        letter = _letter(path)
        if letter.message_id not in expected:
            raise StaleMailsError("邮件写好之后数字有变化，请先运行一次 python run.py，看过新的邮件再发送")
        state = states.get(letter.message_id)
        found.append(Waiting(letter, figures, State.UNCERTAIN if state == State.SENDING else state))
    return report.quarter, found


def _letter(path: Path) -> Outgoing:
    content = path.read_bytes()
    message = message_from_bytes(content, policy=default)
    recipient = message["To"].addresses[0].addr_spec
    return Outgoing(recipient=recipient, message_id=str(message["Message-ID"]), content=content, path=path)


def send(
    office: Office, engine: Engine, quarter: Quarter, mails: list[Waiting], today: date, tell: Callable[[str], None]
) -> bool:
    """Deliver what may be sent, every step in the ledger and the journal before the next; True where all arrived."""
    figures = {one.letter.message_id: one.figures for one in mails}
    arrived: list[bool] = []

    def record(letter: Outgoing, outcome: Outcome) -> None:
        entry = {"message_id": letter.message_id, "recipient": letter.recipient, "quarter": str(quarter),
                 "figures": figures[letter.message_id]}
        with engine.begin() as connection:
            outbox.record(connection, entry, outcome.state, outcome.detail, today)
        with engine.connect() as connection:
            write_file(connection, office.journal)
        if outcome.state is not State.SENDING:
            arrived.append(outcome.state is State.SENT)
            tell(f"{letter.recipient}：{outcome.state} {outcome.detail}")

    with at_work(office):
        with engine.connect() as connection:
            back_up_before(connection, office)
        deliver([one.letter for one in mails if one.to_send], office.config.smtp, password(office.config), record)
        engine.dispose()
    return all(arrived)
