"""State = f(originals in order of arrival, journal, config.yaml): the ledger made again, and compared."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import zip_longest
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, create_engine, select
from sqlalchemy.engine import make_url

from pipeline.calendar import Month
from pipeline.faults import CannotGoOn
from pipeline.findings import Finding, Severity
from pipeline.intake import read
from pipeline.ledger import closings, journal, outbox, schema
from pipeline.ledger.store import add_submission, begin_run, engine_for, load_book, sha256, submission_hash
from pipeline.ledger.withdrawal import withdraw
from pipeline.office import Office, settle
from pipeline.reading import Cover, Reading, Submission


class ReplayError(CannotGoOn):
    """The ledger cannot be made again from what there is; the message says what is missing, in Chinese."""


def replay(connection: Connection, office: Office, entries: list[dict[str, Any]]) -> None:
    """Make the ledger again in an empty database; raises ReplayError where an original is missing."""
    today: date | None = None
    for entry in entries:
        if today and entry["kind"] != "submission":
            settle(connection, office.config, today)
        today = _follow(connection, office, entry, today)
    if today:
        settle(connection, office.config, today)


def _follow(connection: Connection, office: Office, entry: dict[str, Any], today: date | None) -> date | None:
    match entry["kind"]:
        case "run":
            today = date.fromisoformat(entry["today"])
            begin_run(connection, today, entry["config_sha256"])
        case "submission":
            assert today is not None  # a submission stands behind its run
            _enter_again(connection, office, entry, today)
        case "withdrawal":
            day = date.fromisoformat(entry["day"])
            known = load_book(connection, day).submissions
            withdraw(connection, known, entry["submission"], entry["reason"], day)
        case "close":
            closings.record(connection, closings.Closing(
                entry["quarter"], date.fromisoformat(entry["day"]), entry["last_submission"]))
        case "mail":
            keys = ("message_id", "recipient", "quarter", "figures")
            outbox.record(connection, {key: entry[key] for key in keys}, entry["state"], entry["detail"],
                          date.fromisoformat(entry["day"]))
    return today


def _enter_again(connection: Connection, office: Office, entry: dict[str, Any], today: date) -> None:
    path = office.originals / entry["original"]
    if not path.is_file():
        raise ReplayError(f"缺少原件 {entry['original']}：请从备份中找回，放进 ledger/originals/")
    reading = _refused_then(entry) or read(path.read_bytes(), entry["source"], today, office.config)
    add_submission(connection, Submission(
        number=entry["number"], run=entry["run"], arrived_on=today, source=entry["source"], sha256=entry["sha256"],
        original=entry["original"], unit=reading.cover.unit, month=reading.cover.month,
        filled_on=reading.cover.filled_on, nil_return=reading.cover.nil_return, refused=reading.refused), reading)


def _refused_then(entry: dict[str, Any]) -> Reading | None:
    """A file that was refused stays refused, though today's config.yaml might let it pass."""
    if entry["refusal"] is None:
        return None
    filled_on = date.fromisoformat(entry["filled_on"]) if entry["filled_on"] else None
    cover = Cover(entry["unit"], Month.parse(entry["month"] or ""), filled_on, None, bool(entry["nil_return"]))
    found = [Finding(0, "N00", Severity.RETURNED, entry["refusal"])]
    return Reading(cover, findings=found, refused=True, curable=entry["curable"])


def restore_if_lost(office: Office) -> bool:
    """Make a lost ledger.sqlite again from originals and journal; True where that was needed."""
    file = _database_file(office)
    if file is None or file.exists() or not office.journal.exists():
        return False
    entries = journal.read_file(office.journal)
    half_made = file.with_name(f".~{file.name}.tmp")
    half_made.unlink(missing_ok=True)
    engine = engine_for(f"sqlite:///{half_made.as_posix()}", office.outputs)
    with engine.begin() as connection:
        replay(connection, office, entries)
    engine.dispose()
    half_made.replace(file)
    return True


def _database_file(office: Office) -> Path | None:
    url = make_url(office.config.ledger.url.replace("{outputs}", office.outputs.as_posix()))
    return Path(url.database) if url.get_backend_name() == "sqlite" and url.database else None


def verify(connection: Connection, office: Office) -> list[str]:
    """What is wrong with the ledger, as Chinese sentences; nothing where all agrees."""
    faults = [*_originals_at_fault(connection, office), *_chain_at_fault(connection), *_journal_at_fault(connection, office)]
    return faults or list(_replay_differs(connection, office))


def _originals_at_fault(connection: Connection, office: Office) -> Iterator[str]:
    for row in connection.execute(select(schema.submissions)):
        path = office.originals / row.original
        if not path.is_file():
            yield f"原件不见了：{row.original}；请从备份中找回"
        elif sha256(path.read_bytes()) != row.sha256:
            yield f"原件被改动过：{row.original}；请从备份中找回原来的文件"


def _chain_at_fault(connection: Connection) -> Iterator[str]:
    previous = journal.START
    rows = {row.number: row for row in connection.execute(
        select(schema.submissions).order_by(schema.submissions.c.number))}
    for number, one in load_book(connection, date.max).submissions.items():
        if rows[number].previous != previous or submission_hash(previous, one) != rows[number].hash:
            yield f"第 {number} 号报送在台账中的记录被改动过"
        previous = rows[number].hash


def _journal_at_fault(connection: Connection, office: Office) -> Iterator[str]:
    stored = [(row.entry, row.line, row.hash) for row in connection.execute(
        select(schema.journal).order_by(schema.journal.c.entry))]
    for entry in journal.broken_links(stored):
        yield f"台账里的流水第 {entry} 条被改动过"
    try:
        in_file = len(journal.read_file(office.journal))
    except (ValueError, OSError) as error:
        yield str(error)
        return
    if in_file != len(stored):
        yield f"journal.jsonl 有 {in_file} 条，台账里有 {len(stored)} 条"


def _replay_differs(connection: Connection, office: Office) -> Iterator[str]:
    engine = create_engine("sqlite://")
    schema.metadata.create_all(engine)
    with engine.begin() as again:
        replay(again, office, journal.read_file(office.journal))
        for table in schema.metadata.sorted_tables:
            if table is not schema.schema_versions:
                yield from _table_differs(table, connection, again)
    engine.dispose()


def _table_differs(table: Table, stored: Connection, again: Connection) -> Iterator[str]:
    query = select(table).order_by(*table.columns)
    for left, right in zip_longest(stored.execute(query), again.execute(query)):
        if left != right:
            where = f"第 {(left or right)[0]} 号" if "submission" in table.columns else str((left or right)[0])
            yield f"重放原件得到的结果与台账不同：表 {table.name}，{where}"
            return
