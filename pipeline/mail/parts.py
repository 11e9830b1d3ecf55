"""What all letters of the office are made of: headers, templates, an attached workbook, the same bytes each time."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from functools import cache
from hashlib import sha256

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from pipeline.config import Config
from pipeline.files import TEMPLATES

_SENT_AT = time(9, tzinfo=timezone(timedelta(hours=8)))


def headed(config: Config, name: str, address: str, subject: str, day: date, message_id: str) -> EmailMessage:
    """An empty letter from the office to a person or unit."""
    message = EmailMessage(policy=SMTP)
    message["From"] = Address(_one_line(config.office), addr_spec=config.smtp.sender)
    message["To"] = Address(_one_line(name), addr_spec=address)
    message["Subject"] = _one_line(subject)
    message["Date"] = datetime.combine(day, _SENT_AT)
    message["Message-ID"] = message_id
    return message


def message_id(config: Config, kind: str, seed: str) -> str:
    """The same for the same letter, so that it can be told whether it was sent before."""
    domain = config.smtp.sender.rpartition("@")[2]
    return f"<{kind}.{sha256(seed.encode()).hexdigest()[:24]}@{domain}>"


def _one_line(text: str) -> str:
    """A name from config.yaml as it may stand in a header, which a line break would end."""
    return " ".join(text.split())


def attach_workbook(message: EmailMessage, workbook: bytes, name: str) -> None:
    """Add a workbook to a letter."""
    subtype = "vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    message.add_attachment(workbook, maintype="application", subtype=subtype, filename=name)
    message.set_boundary("=_quarter_mail")


@cache
def templates() -> Environment:
    """The Jinja2 templates of templates/; values are escaped in those of HTML."""
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(("html.j2",)),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
