"""A PostgreSQL cluster of our own: made for the tests, reached through a socket, taken away after them.

Its language is Chinese, so that whatever leaves the order of text to the server shows.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import Connection, text

from pipeline.ledger.opening import bring_up_to_date
from pipeline.ledger.server import engine_of

_SERVER = "listen_addresses = ''\nunix_socket_directories = '{folder}'\nmax_connections = 40\n"


@dataclass
class Server:
    """A running server; its superuser comes in without a password."""

    folder: Path
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))
    _corners: list[Connection] = field(default_factory=list)

    def database(self) -> str:
        """The URL of a new, empty database."""
        name = f"ledger{next(self._numbers)}"
        self.ask("postgres", f"create database {name} template template0")
        return self.url(name)

    def cut_off(self, database: str) -> None:
        """End every connection to a database, as a restart of the server does."""
        self.ask("postgres", f"select pg_terminate_backend(pid) from pg_stat_activity where datname = '{database}'")  # noqa: S608

    def tables_holding(self, database: str, word: str) -> list[str]:
        """The tables in whose files, as they lie on the disk, a word stands."""
        self.ask(database, "checkpoint")
        placed = self.ask(database, "select relname, pg_relation_filepath(oid) from pg_class where relname !~ '^pg_' and relkind = 'r'")
        paths = {name: self.folder / "data" / path for name, path in placed}
        return [name for name, path in paths.items() if path.is_file() and word.encode() in path.read_bytes()]

    def empty_ledger(self) -> Connection:
        """A ledger in a corner of its own that is never committed; `leave_corners` closes it."""
        connection = engine_of(self.url("postgres")).connect()
        self._corners.append(connection)
        corner = f"corner{next(self._numbers)}"
        connection.execute(text(f"create schema {corner}"))
        connection.execute(text(f"set local search_path = {corner}"))
        bring_up_to_date(connection, None)
        return connection

    def leave_corners(self) -> None:
        """Close what a test has opened: a connection that outlives the server breaks whatever runs when it is collected."""
        while self._corners:
            self._corners.pop().close()

    def url(self, name: str, user: str = "postgres") -> str:
        return f"postgresql+psycopg://{user}@/{name}?host={self.folder}"

    def ask(self, database: str, statement: str) -> list[tuple[Any, ...]]:
        """What a statement of the administrator's gives."""
        with psycopg.connect(f"host={self.folder} user=postgres dbname={database}", autocommit=True) as connection:
            cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []


def name_of(url: str) -> str:
    """The name of the database of a URL that `Server` gave."""
    return url.partition("@/")[2].partition("?")[0]


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """The server of this test run; it need not survive a power cut."""
    if programs() is None:
        pytest.skip("no PostgreSQL server is installed")
    with running("fsync = off\nsynchronous_commit = off\n") as server:
        yield server


def programs() -> Path | None:
    """Where the newest PostgreSQL is installed; None where there is none."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    initdb = found[-1] if found else shutil.which("initdb")
    return Path(initdb).parent if initdb else None


@contextmanager
def running(settings: str) -> Iterator[Server]:
    """A new cluster with some settings of its own."""
    folder = Path(tempfile.mkdtemp(prefix="pg"))  # a socket's path is short
    data, there = folder / "data", programs()
    assert there, "no PostgreSQL server is installed"
    if os.getuid() == 0:  # which the server refuses to be
        shutil.chown(folder, "postgres")
    try:
        _as_postgres([there / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync", "--no-locale",
                      "--locale-provider=icu", "--icu-locale=zh"])
        with (data / "postgresql.conf").open("a") as file:
            file.write(_SERVER.format(folder=folder) + settings)
        _as_postgres([there / "pg_ctl", "-D", data, "-w", "-l", folder / "log", "start"])
        try:
            yield Server(folder)
        finally:
            _as_postgres([there / "pg_ctl", "-D", data, "-w", "-m", "immediate", "stop"])
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _as_postgres(command: list[str | Path]) -> None:
    before = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []
    subprocess.run([*before, *map(str, command)], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, cwd="/")
