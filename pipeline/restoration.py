"""The ledger made again: where its database is lost, or on request where it is damaged."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

from pipeline.files import write_atomically
from pipeline.intake import find
from pipeline.ledger import journal, seal
from pipeline.ledger.backup import backups
from pipeline.ledger.opening import alone, database_file, engine_for, hold, snapshot
from pipeline.ledger.store import sha256
from pipeline.ledger.tombstones import purged_by
from pipeline.office import Office
from pipeline.replay import Replay, ReplayError

Lines = list[tuple[str, str]]


def restore_if_lost(office: Office) -> bool:
    """Make a lost ledger.sqlite again from originals and journal; True where that was needed."""
    file = database_file(office.config.ledger.url, office.outputs)
    if file is None or file.exists() or not office.journal.exists():
        return False
    lines = journal.in_file(office.journal)
    if journal.sound(lines) != lines:
        raise ReplayError("台账 ledger.sqlite 不见了，流水 journal.jsonl 又被改动过；请运行 python run.py verify --restore")
    _make_again(office, file, lines)
    return True


def _make_again(office: Office, file: Path, lines: Lines) -> None:
    half_made = file.with_name(f".~{file.name}.tmp")
    half_made.unlink(missing_ok=True)
    _replay_into(f"sqlite:///{half_made.as_posix()}", office, lines)
    half_made.replace(file)


def _replay_into(url: str, office: Office, lines: Lines) -> None:
    engine = engine_for(url, office.outputs)
    with engine.begin() as connection:
        hold(connection)
        Replay(connection, office).follow(json.loads(line) for _, line in lines)
    engine.dispose()


def restore(office: Office) -> list[str]:
    """Mend originals and journal from what copies there are and make the database again; says what was done.

    A ledger on a server is made where its database is empty, and else left as it is. Raises ReplayError where an
    original is nowhere to be found. What was damaged is put aside, not deleted.
    """
    url = office.config.ledger.url
    file = database_file(url, office.outputs)
    with alone(url, office.outputs):
        on_server = [] if file else _on_server(office)
        lines = max(_sound_journals(office, file, on_server), key=len)
        if not lines:
            raise ReplayError("流水 journal.jsonl、台账和备份里都没有完好的流水；请从整个 ledger 文件夹的备份中恢复")
        seal.break_open(office.ledger)
        done = [*_mended_originals(office, lines), *_put_aside(office, file, lines)]
        write_atomically(office.journal, journal.as_text(lines))
        if file:
            _make_again(office, file, lines)
        elif not on_server:
            _replay_into(url, office, lines)
        seal.put_on(office.ledger, [one for one in (office.journal, file) if one])
    made = "数据库里的台账原样未动" if on_server else f"台账已由 {len(lines)} 条流水和原件重做"
    return [*done, made, *_unknown_originals(office, lines)]


def _on_server(office: Office) -> Lines:
    """The journal of a ledger on a server."""
    with snapshot(office.config.ledger.url, office.outputs) as connection:
        return journal.in_database(connection)


def _sound_journals(office: Office, file: Path | None, on_server: Lines) -> Iterator[Lines]:
    """What can be believed of the journal's file, of the database's journal and of those in the backups."""
    yield journal.sound(journal.in_file(office.journal))
    yield journal.sound(on_server)
    if file is None:
        return
    for copy in [file, *backups(file)]:
        with suppress(sqlite3.DatabaseError), closing(sqlite3.connect(f"{copy.absolute().as_uri()}?mode=ro", uri=True)) as database:
            yield journal.sound(database.execute("select hash, line from journal order by entry").fetchall())


def _submissions(lines: Lines) -> Iterator[dict[str, Any]]:
    yield from (entry for _, line in lines if (entry := json.loads(line))["kind"] == "submission")


def _mended_originals(office: Office, lines: Lines) -> Iterator[str]:
    """Every original that is gone or changed, taken again from inputs/."""
    purged = purged_by(json.loads(line) for _, line in lines)
    faulty = [entry for entry in _submissions(lines)
              if _digest(office.originals / entry["original"]) != purged.get(entry["number"], {}).get("file", entry["sha256"])]
    there = {_digest(one.path): one.path for one in find(office.inputs)[0]} if faulty else {}
    for entry in faulty:
        source = there.get(entry["sha256"]) if entry["number"] not in purged else None
        if source is None:
            raise ReplayError(f"原件 {entry['original']}（来件“{entry['source']}”）缺失或被改动，inputs/ 里也没有同样的文件；"
                              "请从备份中找回，放进 ledger/originals/ 后再运行一次 verify --restore")
        write_atomically(office.originals / entry["original"], source.read_bytes())
        yield f"原件 {entry['original']} 已由 inputs/ 里的同一文件补回"


def _digest(path: Path) -> str:
    return sha256(path.read_bytes()) if path.is_file() else ""


def _put_aside(office: Office, file: Path | None, lines: Lines) -> Iterator[str]:
    for path in (file, office.journal):
        if path and path.is_file():
            yield f"原来的 {path.name} 放到了 damaged/{_moved(office, path, lines)}"


def _moved(office: Office, path: Path, lines: Lines) -> str:
    aside = office.ledger / "damaged" / f"{len(lines):06d}_{path.name}"
    aside.parent.mkdir(exist_ok=True)
    path.replace(aside)
    return aside.name


def _unknown_originals(office: Office, lines: Lines) -> Iterator[str]:
    """Files that the restored journal does not know: their entries are lost, they must be taken in again."""
    known = {entry["original"] for entry in _submissions(lines)}
    for path in sorted(office.originals.iterdir()) if office.originals.is_dir() else []:
        if path.name not in known:
            yield f"来件 {path.name} 的流水已丢失，放到了 damaged/{_moved(office, path, lines)}：请把它放进 inputs/，再运行一次"
