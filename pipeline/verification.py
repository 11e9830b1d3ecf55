"""`verify`: every byte of originals, journal and ledger against the hashes, then all of it replayed and compared."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from itertools import zip_longest

from sqlalchemy import Connection, Table, select
from sqlalchemy.exc import DatabaseError

from pipeline import __version__
from pipeline.config_file import ConfigError
from pipeline.ledger import contents, journal, schema, seal, tombstones
from pipeline.ledger.opening import database_file, in_memory, snapshot
from pipeline.ledger.store import last_run, load_book, sha256, submission_hash
from pipeline.office import Office
from pipeline.replay import Replay, ReplayError

RESTORE = "处理办法：运行 python run.py verify --restore，程序会用流水和原件重做台账，坏的文件另外留存"
RESTORE_ON_SERVER = ("处理办法：原件和流水可由 python run.py verify --restore 补回；数据库里的内容请管理员用服务器的备份恢复，"
                     "或者另建一个空库，把 config.yaml 的 ledger.url 改过去，再运行 python run.py verify --restore，由流水和原件重做")


def verify(office: Office) -> list[str]:
    """What is wrong with the ledger, as Chinese sentences, the remedy last; nothing where all agrees."""
    return _with_remedy(office, _faults)


def _with_remedy(office: Office, look: Callable[[Connection, Office], list[str]]) -> list[str]:
    faults = [f"{name} 与上次运行结束时不同" for name in seal.broken(office.ledger)]
    try:
        with snapshot(office.config.ledger.url, office.outputs) as connection:
            faults += look(connection, office)
    except (DatabaseError, sqlite3.DatabaseError, ValueError) as error:
        faults.append(f"台账读不了（{type(error).__name__}），数据库文件已损坏")
    remedy = RESTORE if database_file(office.config.ledger.url, office.outputs) else RESTORE_ON_SERVER
    return [*faults, remedy] if faults else []


def quickly_verify(office: Office) -> list[str]:
    """As `verify`, without the replay, which takes its time."""
    return _with_remedy(office, _hashes_at_fault)


def _faults(connection: Connection, office: Office) -> list[str]:
    faults = _hashes_at_fault(connection, office)
    try:
        return faults or list(_replay_differs(connection, office))
    except (ReplayError, ConfigError) as error:
        return [str(error)]


def _hashes_at_fault(connection: Connection, office: Office) -> list[str]:
    return [*_originals_at_fault(connection, office), *_configs_at_fault(connection, office), *_chain_at_fault(connection),
            *_contents_at_fault(connection), *_journal_at_fault(connection, office)]


def _originals_at_fault(connection: Connection, office: Office) -> Iterator[str]:
    purged = _purged(connection)
    for row in connection.execute(select(schema.submissions)):
        path = office.originals / row.original
        expected = purged[row.number]["file"] if row.number in purged else row.sha256
        if not path.is_file():
            yield f"原件不见了：{row.original}"
        elif sha256(path.read_bytes()) != expected:
            yield f"原件被改动过：{row.original}"


def _configs_at_fault(connection: Connection, office: Office) -> Iterator[str]:
    for name in connection.scalars(select(schema.runs.c.config_sha256).where(schema.runs.c.version.is_not(None)).distinct()):
        path = office.configs / f"{name}.yaml"
        if not path.is_file() or sha256(path.read_bytes()) != name:
            yield f"当时的 config.yaml 不见了或被改动过：configs/{path.name}；请从备份中找回"


def _chain_at_fault(connection: Connection) -> Iterator[str]:
    previous = journal.START
    rows = {row.number: row for row in connection.execute(
        select(schema.submissions).order_by(schema.submissions.c.number))}
    for number, one in load_book(connection, date.max).submissions.items():
        if rows[number].previous != previous or submission_hash(previous, one) != rows[number].hash:
            yield f"第 {number} 号报送（{one.source}）在台账中的记录被改动过"
        previous = rows[number].hash


def _contents_at_fault(connection: Connection) -> Iterator[str]:
    """The files whose rows are not those that were read from them."""
    held, previous, purged = contents.stored(connection), contents.START, _purged(connection)
    for row in connection.execute(select(schema.submissions).order_by(schema.submissions.c.number)):
        mine = held.get(row.number, {})
        if row.number in purged:
            sound = sha256(tombstones.as_text(mine)) == purged[row.number]["contents"] and purged[row.number]["link"] == row.contents
        else:
            sound = contents.chained(previous, mine) == row.contents
        if not sound:
            yield f"第 {row.number} 号报送（{row.source}）在台账中的数据行被改动过"
        previous = row.contents or ""


def _purged(connection: Connection) -> Mapping[int, Mapping[str, str]]:
    return tombstones.purged_by(json.loads(line) for _, line in journal.in_database(connection))


def _journal_at_fault(connection: Connection, office: Office) -> Iterator[str]:
    stored = journal.in_database(connection)
    if len(journal.sound(stored)) < len(stored):
        yield f"台账里的流水第 {len(journal.sound(stored)) + 1} 条被改动过"
    if not office.journal.is_file():
        yield "流水 journal.jsonl 不见了"
    elif office.journal.read_bytes() != journal.as_text(stored):
        lines = zip_longest(journal.in_file(office.journal), stored)
        place = next((place for place, (left, right) in enumerate(lines, 1) if left != right), len(stored))
        yield f"流水 journal.jsonl 与台账不符，从第 {place} 行起"


def _replay_differs(connection: Connection, office: Office) -> Iterator[str]:
    engine = in_memory()
    with engine.begin() as again:
        Replay(again, office, connection).follow(json.loads(line) for _, line in journal.in_database(connection))
        for table in _comparable(connection):
            yield from _table_differs(table, connection, again)
    engine.dispose()


def _comparable(connection: Connection) -> Iterator[Table]:
    """All tables; what another version derived, this one would derive anew in its first run."""
    last = last_run(connection)
    derived_by_this = last is not None and last[2] == __version__
    for table in schema.metadata.sorted_tables:
        if table is not schema.alembic_version and (derived_by_this or table not in schema.DERIVED):
            yield table


def _table_differs(table: Table, stored: Connection, again: Connection) -> Iterator[str]:
    query = select(table).order_by(*(column.nulls_first() for column in table.columns))
    for left, right in zip_longest(stored.execute(query), again.execute(query)):
        if left != right:
            where = f"第 {(left or right)[0]} 号" if "submission" in table.columns else str((left or right)[0])
            yield f"重放原件得到的结果与台账不同：表 {table.name}，{where}"
            return
