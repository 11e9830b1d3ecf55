"""What the ledger keeps of one file beside its record: rows and remarks, chained by hashes from file to file."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Float, Table, select, update

from pipeline.findings import Finding
from pipeline.ledger import schema
from pipeline.reading import Reading

START = "0" * 64
TABLES = (schema.tables, schema.cell_findings, schema.changes, *schema.ROWS.values())

# Table → the rows of one file, as tuples in the order of the table's columns.
Contents = Mapping[Table, Sequence[tuple[Any, ...]]]


def contents_of(number: int, reading: Reading) -> Contents:
    """What is to be kept of a file that was read."""
    rows: dict[Table, list[tuple[Any, ...]]] = defaultdict(list)
    place = 0
    for table in reading.tables:
        rows[schema.tables].append((number, table.kind, table.sheet, json.dumps(table.letters, sort_keys=True)))
        columns = [table.values[field] for field in _fields(table.kind)]
        places = range(place, place + len(table.rows))
        rows[schema.ROWS[table.kind]] += [
            (number, table.sheet, row, *values, at)
            for row, values, at in zip(table.rows, zip(*columns, strict=True), places, strict=True)]
        place += len(table.rows)
    rows[schema.cell_findings] += [(number, *finding_row(found)[1:]) for found in reading.findings]
    rows[schema.changes] += [
        (number, change.sheet, change.cell, change.found, change.taken) for change in reading.changes]
    return rows


def finding_row(found: Finding) -> tuple[object, ...]:
    """A finding as the ledger keeps it."""
    return (found.submission, found.rule, str(found.severity), found.message, found.kind, found.sheet, found.row, found.cell)


def _fields(kind: str) -> list[str]:
    return [column.name for column in schema.ROWS[kind].columns if column.name not in ("submission", "sheet", "row", "place")]


def chained(previous: str, contents: Contents) -> str:
    """The hash of a file's contents that follow those of the file with hash `previous`.

    Columns without a value are left out, so that a column added by a later version changes no hash.
    """
    digest = hashlib.sha256(previous.encode())
    for table in TABLES:
        rows = in_order(table, contents.get(table, ()))
        for column, values in zip(table.columns, zip(*rows, strict=True), strict=False):
            if any(value is not None for value in values):
                digest.update(f"{table.name}.{column.name}{_as_stored(values, column.type)}\n".encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


def in_order(table: Table, rows: Sequence[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """The rows of one file in an order that does not depend on the database."""
    return sorted(rows, key=_place if "place" in table.columns else repr)


def _place(row: tuple[Any, ...]) -> int:
    return int(row[-1])


def _as_stored(values: Iterable[Any], kind: object) -> list[Any]:
    """Numbers as the database gives them back."""
    if isinstance(kind, Float):
        return [None if value is None else float(value) for value in values]
    return list(values)


def stored(connection: Connection) -> Mapping[int, Contents]:
    """The contents of every file in the ledger, by its number."""
    found: dict[int, dict[Table, list[tuple[Any, ...]]]] = defaultdict(dict)
    for table in TABLES:
        for row in connection.execute(select(table).order_by(table.c.submission, schema.as_entered(table))):
            found[row.submission].setdefault(table, []).append(tuple(row))
    return found


def chain_what_is_there(connection: Connection) -> None:
    """Follow the chain through a ledger that an earlier version wrote without it."""
    held, previous, table = stored(connection), START, schema.submissions
    for number in connection.scalars(select(table.c.number).order_by(table.c.number)).all():
        previous = chained(previous, held.get(number, {}))
        connection.execute(update(table).where(table.c.number == number).values(contents=previous))
