"""`fetch`: workbooks of known senders out of the office's mailbox into inputs/, every letter written down.

A letter's files are saved first, then it is written down, then it is marked as read. A kill between
two of these steps doubles nothing: what is saved already is known by its bytes, what is written down by its number.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from sqlalchemy import Connection

from pipeline.config import Imap
from pipeline.files import write_atomically
from pipeline.intake import WORKBOOK_ENDINGS
from pipeline.ledger import fetched
from pipeline.ledger.journal import write_file
from pipeline.ledger.opening import engine_for
from pipeline.ledger.store import sha256
from pipeline.mail.attachments import Attachment, attachments, safe_name
from pipeline.mail.mailbox import Envelope, Mailbox, opened
from pipeline.office import Office, Progress
from pipeline.safekeeping import at_work, back_up_before

FOLDER = "邮件"  # in inputs/
_MB = 1 << 20
_ARCHIVES = (".zip", ".rar", ".7z", ".gz", ".tar")


@dataclass
class Letter:
    """What became of a letter: the files taken, what was left (and why), and whether a person must look at it."""

    envelope: Envelope
    owner: str | None  # whose address it is; None: nobody's that config.yaml knows
    saved: list[Path] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    unfinished: bool = False  # what was left may hold workbooks


def fetch(office: Office, imap: Imap, password: str | None, today: date, progress: Progress) -> Iterator[Letter]:
    """Take in what is new; gives, one by one, every letter that was not taken before, those of unknown senders untouched.

    Raises MailboxError where the mailbox is not to be had; what was taken until then stays taken.
    """
    with at_work(office), opened(imap, password) as box:
        engine = engine_for(office.config.ledger.url, office.outputs)
        try:
            with engine.connect() as connection:
                write_file(connection, office.journal)  # what a kill kept from it
                yield from _taken(_Desk(office, imap, box, connection, today), progress)
        finally:
            engine.dispose()


@dataclass
class _Desk:
    office: Office
    imap: Imap
    box: Mailbox
    connection: Connection
    today: date

    def numbers(self) -> dict[int, bool]:
        """The number of each letter of this folder that was taken before, and whether something of it was left."""
        here = (self.imap.folder, self.box.validity)
        return {one["uid"]: one["unfinished"] for one in fetched.letters(self.connection) if (one["folder"], one["validity"]) == here}

    def record(self, letter: Letter) -> None:
        """Write a letter into ledger and journal."""
        envelope, inputs = letter.envelope, self.office.inputs
        fetched.record(
            self.connection, folder=self.imap.folder, validity=self.box.validity, uid=envelope.uid, message_id=envelope.message_id,
            sender=envelope.sender, received=envelope.received.isoformat(), day=self.today.isoformat(), unfinished=letter.unfinished,
            files={path.relative_to(inputs).as_posix(): sha256(path.read_bytes()) for path in letter.saved})
        self.connection.commit()
        write_file(self.connection, self.office.journal)


def _taken(desk: _Desk, progress: Progress) -> Iterator[Letter]:
    known = desk.numbers()
    envelopes = desk.box.envelopes(desk.today - timedelta(days=desk.imap.days))
    senders = desk.office.config.senders
    if any(envelope.uid not in known and envelope.sender in senders for envelope in envelopes):
        back_up_before(desk.connection, desk.office)
    for envelope in envelopes:
        if envelope.uid not in known:
            yield _take(desk, envelope)
        elif not known[envelope.uid] and (desk.imap.done_folder or not envelope.seen):
            desk.box.settle(envelope.uid)  # a kill came between
        progress("查看邮件", 1, len(envelopes))


def _take(desk: _Desk, envelope: Envelope) -> Letter:
    letter = Letter(envelope, desk.office.config.senders.get(envelope.sender or ""))
    if letter.owner is None:
        return letter
    folder = desk.office.inputs / FOLDER / safe_name(f"{envelope.received:%Y-%m-%d}_{letter.owner}")
    for one in _attached(desk, letter):
        _sort(one, letter, folder, desk.office.config.limits.file_mb)
    if letter.saved:
        desk.record(letter)
        if not letter.unfinished:
            desk.box.settle(envelope.uid)
    return letter


def _attached(desk: _Desk, letter: Letter) -> list[Attachment]:
    most = desk.office.config.limits.file_mb * 1.5  # as mail writes it, a file of the greatest size takes a third more
    if letter.envelope.size > most * _MB:
        letter.left.append(f"整封邮件有 {letter.envelope.size / _MB:.1f} MB，超过 {most:g} MB，没有下载")
        return []
    content = desk.box.letter(letter.envelope.uid)
    try:
        return attachments(content)
    except Exception as error:  # one letter must not stop the others, whatever is wrong with it or with us
        letter.left.append(f"程序没能读懂这封邮件（{type(error).__name__}）")
        return []


def _sort(one: Attachment, letter: Letter, folder: Path, most_mb: int) -> None:
    ending = Path(one.name).suffix.lower()
    if ending in WORKBOOK_ENDINGS and len(one.content) <= most_mb * _MB:
        letter.saved.append(_saved(folder / one.name, one.content))
    elif ending in WORKBOOK_ENDINGS:
        letter.left.append(f"{one.name}：有 {len(one.content) / _MB:.1f} MB，超过 {most_mb} MB")
        letter.unfinished = True
    elif ending in _ARCHIVES:
        letter.left.append(f"{one.name}：压缩包没有打开，请对方直接发里面的工作簿")
        letter.unfinished = True
    else:
        letter.left.append(f"{one.name}：不是工作簿")


def _saved(path: Path, content: bytes) -> Path:
    """Where the content lies: under this name, or with a number behind it where another file has the name."""
    candidate, number = path, 1
    while candidate.exists():
        if candidate.is_file() and candidate.read_bytes() == content:
            return candidate
        number += 1
        candidate = path.with_stem(f"{path.stem} ({number})")
    return write_atomically(candidate, content)
