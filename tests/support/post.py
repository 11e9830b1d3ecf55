"""A post office for tests of answers: a real SMTP server, units with mailboxes, and what is due to them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller

from pipeline import answering, monthly, sending
from pipeline.ledger.opening import engine_for
from pipeline.office import Office
from tests.support.desk import CONFIG, award, holder
from tests.support.workbooks import workbook

TODAY = date(2020, 9, 4)  # August's return is due on 5 September
AFTER = date(2020, 9, 6)
LIANSHI = "clerk@lianshi.example"
FAULTY = {"certificates": [holder(1), holder(2, level="大级")], "certificate_awards": [award(1)]}
UNITS = [unit.model_copy(update={"mail": [f"unit{at}@district.example"] if unit.name != "练市镇" else [LIANSHI]})
         for at, unit in enumerate(CONFIG.units)]


@dataclass
class PostOffice:
    """Keeps what it accepts; answers some recipients otherwise, and cuts the line where the answer is None."""

    answers: dict[str, str | None] = field(default_factory=dict)
    letters: list[tuple[str, EmailMessage]] = field(default_factory=list)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        (recipient,) = envelope.rcpt_tos
        answer = self.answers.get(recipient, "250 OK")
        if answer is None:
            server.transport.abort()
        elif answer.startswith("250"):
            message = message_from_bytes(envelope.content, policy=default)
            assert isinstance(message, EmailMessage)
            self.letters.append((recipient, message))
        return answer or "250 nobody hears this"

    def to(self, recipient: str) -> list[EmailMessage]:
        return [message for address, message in self.letters if address == recipient]


class AnyPort(Controller):
    """Port 0 lets the system choose; the controller then asks its own server which it is."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


def paper(unit: str, sheets: Mapping[str, list[dict[str, Any]]], month: str = "2020-08", *, nil: bool = False) -> bytes:
    """A workbook as a unit sends it in."""
    return workbook(unit, month, sheets, filled_on="2020-09-03", nil=nil)


def receive(desk: Office, name: str, content: bytes, today: date = TODAY) -> None:
    """A file comes in and is read."""
    (desk.inputs / name).write_bytes(content)
    run(desk, today)


def run(desk: Office, today: date = TODAY) -> None:
    """The monthly job."""
    monthly.run(desk, today, None, False, 1, lambda *_: None)


def due(desk: Office, today: date = TODAY) -> answering.Due:
    """What is to be sent."""
    engine = engine_for(desk.config.ledger.url, desk.outputs)
    found = answering.due(desk, engine, today)
    engine.dispose()
    return found


def told(desk: Office, today: date = TODAY) -> list[tuple[str, str | None]]:
    """What is to be sent, in words, and the state of each."""
    return [(str(one.what), one.state) for one in due(desk, today).mails]


def send(desk: Office, today: date = TODAY, again: tuple[str, ...] = ()) -> bool:
    """Send what is due; gives whether all of it arrived."""
    engine = engine_for(desk.config.ledger.url, desk.outputs)
    found = answering.due(desk, engine, today, again)
    arrived = sending.send(desk, engine, found.mails, today, lambda _: None)
    engine.dispose()
    return arrived


def text_of(message: EmailMessage) -> str:
    """A letter's plain text."""
    body = message.get_body(("plain",))
    assert body is not None
    return body.get_content().replace("\r\n", "\n")


def attached(message: EmailMessage) -> bytes:
    """The one file that a letter brings."""
    [part] = message.iter_attachments()
    content = part.get_content()
    assert isinstance(content, bytes)
    return content
