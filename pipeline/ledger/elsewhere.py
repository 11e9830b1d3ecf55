"""What other districts of the city claim: written into a district's journal before its run is judged.

A line names claims by their numbers, never by persons, and each replaces the one before; so every
district's ledger replays by itself.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from pipeline.book import Rival
from pipeline.ledger import journal, schema

Rivals = Mapping[str, tuple[Rival, ...]]
_KIND = "elsewhere"


def record(connection: Connection, city: str, rivals: Rivals, day: date) -> None:
    """Write down what stands elsewhere from now on: number of a claim here → the claims of other districts."""
    claims = {number: [asdict(one) for one in rivals[number]] for number in sorted(rivals)}
    journal.append(connection, _KIND, city=city, day=day.isoformat(), claims=claims)


def rivals_in(entry: Mapping[str, Any]) -> Rivals:
    """What a line of the journal says."""
    return {number: tuple(Rival(**one) for one in rivals) for number, rivals in entry["claims"].items()}


def rivals_known(connection: Connection, as_of: date | None = None) -> Rivals:
    """What stood elsewhere at the end of `as_of` (None: now); nothing for a district that is in no city."""
    entries = [entry for entry in _entries(connection) if as_of is None or entry["day"] <= as_of.isoformat()]
    return rivals_in(entries[-1]) if entries else {}


def city_of(connection: Connection) -> str | None:
    """The city in whose ledger the district is; None for one that stands alone."""
    entries = _entries(connection)
    return str(entries[-1]["city"]) if entries else None


def _entries(connection: Connection) -> list[dict[str, Any]]:
    lines = connection.scalars(select(schema.journal.c.line).where(
        schema.journal.c.line.contains(f'"kind": "{_KIND}"')).order_by(schema.journal.c.entry))
    return [entry for entry in map(json.loads, lines) if entry["kind"] == _KIND]
