"""On what was measured: processor, memory, system, and the versions of Python and libraries."""

from __future__ import annotations

import os
import platform
import sqlite3
from importlib.metadata import version
from pathlib import Path

from pipeline import __version__

_LIBRARIES = ("python-calamine", "pandas", "pyarrow", "SQLAlchemy", "pydantic", "XlsxWriter", "openpyxl", "frictionless", "pandera")


def _after(file: str, key: str) -> str:
    for line in Path(file).read_text("utf-8").splitlines():
        if line.startswith(key):
            return line.partition(":")[2].strip()
    return "?"


def _file_system(folder: Path) -> str:
    """The kind of file system on which a folder lies."""
    mounts = [line.split()[1:3] for line in Path("/proc/mounts").read_text("utf-8").splitlines()]
    above = [(len(place), kind) for place, kind in mounts if folder.resolve().is_relative_to(place)]
    return max(above)[1]


def described(folder: Path) -> str:
    """Machine and versions, in two lines."""
    memory = int(_after("/proc/meminfo", "MemTotal").split()[0]) / (1 << 20)
    libraries = "，".join(f"{name} {version(name)}" for name in _LIBRARIES)
    return (
        f"{_after('/proc/cpuinfo', 'model name')}，{len(os.sched_getaffinity(0))} 核，内存 {memory:.0f} GB，"
        f"{platform.freedesktop_os_release()['PRETTY_NAME']}（Linux {platform.release()}，{_file_system(folder)}）。\n"
        f"程序 {__version__}，Python {platform.python_version()}，SQLite {sqlite3.sqlite_version}，{libraries}。")
