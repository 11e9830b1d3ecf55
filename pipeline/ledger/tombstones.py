"""What is left of a person who was purged: a code to know them again by, and the facts that were derived from them.

The code is a slow, salted hash; place and year of birth stay, because rules are judged by them. This is
de-identification (去标识化, PIPL 73), not anonymity: whoever has the ledger and patience can try numbers out.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd
from sqlalchemy import Connection, Table, delete, insert, select

from pipeline.ledger import journal, schema
from pipeline.ledger.bulk import bulk_insert
from pipeline.ledger.contents import TABLES, Contents, in_order
from pipeline.ledger.schema import tombstones

GONE = "（已清除）"
PERSONAL = ("name", "phone", "employer_phone", "certificate_number", "registration_number", "remark", "new_employer")
_CODED = ("certificate_number", "registration_number")  # compared between sheets, so that equal ones stay equal


@dataclass(frozen=True, slots=True)
class Tombstone:
    """A purged person: `token` stands where the ID number stood, `code` knows the number again with `salt`."""

    token: str
    salt: str
    code: str

    def is_of(self, id_number: str) -> bool:
        """Whether this is the person with that number."""
        return id_number[:10] == self.token[:10] and _slow_hash(id_number, self.salt) == self.code


def tombstone(id_number: str, taken: set[str]) -> Tombstone:
    """A tombstone for a number, with a token that no other has."""
    salt = secrets.token_hex(16)
    code = _slow_hash(id_number, salt)
    token = next(token for at in range(0, 60, 3) if (token := f"{id_number[:10]}0101P{code[at:at + 3].upper()}") not in taken)
    return Tombstone(token, salt, code)


@lru_cache(maxsize=65536)
def _slow_hash(id_number: str, salt: str) -> str:
    return hashlib.scrypt(id_number.encode(), salt=bytes.fromhex(salt), n=1 << 13, r=8, p=1, dklen=32).hex()


def known(connection: Connection) -> list[Tombstone]:
    """Every tombstone in the ledger."""
    return [Tombstone(row.token, row.salt, row.code) for row in connection.execute(select(tombstones))]


def relink(frames: Mapping[str, pd.DataFrame], stones: list[Tombstone]) -> None:
    """Where a purged person reports again, their old rows are theirs again: nobody is counted or paid twice."""
    if not stones:
        return
    numbers = {number for frame in frames.values() if "id_number" in frame for number in frame["id_number"].dropna()}
    returned = {stone.token: number for stone in stones for number in numbers - {stone.token} if stone.is_of(number)}
    for frame in frames.values():
        if returned and "id_number" in frame:
            frame["id_number"] = frame["id_number"].map(lambda number: returned.get(number, number))


def record(connection: Connection, stone: Tombstone, purged: Mapping[int, Mapping[str, str]], reason: str, day: date) -> None:
    """Write a purge into the ledger and its journal; `purged`: submission → the hashes of what is kept of it."""
    connection.execute(insert(tombstones).values(token=stone.token, salt=stone.salt, code=stone.code))
    journal.append(connection, "purge", token=stone.token, salt=stone.salt, code=stone.code, reason=reason,
                   day=day.isoformat(), purged={str(number): dict(hashes) for number, hashes in purged.items()})


def redacted(contents: Contents, id_number: str, masked: str, stone: Tombstone) -> Contents:
    """The contents of one file without the person."""
    places, names = set(), set()
    kept: dict[Table, list[tuple[Any, ...]]] = {}
    for table in schema.ROWS.values():
        kept[table] = []
        for row in contents.get(table, ()):
            fields = dict(zip(table.columns.keys(), row, strict=True))
            if fields.get("id_number") == id_number:
                places.add((fields["sheet"], fields["row"]))
                names.add(fields["name"])
                fields |= _faceless(fields, stone)
            kept[table].append(tuple(fields.values()))
    for table in (schema.cell_findings, schema.changes):
        kept[table] = [_silenced(table, row, places, names - {None}, masked) for row in contents.get(table, ())]
    kept[schema.tables] = list(contents.get(schema.tables, ()))
    return {table: rows for table, rows in kept.items() if rows}


def _faceless(fields: Mapping[str, Any], stone: Tombstone) -> dict[str, Any]:
    there = {field: fields[field] for field in PERSONAL if fields.get(field) is not None}
    coded = {field: f"{GONE}{hashlib.sha256(f'{stone.salt}{value}'.encode()).hexdigest()[:8]}"
             for field, value in there.items() if field in _CODED}
    return {**dict.fromkeys(there, None), **coded, "name": GONE, "id_number": stone.token}


def _silenced(table: Table, row: tuple[Any, ...], places: set[tuple[str, int]], names: set[str], masked: str) -> tuple[Any, ...]:
    """A remark without the person: names in remarks on their rows, the masked number anywhere."""
    fields = dict(zip(table.columns.keys(), row, strict=True))
    at = int("".join(filter(str.isdigit, fields["cell"] or "")) or 0)
    if table is schema.changes and (fields["sheet"], at) in places:
        fields |= {"found": GONE, "taken": GONE}
    if table is schema.cell_findings:
        hidden = {masked, *(names if (fields["sheet"], fields["row"]) in places else ())}
        for word in hidden:
            fields["message"] = fields["message"].replace(word, GONE)
    return tuple(fields.values())


def replace_contents(connection: Connection, number: int, contents: Contents) -> None:
    """Put other contents in the place of a file's; its link in the chain stays as it was."""
    for table in TABLES:
        connection.execute(delete(table).where(table.c.submission == number))
        bulk_insert(connection, table, list(contents.get(table, ())))


def as_text(contents: Contents) -> bytes:
    """The contents as they are kept beside the ledger, so that it can be made again without the person."""
    return json.dumps({table.name: list(map(list, in_order(table, contents[table]))) for table in TABLES if contents.get(table)},
                      ensure_ascii=False, sort_keys=True, indent=0).encode()


def from_text(text: bytes) -> Contents:
    """Contents that were kept beside the ledger."""
    by_name = {table.name: table for table in TABLES}
    return {by_name[name]: [tuple(row) for row in rows] for name, rows in json.loads(text).items()}


def purged_by(entries: Iterable[Mapping[str, Any]]) -> dict[int, Mapping[str, str]]:
    """Submission → the newest hashes of what is kept of it, of all that were purged."""
    return {int(number): hashes for entry in entries if entry["kind"] == "purge" for number, hashes in entry["purged"].items()}


def place_of(ledger: Path, number: int) -> Path:
    """Where the contents of a file without a purged person are kept."""
    return ledger / "tombstones" / f"{number:06d}.json"
