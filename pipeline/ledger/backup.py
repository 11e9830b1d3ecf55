"""Copies of the ledger as it was before each run that changed it; the last ten are kept."""

from __future__ import annotations

import shutil
from pathlib import Path

_KEPT = 10
_PATTERN = "ledger_*.sqlite"


def back_up(file: Path, entries: int) -> None:
    """Copy the database, named by the entries that its journal has, so that a repeated run makes the same copy."""
    _copy(file, f"ledger_{entries:06d}.sqlite")
    for old in backups(file)[_KEPT:]:
        old.unlink()


def keep_before_upgrade(file: Path, revision: str) -> None:
    """Copy a ledger of an earlier version before it is led to the present one; this copy stays."""
    _copy(file, f"before_upgrade_from_{revision}.sqlite")


def _copy(file: Path, name: str) -> None:
    folder = file.with_name("backups")
    folder.mkdir(exist_ok=True)
    temporary = folder / f".~{name}.tmp"
    shutil.copyfile(file, temporary)
    temporary.replace(folder / name)


def backups(file: Path) -> list[Path]:
    """The copies of a database file, the newest first."""
    return sorted(file.with_name("backups").glob(_PATTERN), reverse=True)
