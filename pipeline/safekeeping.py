"""The ledger opened for a run: alone with it, undamaged, backed up, and sealed again at the end."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from sqlalchemy import Connection, select

from pipeline.faults import CannotGoOn
from pipeline.files import remove_half_written
from pipeline.ledger import journal, seal
from pipeline.ledger.backup import back_up
from pipeline.ledger.lock import locked
from pipeline.ledger.opening import database_file, engine_for, hold, in_memory
from pipeline.ledger.schema import submissions
from pipeline.ledger.tombstones import purged_by
from pipeline.office import Office
from pipeline.restoration import restore_if_lost


class LedgerDamagedError(CannotGoOn):
    """The ledger's files are not as the last run left them."""

    def __init__(self, names: list[str]) -> None:
        super().__init__(f"台账文件与上次运行结束时不同（{'、'.join(names)}），可能已损坏或被改动，本次没有开始；"
                         "请运行 python run.py verify 查看，再用 python run.py verify --restore 重做台账")


@contextmanager
def at_work(office: Office) -> Iterator[None]:
    """Alone with the ledger from the first look to the last paper.

    Raises LedgerBusyError where another run is at work, LedgerDamagedError where the seal does not fit.
    """
    office.ledger.mkdir(parents=True, exist_ok=True)
    with locked(office.ledger):
        refuse_damaged(office)
        seal.break_open(office.ledger)
        restore_if_lost(office)
        remove_half_written(office.outputs)
        try:
            yield
        finally:
            with suppress(OSError):  # on a full disk: without a seal the next run looks closer
                seal_again(office)


def refuse_damaged(office: Office) -> None:
    """Raise LedgerDamagedError where the ledger's files are not those that were sealed."""
    if names := seal.broken(office.ledger):
        raise LedgerDamagedError(names)


def seal_again(office: Office) -> None:
    """Seal what is there; the caller holds the ledger."""
    files = [office.journal, database_file(office.config.ledger.url, office.outputs)]
    seal.put_on(office.ledger, [file for file in files if file and file.is_file()])


@contextmanager
def transaction(office: Office, dry: bool) -> Iterator[Connection]:
    """The run's one transaction on the ledger, `at_work`; a dry one leaves nothing behind, and the ledger as it is."""
    if dry:
        with to_read(office) as connection:
            yield connection
        return
    engine = engine_for(office.config.ledger.url, office.outputs)
    try:
        with engine.connect() as connection:
            hold(connection)
            journal.write_file(connection, office.journal)
            _finish_purge(connection, office)
            yield connection
            connection.commit()
            journal.write_file(connection, office.journal)
            _finish_purge(connection, office)
    finally:
        engine.dispose()


def _finish_purge(connection: Connection, office: Office) -> None:
    """Put the redacted files of a purge that reached the ledger in the place of the originals; drop those of one that did not."""
    waiting = sorted((office.ledger / "tombstones").glob("*.redacted"))
    purged = purged_by(json.loads(line) for _, line in journal.in_database(connection)) if waiting else {}
    for path in waiting:
        number = int(path.stem)
        if number in purged:
            original = connection.scalar(select(submissions.c.original).where(submissions.c.number == number))
            path.replace(office.originals / str(original))
        else:
            path.unlink()


@contextmanager
def to_read(office: Office) -> Iterator[Connection]:
    """The ledger as it stands; what is written to this connection is gone afterwards."""
    refuse_damaged(office)
    file = database_file(office.config.ledger.url, office.outputs)
    if file and not file.exists() and office.journal.exists():
        raise LedgerDamagedError([file.name])
    engine = in_memory(file if file and file.exists() else None) if file else engine_for(office.config.ledger.url, office.outputs)
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


def back_up_before(connection: Connection, office: Office) -> None:
    """Keep a copy of the ledger as it is; nothing has been written to `connection` yet."""
    file = database_file(office.config.ledger.url, office.outputs)
    if file and (entries := journal.entries_in(connection)):
        back_up(file, entries)
