"""The computer: Python, packages, clock, folders, space. The standard library alone."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from importlib import import_module, metadata
from pathlib import Path

from pipeline import __released__
from pipeline.doctor.check import FINE, NEWEST, OLDEST, STOPS, TO_KNOW, Check, Desk
from pipeline.files import opens

_PIN = re.compile(r"^([a-z0-9][\w.-]*)==([\w.]+)(?: ; ([^\\]+?))? \\$", re.MULTILINE)
_COMPILED = ("pandas", "python_calamine", "sqlalchemy", "pydantic", "ruamel.yaml", "openpyxl", "xlsxwriter", "typer", "rich", "jinja2",
             "css_inline", "msoffcrypto", "dateutil", "chinese_calendar")
_INSTALL = "双击 启动.bat，它会补装；或运行 python -m pip install --require-hashes -r requirements.txt"
_LEAST_SPACE = 500 << 20
_LEDGER_COPIES = 12  # ten backups, the ledger itself and the one being written
_LONGEST_PATH = 259  # of Windows, without long paths
_BELOW_ROOT, _BELOW_OUTPUTS = 125, 95  # the longest names in .venv (lxml has them) and in outputs/ledger, with what is added to them


def python(_: Desk) -> Iterator[Check]:
    """A version that the packages are made for, of 64 bits on Windows."""
    found = f"{sys.version.split()[0]}（{sys.executable}）"
    get = "请安装 Python 3.11 或更新的 64 位版本（python.org，安装时勾选 Add python.exe to PATH）"
    if sys.version_info[:2] < OLDEST or sys.maxsize < 1 << 32:
        yield Check(STOPS, found, get)
    elif sys.version_info[:2] > NEWEST:
        yield Check(TO_KNOW, f"{found}，比试过的 3.{NEWEST[1]} 新", "装不上程序包时改用 3.11 至 3.14")
    else:
        yield Check(FINE, found)


def packages(desk: Desk) -> Iterator[Check]:
    """Every pin of requirements.txt installed, in that version."""
    pinned = {name: version for name, version, marker in _PIN.findall((desk.root / "requirements.txt").read_text(encoding="utf-8"))
              if _applies(marker)}
    installed = {name: _version(name) for name in pinned}
    missing = [name for name in pinned if installed[name] is None]
    others = [f"{name} {installed[name]}（应为 {version}）" for name, version in pinned.items()
              if installed[name] not in (version, None)]
    if missing:
        yield Check(STOPS, f"缺 {len(missing)} 个：{_some(missing)}", _INSTALL)
    if others:
        yield Check(TO_KNOW, f"{len(others)} 个与试过的版本不同：{_some(others)}", _INSTALL)
    if not missing and not others:
        yield Check(FINE, f"{len(pinned)} 个，版本与 requirements.txt 一致")


def _applies(marker: str) -> bool:
    """Whether a pin is for this computer; where that cannot be told, it is not asked for."""
    if not marker:
        return True
    try:
        from packaging.markers import Marker
    except ImportError:
        return False
    return Marker(marker).evaluate()


def _version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def _some(names: list[str]) -> str:
    return "、".join(names[:5]) + (" 等" if len(names) > 5 else "")


def imports(_: Desk) -> Iterator[Check]:
    """An installed package may still miss a library of the system."""
    broken = []
    for name in _COMPILED:
        try:
            import_module(name)
        except ModuleNotFoundError as missing:
            if missing.name != name.split(".", maxsplit=1)[0]:  # one that is not installed has been told
                broken.append(f"{name}（缺 {missing.name}）")
        except Exception as error:
            broken.append(f"{name}（{type(error).__name__}：{error}）")
    if broken:
        yield Check(STOPS, "、".join(broken),
                    "删去 .venv 文件夹后双击 启动.bat 重装；仍不行，请安装 Microsoft Visual C++ 运行库（x64）")


def clock(desk: Desk) -> Iterator[Check]:
    """Not before the program was released, nor before the newest arrival in the ledger."""
    newest = _newest_arrival(desk.ledger / "ledger.sqlite")
    for earliest, why in ((date.fromisoformat(__released__), "这个版本发布的日子"), (newest, "台账里最近一次收件的日子")):
        if earliest and desk.today < earliest:
            yield Check(STOPS, f"电脑认为今天是 {desk.today}，早于{why}（{earliest}）", "校准电脑的日期和时间")
            return
    yield Check(FINE, f"今天 {desk.today}" + (f"，最近一次收件 {newest}" if newest else ""))


def _newest_arrival(ledger: Path) -> date | None:
    if not ledger.is_file():
        return None
    try:
        with closing(sqlite3.connect(f"{ledger.absolute().as_uri()}?mode=ro", uri=True)) as database:
            (newest,) = database.execute("select max(arrived_on) from submissions").fetchone()
    except sqlite3.DatabaseError:  # told by the check of the ledger
        return None
    return date.fromisoformat(newest) if newest else None


def written_outputs(desk: Desk) -> Iterator[Check]:
    """A file can be written and deleted there."""
    folder = _nearest(desk.outputs)
    try:
        with tempfile.TemporaryFile(dir=folder, prefix=".~", suffix=".tmp") as trial:
            trial.write(b"x")
    except OSError as error:
        yield Check(STOPS, f"{folder} 里写不了文件（{error.strerror}）", "换一个自己有写权限的文件夹，或请管理员给这个文件夹写的权限")
    else:
        yield Check(FINE, f"{desk.outputs} 可以写")


def _nearest(folder: Path) -> Path:
    """The folder, or the nearest one above it that is there."""
    return next((one for one in (folder, *folder.absolute().parents) if one.is_dir()), folder)


def read_inputs(desk: Desk) -> Iterator[Check]:
    """It is there, and what lies in it can be opened."""
    if not desk.inputs.is_dir():
        yield Check(TO_KNOW, f"{desk.inputs} 不存在", "新建这个文件夹，把各单位的工作簿放进去")
        return
    failed: list[OSError] = []
    files = [Path(folder, name) for folder, _, names in os.walk(desk.inputs, onerror=failed.append) for name in names]
    locked = [str(error.filename) for error in failed] + [path.name for path in files if path.is_file() and not opens(path)]
    if locked:
        yield Check(TO_KNOW, f"有 {len(locked)} 个打不开：{_some(locked)}", "关闭正在使用它的程序，或检查权限；打不开的这次不读")
    else:
        yield Check(FINE, f"{desk.inputs}，{sum(path.name != 'README.md' for path in files)} 个文件")


def free_space(desk: Desk) -> Iterator[Check]:
    """Enough for a run, which keeps copies of the ledger."""
    ledger = desk.ledger / "ledger.sqlite"
    needed = max(_LEAST_SPACE, _LEDGER_COPIES * (ledger.stat().st_size if ledger.is_file() else 0))
    free = shutil.disk_usage(_nearest(desk.outputs)).free
    found = f"剩余 {free >> 20:,} MB"
    if free < needed:
        yield Check(STOPS, f"{found}，至少要 {needed >> 20:,} MB", "腾出空间，或把整个文件夹移到别的盘")
    else:
        yield Check(FINE, found)


def long_paths(desk: Desk) -> Iterator[Check]:
    """路径长度：Windows takes 259 characters where long paths are not switched on."""
    if sys.platform != "win32":
        return
    longest = max(len(str(desk.root.absolute())) + _BELOW_ROOT, len(str(desk.outputs.absolute())) + _BELOW_OUTPUTS)
    if longest > _LONGEST_PATH and not _long_paths_on():
        yield Check(STOPS, f"文件夹的路径太长，写出的文件会到 {longest} 个字符（Windows 最多 {_LONGEST_PATH}）",
                    r"把整个文件夹移到路径短的地方，如 D:\培育计划；或请管理员打开 LongPathsEnabled")
    else:
        yield Check(FINE, f"最长约 {longest} 个字符")


def _long_paths_on() -> bool:
    if sys.platform != "win32":
        return True
    import winreg

    try:
        with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, r"SYSTEM\CurrentControlSet\Control\FileSystem") as key:
            return bool(winreg.QueryValueEx(key, "LongPathsEnabled")[0])
    except OSError:
        return False
