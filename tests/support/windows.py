"""What Windows does and Linux does not: a file that is open can be neither replaced nor deleted."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest


def open_files_are_locked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """From now on this process cannot rename or delete what it has open itself; gives what it tried, as it tries."""
    tried: list[str] = []

    def guarded(act: Callable[..., Any]) -> Callable[..., Any]:
        def refuse_open(*paths: Any, **options: Any) -> Any:
            if open_ones := _open_here() & {os.path.realpath(path) for path in paths}:
                tried.extend(open_ones)
                raise PermissionError(13, "being used by another process", *open_ones)
            return act(*paths, **options)
        return refuse_open

    for name in ("replace", "rename", "unlink", "remove"):
        monkeypatch.setattr(os, name, guarded(getattr(os, name)))
    return tried


def _open_here() -> set[str]:
    found = set()
    for link in Path("/proc/self/fd").iterdir():
        try:
            found.add(str(link.readlink()))
        except FileNotFoundError:  # the one by which the folder itself was read
            continue
    return found
