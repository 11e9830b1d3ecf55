"""The ledger on a PostgreSQL server, which the machines of several offices may share.

No password stands in a file, one machine writes at a time, and what the server complains of is
told without the values that it complains of: they are names and numbers of persons.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from enum import IntEnum
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import (
    Connection,
    Engine,
    Integer,
    NullPool,
    Table,
    create_engine,
    event,
    func,
    literal_column,
    select,
    text,
)
from sqlalchemy.engine import ExceptionContext

from pipeline.faults import CannotGoOn
from pipeline.ledger import schema
from pipeline.ledger.lock import LedgerBusyError

if TYPE_CHECKING:
    import psycopg

KEYRING_SERVICE = "nanxun-ledger"
_WAIT_SECONDS = 30
# A machine that has vanished from the network is noticed in a minute, and no administrator's limit ends a long run.
_SETTINGS = {"tcp_keepalives_idle": 30, "tcp_keepalives_interval": 10, "tcp_keepalives_count": 3,
             "idle_in_transaction_session_timeout": 0, "statement_timeout": 0}
_CONNECTING = {"client_encoding": "utf8", "connect_timeout": 10, "keepalives_idle": 30}
_BUSY, _DISK_FULL = "55P03", "53100"


class Lock(IntEnum):
    """What one machine at a time may do: a whole run with its papers, and within it the writing."""

    RUN = 7301
    WRITING = 7302


class ServerError(CannotGoOn):
    """The database server cannot be reached or refused something; the message has no value that stood in a statement."""


def engine_of(url: str) -> Engine:
    """The database of a `postgresql+psycopg://` URL; raises ServerError where the driver is not installed."""
    try:
        engine = create_engine(url, hide_parameters=True, poolclass=NullPool, connect_args=_CONNECTING)
    except ImportError as error:
        raise ServerError("config.yaml 的 ledger.url 是 PostgreSQL，但还没有安装它的驱动；请先运行 "
                          "pip install --require-hashes -r requirements-scale.txt") from error
    event.listen(engine, "do_connect", _add_password)
    event.listen(engine, "connect", _settle_session)
    event.listen(engine, "handle_error", _without_values)
    return engine


def _add_password(_dialect: Any, _record: Any, _arguments: Any, named: dict[str, Any]) -> None:
    """From the environment, which the driver reads itself, else from the keyring, else from ~/.pgpass."""
    import keyring
    from keyring.errors import KeyringError

    if "PGPASSWORD" in os.environ or "user" not in named:
        return
    try:
        password = keyring.get_password(KEYRING_SERVICE, named["user"])
    except KeyringError:
        return
    if password:
        named["password"] = password


def _settle_session(connection: psycopg.Connection, _record: Any) -> None:
    if connection.info.parameter_status("server_encoding") != "UTF8":
        raise ServerError("数据库的编码不是 UTF8，装不下生僻字；请管理员用 createdb -E UTF8 -T template0 另建一个库")
    connection.execute("; ".join(f"set {name} = {value}" for name, value in _SETTINGS.items()).encode())
    connection.commit()


def _without_values(context: ExceptionContext) -> None:
    raise _told(context.original_exception, connecting=context.connection is None) from None


def _told(error: BaseException, *, connecting: bool = False) -> CannotGoOn:
    """An error of the driver's in words of our own; what is said while connecting has no values yet."""
    state = getattr(error, "sqlstate", None)
    if isinstance(error, CannotGoOn):
        return error
    if state == _BUSY:
        return LedgerBusyError()
    if connecting:
        return ServerError("连不上台账所在的数据库服务器，本次没有开始；请检查网络、config.yaml 的 ledger.url，以及密码"
                           f"（环境变量 PGPASSWORD、系统钥匙串或 ~/.pgpass）。技术细节：{' '.join(str(error).split())[:300]}")
    what = "数据库服务器的磁盘已满" if state == _DISK_FULL else "数据库服务器没有完成这一步，或与它的连接断了"
    diag = getattr(error, "diag", None)
    parts = [type(error).__name__, state, *(getattr(diag, name, None) for name in ("table_name", "column_name", "constraint_name"))]
    return ServerError(f"{what}（{' '.join(filter(None, parts))}）；本次要记的要么已经全部记入，要么一条没记，排除原因后再运行一次即可")


def copy(connection: Connection, table: Table, rows: Sequence[tuple[object, ...]]) -> None:
    """Insert tuples in the order of the table's columns."""
    import psycopg

    columns = ", ".join(f'"{column.name}"' for column in table.columns)
    statement = f'COPY "{table.name}" ({columns}) FROM STDIN'.encode()
    driver = cast(psycopg.Connection, connection.connection.driver_connection)
    try:
        with driver.cursor() as cursor, cursor.copy(statement) as target:
            for row in rows:
                target.write_row(row)
    except psycopg.Error as error:
        raise _told(error) from None


def hold(connection: Connection, lock: Lock) -> None:
    """Keep other machines from the same until this transaction ends.

    Waits for one that is at it already; raises LedgerBusyError where it does not end soon.
    """
    # Without a parameter, because the driver's statement with one would keep its snapshot, and the server every deleted row.
    place = (literal_column(str(int(lock)), Integer), func.hashtext(func.current_schema()))
    if connection.scalar(select(func.pg_try_advisory_xact_lock(*place))):
        return
    logging.getLogger(__name__).warning("另一次运行正在使用台账，等它结束（最多 %s 秒）……", _WAIT_SECONDS)
    connection.execute(text(f"set local lock_timeout = '{_WAIT_SECONDS}s'"))
    connection.execute(select(func.pg_advisory_xact_lock(*place)))
    connection.execute(text("set local lock_timeout = 0"))


@contextmanager
def alone(url: str, lock: Lock) -> Iterator[None]:
    """Alone with the ledger among all machines; the server takes the lock away when this one is gone."""
    engine = engine_of(url)
    with engine.connect() as connection:
        hold(connection, lock)
        yield


def number_rows(connection: Connection) -> None:
    """Give each table the `rowid` of `schema.as_entered` where it has none yet."""
    for table in schema.metadata.sorted_tables:
        if "place" not in table.columns and table is not schema.alembic_version:
            connection.execute(text(
                f'ALTER TABLE IF EXISTS "{table.name}" ADD COLUMN IF NOT EXISTS rowid bigint GENERATED ALWAYS AS IDENTITY'))


def rewrite(url: str) -> None:
    """Write the tables anew without what was deleted from them."""
    with engine_of(url).connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for table in schema.metadata.sorted_tables:
            connection.execute(text(f'VACUUM (FULL, ANALYZE) "{table.name}"'))
