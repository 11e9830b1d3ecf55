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
from pipeline.ledger.opening import alone, database_file, engine_for, hold, rehearsing, snapshot
from pipeline.ledger.schema import submissions
from pipeline.ledger.tombstones import purged_by
from pipeline.office import Office
from pipeline.restoration import restore_if_lost


class LedgerDamagedError(CannotGoOn):
    """The ledger's files are not as the last run left them."""

    def __init__(self, names: list[str]) -> None:
        super().__init__(f"台账文件与上次运行结束时不同（{'、'.join(names)}），可能已损坏或被改动，本次没有开始；"
                         "请运行 python run.py verify 查看，再用 python run.py verify --restore 重做台账")


class OtherOutputsError(CannotGoOn):
    """The ledger on the server belongs to another outputs folder."""

    def __init__(self, original: str) -> None:
        super().__init__(f"数据库里的台账最后收到的原件 {original} 不在这里的 ledger/originals/ 中，本次没有开始。几台机器共用一个台账时，"
                         "outputs 要放在共享文件夹里，用 --outputs 指到同一处；确是同一处的，请运行 python run.py verify 查看")


@contextmanager
def at_work(office: Office) -> Iterator[None]:
    """Alone with the ledger from the first look to the last paper.

    Raises LedgerBusyError where another run is at work, LedgerDamagedError where the seal does not fit.
    """
    office.ledger.mkdir(parents=True, exist_ok=True)
    with alone(office.config.ledger.url, office.outputs):
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
        with rehearsing(office.config.ledger.url, office.outputs), to_read(office) as connection:
            yield connection
        return
    engine = engine_for(office.config.ledger.url, office.outputs)
    try:
        with engine.connect() as connection:
            hold(connection)
            _refuse_other_outputs(connection, office)
            journal.write_file(connection, office.journal)
            _finish_purge(connection, office)
            yield connection
            connection.commit()
            journal.write_file(connection, office.journal)
            _finish_purge(connection, office)
    finally:
        engine.dispose()


def _refuse_other_outputs(connection: Connection, office: Office) -> None:
    """Raise OtherOutputsError where the newest original is not here, so that half of them would lie on each machine."""
    if database_file(office.config.ledger.url, office.outputs):
        return
    newest = connection.scalar(select(submissions.c.original).order_by(submissions.c.number.desc()).limit(1))
    if newest and not (office.originals / newest).is_file():
        raise OtherOutputsError(newest)


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
    with snapshot(office.config.ledger.url, office.outputs) as connection:
        yield connection


def back_up_before(connection: Connection, office: Office) -> None:
    """Keep a copy of the ledger as it is; nothing has been written to `connection` yet."""
    file = database_file(office.config.ledger.url, office.outputs)
    if file and (entries := journal.entries_in(connection)):
        back_up(file, entries)
