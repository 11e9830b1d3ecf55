"""Many rows at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Select, Table, insert


def bulk_insert(connection: Connection, table: Table, rows: Sequence[tuple[object, ...]]) -> None:
    """Insert tuples in the order of the table's columns, by the driver's own executemany."""
    if rows:
        statement = str(insert(table).compile(dialect=connection.dialect))
        keys = [column.name for column in table.columns]
        if connection.dialect.paramstyle in ("qmark", "format", "numeric"):
            connection.exec_driver_sql(statement, list(rows))
        else:
            connection.execute(insert(table), [dict(zip(keys, row, strict=True)) for row in rows])


def every_row(connection: Connection, statement: Select[Any]) -> list[tuple[Any, ...]]:
    """All rows just as the driver gives them; for texts and numbers, which need no conversion."""
    result = connection.execute(statement)
    rows = result.cursor.fetchall() if result.cursor else []
    result.close()
    return [tuple(row) for row in rows]
