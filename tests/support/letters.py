"""Letters with workbooks for tests, and an office that takes them from a real mailbox."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from email.message import EmailMessage
from hashlib import sha256
from pathlib import Path

from pipeline.fetching import Letter, fetch
from pipeline.office import Office
from tests.support.desk import CONFIG, holder
from tests.support.dovecot import PASSWORD, Mailbox
from tests.support.workbooks import office, workbook

TODAY = date(2020, 10, 8)
LIANSHI, LINGHU, MEMBER = "clerk@lianshi.example", "clerk@linghu.example", "qianjianzhong@nanxun.invalid"
UNITS = [unit.model_copy(update={"mail": {"练市镇": [LIANSHI], "菱湖镇": [LINGHU]}.get(unit.name, [])}) for unit in CONFIG.units]
AUGUST = workbook("练市镇", "2020-08", {"certificates": [holder(1)]})
SEPTEMBER = workbook("练市镇", "2020-09", {"certificates": [holder(2)]})


def letter(sender: str, *files: tuple[str, bytes], subject: str = "八月报表") -> bytes:
    """A letter with files attached; the same one has the same Message-ID."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, "office@nanxun.example", subject
    message["Message-ID"] = f"<{sha256(repr((sender, files, subject)).encode()).hexdigest()[:16]}@example>"
    message.set_content("见附件。")
    for name, content in files:
        message.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return message.as_bytes()


def office_with_mailbox(tmp_path: Path, box: Mailbox) -> Office:
    """An office that knows the mailbox, and two senders."""
    return replace(office(tmp_path), config=CONFIG.model_copy(update={"units": UNITS, "imap": box.imap}))


def taken(desk: Office, today: date = TODAY, password: str | None = PASSWORD) -> list[Letter]:
    """What `fetch` says of each letter."""
    assert desk.config.imap is not None
    return list(fetch(desk, desk.config.imap, password, today, lambda *_: None))
