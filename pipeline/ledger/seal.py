"""The seal: hashes of the closed ledger's files, written when a run ends and broken when the next one writes.

Hashes over rows cannot see every byte of a database file, a hash of the file can. A missing seal
means that the last run was cut off; only a seal that does not fit tells of damage.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from pipeline.files import write_atomically

_NAME = "seal.json"


def broken(ledger: Path) -> list[str]:
    """The names of the files whose bytes are not those that were sealed; a file that is gone is another matter."""
    path = ledger / _NAME
    sealed = path.read_bytes() if path.is_file() else b"{}"
    try:
        stated = dict(json.loads(sealed))
    except ValueError:
        return [_NAME]
    differ = [name for name, digest in stated.items() if (ledger / name).is_file() and _digest(ledger / name) != digest]
    # Where another run has broken the seal in the meantime, the files differ because it writes them.
    return differ if path.is_file() and path.read_bytes() == sealed else []


def break_open(ledger: Path) -> None:
    """Before anything is written; the caller holds the ledger."""
    (ledger / _NAME).unlink(missing_ok=True)


def put_on(ledger: Path, files: list[Path]) -> None:
    """Seal the files as they are now; the caller holds the ledger."""
    write_atomically(ledger / _NAME, json.dumps({path.name: _digest(path) for path in files}, sort_keys=True).encode())


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
