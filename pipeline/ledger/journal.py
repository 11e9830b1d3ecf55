"""The journal: what no original says, as hash-chained lines beside the ledger.

The database holds the same lines and is written first, in the run's one transaction; the file is
brought up to it afterwards and before each run, so that a kill between the two loses nothing.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, func, insert, select

from pipeline.ledger.schema import journal

START = "0" * 64


def chained(previous: str, line: str) -> str:
    """The hash of a line that follows the line with hash `previous`."""
    return hashlib.sha256(f"{previous}\n{line}".encode()).hexdigest()


def append(connection: Connection, kind: str, **body: Any) -> None:
    """Add one entry to the journal, inside the caller's transaction."""
    last = connection.execute(select(journal).order_by(journal.c.entry.desc()).limit(1)).one_or_none()
    entry, previous = (last.entry + 1, last.hash) if last else (1, START)
    line = json.dumps({"entry": entry, "kind": kind, **body}, ensure_ascii=False, sort_keys=True)
    connection.execute(insert(journal).values(entry=entry, line=line, hash=chained(previous, line)))


def write_file(connection: Connection, path: Path) -> None:
    """Append to the file the lines that the database has and the file has not."""
    written = _complete_lines(path)
    count = connection.scalar(select(func.count()).select_from(journal)) or 0
    if len(written) >= count:
        return
    missing = connection.execute(select(journal).where(journal.c.entry > len(written)).order_by(journal.c.entry))
    with path.open("ab") as stream:
        for row in missing:
            stream.write(f"{row.hash} {row.line}\n".encode())
        stream.flush()
        os.fsync(stream.fileno())


def _complete_lines(path: Path) -> list[str]:
    """The file's whole lines; a line that a kill cut off is cut away, it will be written again."""
    if not path.exists():
        return []
    content = path.read_bytes()
    whole, _, torn = content.rpartition(b"\n")
    if torn:
        with path.open("r+b") as stream:
            stream.truncate(len(content) - len(torn))
    return whole.decode().split("\n") if whole else []


def read_file(path: Path) -> list[dict[str, Any]]:
    """The journal's entries; raises ValueError with a Chinese sentence where the chain is broken."""
    entries = []
    previous = START
    for number, text in enumerate(_complete_lines(path), 1):
        stated, _, line = text.partition(" ")
        if chained(previous, line) != stated:
            raise ValueError(f"journal.jsonl 第 {number} 行与它的校验值不符：内容被改动过")
        entries.append(json.loads(line))
        previous = stated
    return entries


def broken_links(lines: Iterable[tuple[int, str, str]]) -> list[int]:
    """The numbers of the entries (entry, line, hash) whose hash does not follow from the one before."""
    broken, previous = [], START
    for entry, line, stated in lines:
        if chained(previous, line) != stated:
            broken.append(entry)
        previous = stated
    return broken
