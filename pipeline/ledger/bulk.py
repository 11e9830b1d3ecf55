"""Many rows at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Select, Table, insert

from pipeline.ledger import server


def bulk_insert(connection: Connection, table: Table, rows: Sequence[tuple[object, ...]]) -> None:
    """Insert tuples in the order of the table's columns, by the driver's own executemany or by COPY."""
    if not rows:
        return
    if connection.dialect.name == "postgresql":
        server.copy(connection, table, rows)
    else:
        connection.exec_driver_sql(str(insert(table).compile(dialect=connection.dialect)), list(rows))


def every_row(connection: Connection, statement: Select[Any]) -> list[tuple[Any, ...]]:
    """All rows just as the driver gives them; for texts and numbers, which need no conversion."""
    result = connection.execute(statement)
    rows = result.cursor.fetchall() if result.cursor else []
    result.close()
    return list(rows)
