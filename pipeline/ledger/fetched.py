"""Letters whose workbooks were taken from the mailbox: sender, time and files, as lines of the journal."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import Connection, select

from pipeline.ledger import journal
from pipeline.ledger.schema import journal as lines

_KIND = "fetch"


def record(connection: Connection, **letter: Any) -> None:
    """Write down one letter: folder, validity, uid, message_id, sender, received, day, files (source → SHA-256), unfinished."""
    journal.append(connection, _KIND, **letter)


def letters(connection: Connection) -> list[dict[str, Any]]:
    """Every letter that was written down, in that order."""
    perhaps = select(lines.c.line).where(lines.c.line.contains(f'"kind": "{_KIND}"')).order_by(lines.c.entry)
    return [entry for entry in map(json.loads, connection.scalars(perhaps)) if entry["kind"] == _KIND]


def senders(connection: Connection) -> dict[str, str]:
    """The file's name in inputs/ → the address from which it came, of every file that was taken."""
    return {source: letter["sender"] for letter in letters(connection) for source in letter["files"]}
