"""Tests that hold on both databases, and a ledger's rows whichever it is on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select, text

from pipeline.ledger.opening import engine_for
from pipeline.ledger.schema import metadata
from pipeline.office import Office


def on_both(test: Callable[..., Any]) -> Any:
    """Ask it on SQLite and on a real PostgreSQL (fixture `ledger_on`)."""
    return pytest.mark.usefixtures("ledger_on")(
        pytest.mark.parametrize("ledger_on", ["SQLite", "PostgreSQL"], indirect=True)(test))


def ledger_rows(desk: Office) -> dict[str, list[tuple[Any, ...]]]:
    """Table → its rows, in an order that does not depend on the database."""
    engine = engine_for(desk.config.ledger.url, desk.outputs)
    with engine.connect() as connection:
        found = {table.name: sorted(map(tuple, connection.execute(select(table))), key=repr) for table in metadata.sorted_tables}
    engine.dispose()
    return found


def change(desk: Office, statement: str) -> int:
    """Change the ledger behind the program's back; gives how many rows."""
    engine = engine_for(desk.config.ledger.url, desk.outputs)
    with engine.begin() as connection:
        rows = connection.execute(text(statement)).rowcount
    engine.dispose()
    return rows
