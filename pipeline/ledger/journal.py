"""The journal: what no original says, as hash-chained lines beside the ledger.

The database holds the same lines and is written first, in the run's one transaction; the file is
brought up to it afterwards and before each run, so that a kill between the two loses nothing.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, func, insert, select

from pipeline.faults import CannotGoOn
from pipeline.ledger.schema import journal

START = "0" * 64


def chained(previous: str, line: str) -> str:
    """The hash of a line that follows the line with hash `previous`."""
    return hashlib.sha256(f"{previous}\n{line}".encode()).hexdigest()


def append(connection: Connection, kind: str, **body: Any) -> None:
    """Add one entry to the journal, inside the caller's transaction."""
    append_all(connection, kind, [body])


def append_all(connection: Connection, kind: str, bodies: Iterable[Mapping[str, Any]]) -> None:
    """Add entries of one kind, one after the other."""
    last = connection.execute(select(journal).order_by(journal.c.entry.desc()).limit(1)).one_or_none()
    entry, previous = (last.entry, last.hash) if last else (0, START)
    entries = []
    for body in bodies:
        entry += 1
        line = json.dumps({"entry": entry, "kind": kind, **body}, ensure_ascii=False, sort_keys=True)
        previous = chained(previous, line)
        entries.append({"entry": entry, "line": line, "hash": previous})
    if entries:
        connection.execute(insert(journal), entries)


def write_file(connection: Connection, path: Path) -> None:
    """Append to the file the lines that the database has and the file has not.

    Raises JournalAheadError where the file has more: then an old copy of the database was put back.
    """
    written = _complete_lines(path)
    count = entries_in(connection)
    if len(written) > count:
        raise JournalAheadError
    missing = connection.execute(select(journal).where(journal.c.entry > len(written)).order_by(journal.c.entry)).all()
    if missing:
        with path.open("ab") as stream:
            stream.write(as_text([(row.hash, row.line) for row in missing]))
            stream.flush()
            os.fsync(stream.fileno())


class JournalAheadError(CannotGoOn):
    """The database is older than the journal's file."""

    def __init__(self) -> None:
        super().__init__("台账的数据库比流水 journal.jsonl 旧（可能放回了旧的备份），本次没有开始；"
                         "请运行 python run.py verify --restore，程序会用流水和原件把台账补齐")


def entries_in(connection: Connection) -> int:
    """How many entries the journal has in the database."""
    return connection.scalar(select(func.count()).select_from(journal)) or 0


def in_database(connection: Connection) -> list[tuple[str, str]]:
    """(hash, line) of every entry as the database has it."""
    return [(row.hash, row.line) for row in connection.execute(select(journal).order_by(journal.c.entry))]


def as_text(lines: Iterable[tuple[str, str]]) -> bytes:
    """The lines as they stand in the file."""
    return "".join(f"{stated} {line}\n" for stated, line in lines).encode()


def _complete_lines(path: Path) -> list[bytes]:
    """The file's whole lines; a line that a kill cut off is cut away, it will be written again."""
    if not path.exists():
        return []
    content = path.read_bytes()
    whole, _, torn = content.rpartition(b"\n")
    if torn:
        with path.open("r+b") as stream:
            stream.truncate(len(content) - len(torn))
    return whole.split(b"\n") if whole else []


def in_file(path: Path) -> list[tuple[str, str]]:
    """(hash, line) of every whole line of the file, whether the chain holds or not."""
    text = path.read_bytes().decode("utf-8", "replace") if path.exists() else ""
    return [(stated, line) for stated, _, line in (each.partition(" ") for each in text.split("\n")[:-1])]


def sound(lines: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """The lines up to the first whose hash does not follow from the one before."""
    previous, kept = START, []
    for stated, line in lines:
        if chained(previous, line) != stated:
            break
        kept.append((stated, line))
        previous = stated
    return kept
