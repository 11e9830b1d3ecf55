"""What lies in inputs/ today: new files, known ones, copies, and what is no file at all."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection

from pipeline.book import Book
from pipeline.findings import Finding, Severity
from pipeline.intake import FoundFile, Oddity, find
from pipeline.ledger.store import known_files, sha256
from pipeline.office import Office, Progress
from pipeline.quarter_report import FindingLine

_FRESH_SECONDS = 3.0  # a copy that is still going on wrote a moment ago
_BETWEEN_LOOKS_SECONDS = 0.3
_HOPELESS = 4  # times the limit: up to that a file is read, returned with a receipt, and known again


@dataclass(frozen=True)
class Inbox:
    """What lies in inputs/: new files, how many are known, and what was noticed about the files themselves.

    `again` are the names of new ones that were refused before and may pass today, `identical` pairs a
    file with the one whose bytes it repeats (R1), `growing` are those that are still being copied.
    """

    new: list[tuple[str, bytes]]
    again: set[str]
    files: int
    identical: list[tuple[str, str]]
    oddities: list[Oddity]
    growing: list[str]


def look_into(office: Office, connection: Connection, progress: Progress) -> Inbox:
    """Sort the files of inputs/ by their hashes into new and known ones."""
    files, oddities = find(office.inputs)
    first_look = time.monotonic()
    present = {file.source for file in files}
    known = known_files(connection)
    new: list[tuple[FoundFile, bytes]] = []
    identical, again = [], set()
    left_alone = len(oddities)
    for file in files:
        content = _content(file, office.config.limits.file_mb)
        if isinstance(content, Oddity):
            oddities.append(content)
            continue
        digest = sha256(content)
        first, curable = known.get(digest, (file.source, False))
        if digest not in known or curable:
            known[digest] = (file.source, False)
            new.append((file, content))
            again |= {file.source} if curable else set()
        elif first != file.source and first in present:
            identical.append((file.source, first))
        progress("查看 inputs/", 1, len(files))
    growing = _growing(new, first_look)
    settled = [(file.source, content) for file, content in new if file.source not in growing]
    counted = len(files) - len(growing) - (len(oddities) - left_alone)
    return Inbox(settled, again, counted, identical, oddities, growing)


def _content(file: FoundFile, most_mb: int) -> bytes | Oddity:
    """Its bytes; one of a size at which not even its hash can be taken in memory, or that does not open, is left alone."""
    try:
        if (size := file.path.stat().st_size >> 20) > most_mb * _HOPELESS:
            return Oddity(file.source, f"文件有 {size:,} MB，超过 {most_mb} MB，没有读；请删去图片等多余内容再报")
        return file.path.read_bytes()
    except OSError as error:
        return Oddity(file.source, f"文件打不开（{error.strerror}）；请检查文件的权限，或关闭正在使用它的程序")


def _growing(files: list[tuple[FoundFile, bytes]], first_look: float) -> list[str]:
    """The files whose size is another than at the first look; only fresh ones are worth waiting for."""
    if any(abs(time.time() - _modified(file.path)) < _FRESH_SECONDS for file, _ in files):
        time.sleep(max(0.0, first_look + _BETWEEN_LOOKS_SECONDS - time.monotonic()))
    return [file.source for file, content in files if _size(file.path) != len(content)]


def _modified(path: Path) -> float:
    return path.stat().st_mtime if path.exists() else 0.0


def _size(path: Path) -> int | None:
    return path.stat().st_size if path.exists() else None


def noticed(inbox: Inbox, book: Book) -> list[FindingLine]:
    """The findings on files that are no submission: identical copies, pipes, links that lead out."""
    by_source = {one.source: one for one in book.submissions.values()}
    lines = [FindingLine(odd.source, None, None, Finding(0, "N00", Severity.RETURNED, odd.message))
             for odd in inbox.oddities]
    for source in inbox.growing:
        text = "文件还在复制（大小在变），这次没有读；复制完再运行一次即可"
        lines.append(FindingLine(source, None, None, Finding(0, "N00", Severity.NOTE, text)))
    for source, first in inbox.identical:
        one = by_source.get(first)
        text = f"与“{first}”完全相同，只计一次；可以删去其中一份"
        unit, month = (one.unit, one.month) if one else (None, None)
        lines.append(FindingLine(source, unit, month, Finding(0, "R1", Severity.NOTE, text)))
    return lines
