"""Opening the ledger's database: made where it is not, brought up to date, held against a second run."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from pathlib import Path
from typing import Any, cast

from sqlalchemy import Column, Connection, Engine, create_engine, insert, inspect, select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError

from pipeline.faults import CannotGoOn
from pipeline.ledger import schema, server
from pipeline.ledger.backup import keep_before_upgrade
from pipeline.ledger.contents import chain_what_is_there
from pipeline.ledger.lock import LedgerBusyError, locked

_MIGRATIONS = Path(__file__).parent / "migrations"
_FIRST = "0001"


def database_file(url: str, outputs: Path) -> Path | None:
    """The file of config.yaml's `ledger.url`; None for a database server."""
    parsed = make_url(_place(url, outputs))
    return Path(parsed.database) if parsed.get_backend_name() == "sqlite" and parsed.database else None


def _place(url: str, outputs: Path) -> str:
    return url.replace("{outputs}", outputs.as_posix())


def engine_for(url: str, outputs: Path) -> Engine:
    """The database of config.yaml's `ledger.url`, with its folder, its tables and the present schema."""
    (outputs / "ledger").mkdir(parents=True, exist_ok=True)
    file = database_file(url, outputs)
    # An error message would carry names.
    engine = create_engine(_place(url, outputs), hide_parameters=True) if file else server.engine_of(url)
    with engine.begin() as connection:
        if _out_of_date(connection):
            hold(connection)  # all tables or none, also where the disk is full or the process is killed
            found = revision(connection)
            if file and found not in (None, schema.REVISION):
                keep_before_upgrade(file, str(found))
            bring_up_to_date(connection, found)
    return engine


@contextmanager
def snapshot(url: str, outputs: Path) -> Iterator[Connection]:
    """The ledger as it stands at one moment; what is written to this connection is gone afterwards."""
    file = database_file(url, outputs)
    if file:
        engine = in_memory(file if file.exists() else None)
    else:
        engine = server.engine_of(url).execution_options(isolation_level="REPEATABLE READ")
    try:
        with engine.connect() as connection:
            if not file and _out_of_date(connection):
                bring_up_to_date(connection, revision(connection))
            yield connection
    finally:
        engine.dispose()


def alone(url: str, outputs: Path) -> AbstractContextManager[None]:
    """Alone with the ledger; raises LedgerBusyError where another run has it (on a server: after having waited)."""
    return locked(outputs / "ledger") if database_file(url, outputs) else server.alone(url, server.Lock.RUN)


def rehearsing(url: str, outputs: Path) -> AbstractContextManager[None]:
    """While something is written that will not stay: on a server it would stand in another machine's way."""
    return nullcontext() if database_file(url, outputs) else server.alone(url, server.Lock.WRITING)


def in_memory(copied: Path | None = None) -> Engine:
    """A ledger that leaves nothing behind: an empty one, or a copy of a database file."""
    engine = create_engine("sqlite://", hide_parameters=True)
    with engine.begin() as connection:
        if copied:
            with closing(sqlite3.connect(copied)) as source:
                source.backup(cast(sqlite3.Connection, connection.connection.driver_connection))
        bring_up_to_date(connection, revision(connection))
    return engine


def _out_of_date(connection: Connection) -> bool:
    return revision(connection) != schema.REVISION or bool(_new_columns(connection))


def revision(connection: Connection) -> str | None:
    """The schema's revision, None for an empty database; 0.1.0 and 0.2.0 do not tell theirs."""
    tables = inspect(connection).get_table_names()
    if schema.submissions.name not in tables:
        return None
    if schema.alembic_version.name not in tables:
        return _FIRST
    return str(connection.scalar(select(schema.alembic_version.c.version_num)))


def bring_up_to_date(connection: Connection, found: str | None) -> None:
    """Make the tables of a new ledger, or lead one that an earlier version wrote to the present schema and sheets."""
    if found is None:
        schema.metadata.create_all(connection)
        connection.execute(insert(schema.alembic_version).values(version_num=schema.REVISION))
    elif found != schema.REVISION:
        _migrate(connection, found)
    _add(connection, _new_columns(connection))
    if connection.dialect.name == "postgresql":
        server.number_rows(connection)
    if found not in (None, schema.REVISION):
        chain_what_is_there(connection)


def _new_columns(connection: Connection) -> list[tuple[str, Column[Any]]]:
    """Columns of intake sheets that were declared after this ledger was made: they need no migration of their own."""
    known = inspect(connection).get_multi_columns(filter_names=[table.name for table in schema.ROWS.values()])
    there = {(table, column["name"]) for (_, table), columns in known.items() for column in columns}
    return [(table.name, column) for table in schema.ROWS.values() for column in table.columns
            if (table.name, column.name) not in there]


def _add(connection: Connection, columns: list[tuple[str, Column[Any]]]) -> None:
    if columns:
        from alembic.migration import MigrationContext
        from alembic.operations import Operations

        operations = Operations(MigrationContext.configure(connection))
        for table, column in columns:
            operations.add_column(table, Column(column.name, column.type))


def _migrate(connection: Connection, found: str) -> None:
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    settings = Config(attributes={"connection": connection})
    settings.set_main_option("script_location", _MIGRATIONS.as_posix().replace("%", "%%"))
    known = {script.revision for script in ScriptDirectory.from_config(settings).walk_revisions()}
    if found not in known:
        raise CannotGoOn("台账是由更新的版本写的，这个版本不能打开；请改用新版程序")
    if found == _FIRST:
        command.stamp(settings, _FIRST)
    command.upgrade(settings, schema.REVISION)


def overwrite_what_is_deleted(connection: Connection) -> None:
    """What this transaction deletes shall not stay readable in a database file; a server's tables are `rewritten` for that."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA secure_delete = ON")


def rewritten(url: str, outputs: Path) -> None:
    """Write a server's tables anew, without what was deleted from them."""
    if database_file(url, outputs) is None:
        server.rewrite(url)


def hold(connection: Connection) -> None:
    """Keep every other run from writing until this one is over; raises LedgerBusyError where one already does."""
    if connection.dialect.name == "postgresql":
        server.hold(connection, server.Lock.WRITING)
        return
    connection.exec_driver_sql("PRAGMA busy_timeout = 0")  # the second stops at once
    try:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    except OperationalError as error:
        raise LedgerBusyError from error
    connection.exec_driver_sql("PRAGMA busy_timeout = 10000")  # somebody who only reads may delay the commit
