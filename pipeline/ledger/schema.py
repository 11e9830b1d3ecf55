"""The ledger's tables. The rows of each sheet have a table derived from its declaration.

What arrived is only ever added; `standing_findings` and `claim_states` are derived and rewritten
in each run. SQLAlchemy Core, so that the URL in config.yaml decides on the database: text is
ordered by its bytes and whole numbers have 64 bits on each.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Column, ColumnElement, Date, Float, Integer, MetaData, String, Table, literal_column
from sqlalchemy import Text as AnyText
from sqlalchemy.types import TypeEngine

from pipeline.sheets import NUMERIC, SHEETS, Kind
from pipeline.sheets import Column as SheetColumn

REVISION = "0003"  # the newest of migrations/versions
metadata = MetaData()
Text = AnyText().with_variant(AnyText(collation="C"), "postgresql")  # else the server's language decides what comes first
_Count = Integer().with_variant(BigInteger(), "postgresql")


def _origin() -> list[Column[Any]]:
    return [
        Column("submission", Integer, primary_key=True),
        Column("sheet", Text, primary_key=True),
        Column("row", Integer, primary_key=True),
    ]


def _finding_columns() -> list[Column[Any]]:
    texts: list[Column[Any]] = [Column(name, Text) for name in ("rule", "severity", "message", "kind", "sheet")]
    return [Column("submission", Integer), *texts, Column("row", Integer), Column("cell", Text)]


alembic_version = Table("alembic_version", metadata, Column("version_num", String(32), primary_key=True))
runs = Table(
    "runs", metadata,
    Column("run", Integer, primary_key=True), Column("today", Date), Column("config_sha256", Text),
    Column("version", Text),
)
submissions = Table(
    "submissions", metadata,
    Column("number", Integer, primary_key=True), Column("run", Integer), Column("arrived_on", Date),
    Column("source", Text), Column("sha256", Text, index=True), Column("original", Text), Column("unit", Text),
    Column("month", Text), Column("filled_on", Date), Column("nil_return", Integer), Column("refused", Integer),
    Column("curable", Integer),
    Column("previous", Text), Column("hash", Text), Column("contents", Text),
)
withdrawals = Table(
    "withdrawals", metadata,
    Column("submission", Integer, primary_key=True), Column("day", Date), Column("reason", Text),
)
closings = Table(
    "closings", metadata,
    Column("quarter", Text, primary_key=True), Column("day", Date), Column("last_submission", Integer),
)
tables = Table(
    "tables", metadata,
    Column("submission", Integer), Column("kind", Text), Column("sheet", Text), Column("letters", Text),
)
cell_findings = Table("cell_findings", metadata, *_finding_columns())
changes = Table("changes", metadata, Column("submission", Integer),
                *(Column(name, Text) for name in ("sheet", "cell", "found", "taken")))
claim_rows = Table("claim_rows", metadata, *_origin(), Column("claim", Text))
pins = Table("pins", metadata, Column("claim", Text, primary_key=True), Column("submission", Integer),
             Column("sheet", Text), Column("row", Integer), Column("pinned_by", Integer))
verdicts = Table(
    "verdicts", metadata, *_origin(),
    *(Column(name, Text) for name in ("claim", "stage", "opinion", "decided_on")), Column("amount", Float),
    Column("refusal", Text), Column("repeated", Integer),
)
standing_findings = Table("standing_findings", metadata, *_finding_columns())
claim_states = Table(
    "claim_states", metadata, Column("number", Text, primary_key=True),
    *(Column(name, Text) for name in ("award", "id_number", "slot", "unit", "state")), Column("amount", Float),
)
mail = Table(
    "mail", metadata,
    Column("place", Integer), Column("message_id", Text, primary_key=True), Column("recipient", Text),
    Column("quarter", Text), Column("figures", Text), Column("state", Text), Column("detail", Text), Column("day", Date),
)
tombstones = Table(
    "tombstones", metadata, Column("token", Text, primary_key=True), Column("salt", Text), Column("code", Text),
)
journal = Table(
    "journal", metadata,
    Column("entry", Integer, primary_key=True), *(Column(name, Text) for name in ("line", "hash")),
)


def _type(column: SheetColumn) -> TypeEngine[object]:
    if column.kind in {Kind.MONEY, Kind.HOURS}:
        return Float()  # type: ignore[return-value]
    return _Count if column.kind in NUMERIC else Text  # type: ignore[return-value]


ROWS = {
    sheet.key: Table(
        f"rows_{sheet.key}", metadata, *_origin(),
        *(Column(f"{column.field}", _type(column)) for column in sheet.columns), Column("place", Integer),
    )
    for sheet in SHEETS
}
DERIVED = (standing_findings, claim_states)


def as_entered(table: Table) -> ColumnElement[Any]:
    """To order by: how the rows of one file came into a table; `opening` gives PostgreSQL the `rowid` that SQLite has."""
    return table.c.place if "place" in table.columns else literal_column("rowid")
