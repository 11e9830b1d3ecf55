"""What lies in inputs/ today: new files, known ones, copies, and what is no file at all."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from pipeline.book import Book
from pipeline.findings import Finding, Severity
from pipeline.intake import Oddity, find
from pipeline.ledger.store import known_files, sha256
from pipeline.office import Office, Progress
from pipeline.quarter_report import FindingLine


@dataclass(frozen=True)
class Inbox:
    """What lies in inputs/: new files, how many are known, and what was noticed about the files themselves.

    `again` are the names of new ones that were refused before and may pass today, `identical` pairs a
    file with the one whose bytes it repeats (R1).
    """

    new: list[tuple[str, bytes]]
    again: set[str]
    files: int
    identical: list[tuple[str, str]]
    oddities: list[Oddity]


def look_into(office: Office, connection: Connection, progress: Progress) -> Inbox:
    """Sort the files of inputs/ by their hashes into new and known ones."""
    files, oddities = find(office.inputs)
    present = {file.source for file in files}
    known = known_files(connection)
    new: list[tuple[str, bytes]] = []
    identical, again = [], set()
    for file in files:
        try:
            content = file.path.read_bytes()
        except OSError as error:
            oddities.append(Oddity(file.source, f"文件打不开（{error.strerror}）；请检查文件的权限，或关闭正在使用它的程序"))
            continue
        digest = sha256(content)
        first, curable = known.get(digest, (file.source, False))
        if digest not in known or curable:
            known[digest] = (file.source, False)
            new.append((file.source, content))
            again |= {file.source} if curable else set()
        elif first != file.source and first in present:
            identical.append((file.source, first))
        progress("查看 inputs/", 1, len(files))
    return Inbox(new, again, len(files), identical, oddities)


def noticed(inbox: Inbox, book: Book) -> list[FindingLine]:
    """The findings on files that are no submission: identical copies, pipes, links that lead out."""
    by_source = {one.source: one for one in book.submissions.values()}
    lines = [FindingLine(odd.source, None, None, Finding(0, "N00", Severity.RETURNED, odd.message))
             for odd in inbox.oddities]
    for source, first in inbox.identical:
        one = by_source.get(first)
        text = f"与“{first}”完全相同，只计一次；可以删去其中一份"
        unit, month = (one.unit, one.month) if one else (None, None)
        lines.append(FindingLine(source, unit, month, Finding(0, "R1", Severity.NOTE, text)))
    return lines
