"""Adding a run's files to the ledger, and reading it back as a Book."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import pandas as pd
from sqlalchemy import Connection, Table, func, insert, select, update
from sqlalchemy import Text as AnyText

from pipeline import __version__
from pipeline.book import Book, Verdict
from pipeline.calendar import Month
from pipeline.findings import Finding, Severity
from pipeline.ledger import journal, schema, tombstones
from pipeline.ledger.bulk import bulk_insert, every_row
from pipeline.ledger.contents import TABLES, Contents, chained, contents_of, finding_row
from pipeline.ledger.elsewhere import rivals_known
from pipeline.reading import Change, Reading, Submission
from pipeline.sheets import SHEETS


def known_files(connection: Connection) -> dict[str, tuple[str, bool]]:
    """Hash → source name of every file that the ledger has taken or returned, and whether it may pass later."""
    rows = connection.execute(select(schema.submissions).order_by(schema.submissions.c.number))
    return {row.sha256: (row.source, bool(row.curable)) for row in rows}


def next_number(connection: Connection) -> int:
    """The serial number of the next submission."""
    return int(connection.scalar(select(func.max(schema.submissions.c.number))) or 0) + 1


def begin_run(connection: Connection, today: date, config_sha256: str, version: str | None = __version__) -> int:
    """Enter a new run (the day, config.yaml and version by which is judged) and give its number."""
    run = int(connection.scalar(select(func.max(schema.runs.c.run))) or 0) + 1
    said = {"config_sha256": config_sha256, **({"version": version} if version else {})}
    connection.execute(insert(schema.runs).values(run=run, today=today, **said))
    journal.append(connection, "run", run=run, today=today.isoformat(), **said)
    return run


def last_run(connection: Connection) -> tuple[date, str, str | None] | None:
    """Day, config.yaml and version of the newest run; None where there is none yet."""
    row = connection.execute(select(schema.runs).order_by(schema.runs.c.run.desc()).limit(1)).one_or_none()
    return (row.today, row.config_sha256, row.version) if row else None


def add_submissions(connection: Connection, entered: Sequence[tuple[Submission, Reading]]) -> None:
    """Enter files in the order of their numbers: themselves, their rows, what was found while reading, their lines in the journal."""
    _add_records(connection, [
        (one, reading.curable, contents_of(one.number, reading)) for one, reading in entered])
    journal.append_all(connection, "submission", [_journal_body(one, reading) for one, reading in entered])


def _journal_body(submission: Submission, reading: Reading) -> dict[str, Any]:
    record = _record(submission)
    refusal = reading.findings[0].message if reading.refused else None
    return {**record, "arrived_on": record["arrived_on"].isoformat(),
            "filled_on": record["filled_on"] and record["filled_on"].isoformat(),
            "refusal": refusal, "curable": reading.curable}


def _add_records(connection: Connection, entered: Iterable[tuple[Submission, bool, Contents]]) -> None:
    """Submissions, whether they may pass later, and what they hold, chained to what is there."""
    last = connection.execute(
        select(schema.submissions).order_by(schema.submissions.c.number.desc()).limit(1)).one_or_none()
    previous, contents = (last.hash, last.contents) if last else (journal.START, journal.START)
    records, rows = [], defaultdict[Table, list[tuple[Any, ...]]](list)
    for submission, curable, held in entered:
        link, contents = submission_hash(previous, submission), chained(contents, held)
        records.append({**_record(submission), "curable": int(curable), "previous": previous, "hash": link, "contents": contents})
        previous = link
        for table, lines in held.items():
            rows[table] += lines
    connection.execute(insert(schema.submissions), records)
    for table, lines in rows.items():
        bulk_insert(connection, table, lines)


def take_over(source: Connection, target: Connection, entry: Mapping[str, Any]) -> None:
    """Enter a file, and what was decided by it, as another ledger has it; `entry` is its line in the journal."""
    of_it = {schema.submissions: schema.submissions.c.number, schema.pins: schema.pins.c.pinned_by,
             **{table: table.c.submission for table in (*TABLES, schema.claim_rows, schema.verdicts)}}
    for table, column in of_it.items():
        rows = source.execute(select(table).where(column == entry["number"]).order_by(schema.as_entered(table))).all()
        bulk_insert(target, table, [tuple(row) for row in rows])
    journal.append(target, "submission", **{key: entry[key] for key in entry if key not in ("entry", "kind")})


def add_redacted(connection: Connection, submission: Submission, held: Contents, link: str, entry: Mapping[str, Any]) -> None:
    """Enter a file of which a person was purged: what is kept of it, with the link that it had in the chain."""
    _add_records(connection, [(submission, bool(entry["curable"]), held)])
    same = schema.submissions.c.number == submission.number
    connection.execute(update(schema.submissions).where(same).values(contents=link))
    journal.append(connection, "submission", **{key: entry[key] for key in entry if key not in ("entry", "kind")})


def _record(submission: Submission) -> dict[str, Any]:
    return {
        "number": submission.number, "run": submission.run, "arrived_on": submission.arrived_on,
        "source": submission.source, "sha256": submission.sha256, "original": submission.original,
        "unit": submission.unit, "month": str(submission.month) if submission.month else None,
        "filled_on": submission.filled_on, "nil_return": int(submission.nil_return),
        "refused": int(submission.refused),
    }


def _canonical(record: Mapping[str, Any]) -> str:
    return json.dumps(record, ensure_ascii=False, sort_keys=True, default=str)


def submission_hash(previous: str, submission: Submission) -> str:
    """The link of the chain that a submission must have after `previous`."""
    return journal.chained(previous, _canonical(_record(submission)))


def replace_derived(connection: Connection, findings: Iterable[Finding], states: Sequence[tuple[object, ...]]) -> None:
    """Write what this run derived in the place of what the run before had derived; the same is not written again."""
    for table, rows in zip(schema.DERIVED, ([finding_row(finding) for finding in findings], list(states)), strict=True):
        if [tuple(row) for row in connection.execute(select(table).order_by(schema.as_entered(table)))] != rows:
            connection.execute(table.delete())
            bulk_insert(connection, table, rows)


def load_book(connection: Connection, today: date, as_of: date | None = None, last: int | None = None) -> Book:
    """The Book of all that arrived by the end of `as_of` and up to submission `last` (None: everything)."""
    known = {number: one for number, one in _load_submissions(connection, as_of).items() if last is None or number <= last}
    verdicts = [_verdict(row) for row in _of(connection, schema.verdicts, known) if known[row.submission].withdrawn is None]
    decided = {verdict.claim for verdict in verdicts if verdict.followed}
    texts: dict[Any, Any] = {}
    rows = {sheet.key: _load_rows(connection, sheet.key, known, texts) for sheet in SHEETS}
    tombstones.relink(rows, tombstones.known(connection))
    return Book(
        submissions=known,
        rows=rows,
        letters=_load_letters(connection, known),
        cell_findings=_load_findings(connection, schema.cell_findings, known),
        claim_of={(row.submission, row.sheet, row.row): row.claim for row in _of(connection, schema.claim_rows, known)},
        pins={row.claim: (row.submission, row.sheet, row.row)
              for row in connection.execute(select(schema.pins)) if row.pinned_by in known and row.claim in decided},
        verdicts=verdicts,
        today=today,
        elsewhere=rivals_known(connection, as_of),
    )


def _of(connection: Connection, table: Table, known: Mapping[int, Submission]) -> list[Any]:
    rows = connection.execute(select(table).order_by(table.c.submission, schema.as_entered(table)))
    return [row for row in rows if row.submission in known]


def _load_submissions(connection: Connection, as_of: date | None) -> dict[int, Submission]:
    withdrawn = {row.submission: row.reason for row in connection.execute(select(schema.withdrawals))
                 if as_of is None or row.day <= as_of}
    rows = connection.execute(select(schema.submissions).order_by(schema.submissions.c.number))
    return {
        row.number: Submission(
            number=row.number, run=row.run, arrived_on=row.arrived_on, source=row.source, sha256=row.sha256,
            original=row.original, unit=row.unit, month=Month.parse(row.month) if row.month else None,
            filled_on=row.filled_on, nil_return=bool(row.nil_return), refused=bool(row.refused),
            withdrawn=withdrawn.get(row.number))
        for row in rows if as_of is None or row.arrived_on <= as_of
    }


def _load_rows(connection: Connection, kind: str, known: Mapping[int, Submission], texts: dict[Any, Any]) -> pd.DataFrame:
    """The rows of one kind of sheet; lists say the same again and again, so that equal `texts` are kept, and compared, once."""
    table = schema.ROWS[kind]
    rows = every_row(connection, select(table).order_by(table.c.submission, table.c.place))
    values = zip(*rows, strict=True) if rows else [()] * len(table.columns)
    frame = pd.DataFrame({
        column.name: pd.Series(map(texts.setdefault, told, told) if isinstance(column.type, AnyText) else told, dtype=object)
        for column, told in zip(table.columns, values, strict=True)})
    frame = frame[frame["submission"].isin(list(known))].reset_index(drop=True)
    origin = {number: (one.unit, str(one.month), str(one.filled_on or one.arrived_on)) for number, one in known.items()}
    for at, name in enumerate(("unit", "month", "filled_on")):
        frame[name] = pd.Series([origin[number][at] for number in frame["submission"]], dtype=object)
    return frame


def _load_letters(connection: Connection, known: Mapping[int, Submission]) -> dict[tuple[int, str, str], dict[str, str]]:
    rows = _of(connection, schema.tables, known)
    return {(row.submission, row.kind, row.sheet): json.loads(row.letters) for row in rows}


def _load_findings(connection: Connection, table: Table, known: Mapping[int, Submission]) -> list[Finding]:
    rows = _of(connection, table, known)
    return [Finding(**{**row._mapping, "severity": Severity(row.severity)}) for row in rows]


def pin(connection: Connection, pins: Sequence[tuple[str, int, str, int, int]]) -> None:
    """Pin claims to the rows on which they were decided; one whose earlier decision was withdrawn is pinned anew."""
    pinned = {row.claim for row in connection.execute(select(schema.pins.c.claim))}
    for claim in (claim for claim, *_ in pins if claim in pinned):
        connection.execute(schema.pins.delete().where(schema.pins.c.claim == claim))
    bulk_insert(connection, schema.pins, pins)


def load_changes(connection: Connection, numbers: Collection[int]) -> dict[int, list[Change]]:
    """The cells of these files that were accepted in another form than they were written; one look for all of them."""
    table, told = schema.changes, defaultdict[int, list[Change]](list)
    if numbers:
        among = table.c.submission.between(min(numbers), max(numbers))
        for row in connection.execute(select(table).where(among).order_by(schema.as_entered(table))):
            if row.submission in numbers:
                told[row.submission].append(Change(row.sheet, row.cell, row.found, row.taken))
    return told


def _verdict(row: Any) -> Verdict:
    return Verdict(**{**row._mapping, "repeated": bool(row.repeated)})


def sha256(content: bytes) -> str:
    """The fingerprint by which a file is known again."""
    return hashlib.sha256(content).hexdigest()
