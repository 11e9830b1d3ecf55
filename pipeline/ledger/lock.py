"""One run at a time: a lock on a file beside the ledger, which the system takes away when the process ends."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from pipeline.faults import CannotGoOn


class LedgerBusyError(CannotGoOn):
    """Another run is writing the ledger."""

    def __init__(self) -> None:
        super().__init__("台账正在被另一次运行使用，本次没有开始；请等那一次结束后再运行")


@contextmanager
def locked(ledger: Path) -> Iterator[None]:
    """Alone with the ledger; raises LedgerBusyError at once where another process has it."""
    with (ledger / "lock").open("ab") as stream:
        try:
            _lock(stream)
        except OSError as error:
            raise LedgerBusyError from error
        yield


def _lock(stream: BinaryIO) -> None:
    if sys.platform == "win32":
        import msvcrt

        msvcrt.locking(stream.fileno(), msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.lockf(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)  # not inherited by children, unlike flock
