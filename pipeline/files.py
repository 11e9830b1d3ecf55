"""Where templates lie, writing files so that no reader ever sees half of one, and whether one can be read now."""

from __future__ import annotations

import io
import logging
import os
import re
import time
import zipfile
from contextlib import suppress
from datetime import datetime
from pathlib import Path

TEMPLATES = Path(__file__).parents[1] / "templates"  # what papers look like; an office may change them
_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*(</dcterms:modified>)")
_ZIP_DAY = (1980, 1, 1, 0, 0, 0)
_PATIENCE = (0.05, 0.1, 0.2)  # seconds; on Windows a virus scanner holds a new file for a moment
_log = logging.getLogger(__name__)


def write_atomically(path: Path, content: bytes) -> Path:
    """Write by temporary file, fsync and rename; gives the path that was written.

    Where the file is locked (open in Excel), a numbered sibling is written instead, with a warning.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".~{path.name}.tmp")
    try:
        with temporary.open("wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        return _renamed(temporary, path)
    except OSError:
        temporary.unlink(missing_ok=True)  # a full disk is not to be filled with halves
        raise


def remove_half_written(folder: Path) -> None:
    """Take away the temporary files that a killed run left behind."""
    for path in folder.rglob(".~*.tmp"):
        with suppress(PermissionError):
            path.unlink(missing_ok=True)


def take_away(path: Path) -> None:
    """Delete a paper that holds no more; Windows keeps one that is open, which is told, and left to the next run."""
    try:
        path.unlink(missing_ok=True)
    except PermissionError:
        _log.warning("“%s”已经作废，但正被打开，没有删掉；请关闭它，再运行一次", path.name)


def write_if_changed(path: Path, content: bytes) -> Path:
    """As `write_atomically`, but an equal file is left as it is."""
    if path.is_file() and path.read_bytes() == content:
        return path
    return write_atomically(path, content)


def opens(path: Path) -> bool:
    """Whether the file can be read now: on Windows one that another program has locked cannot."""
    try:
        with path.open("rb"):
            return True
    except OSError:
        return False


def _renamed(temporary: Path, path: Path) -> Path:
    for seconds in _PATIENCE:
        try:
            return temporary.replace(path)
        except PermissionError:
            time.sleep(seconds)
    target, number = path, 1
    while True:
        try:
            temporary.replace(target)
            break
        except PermissionError:
            number += 1
            target = path.with_stem(f"{path.stem}_{number}")
            if number > 99:
                raise
    if target != path:
        _log.warning("“%s”正被打开或不许改写，新的内容另写为“%s”", path.name, target.name)
    return target


def same_bytes_each_time(archive: bytes, modified: datetime) -> bytes:
    """An .xlsx with its entries' times removed and `modified` as its day: the same content gives the same bytes."""
    target = io.BytesIO()
    stamp = rb"\g<1>" + f"{modified:%Y-%m-%dT%H:%M:%SZ}".encode() + rb"\g<2>"
    with zipfile.ZipFile(io.BytesIO(archive)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            info = zipfile.ZipInfo(entry.filename, _ZIP_DAY)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o600 << 16
            content = old.read(entry)
            new.writestr(info, _MODIFIED.sub(stamp, content) if entry.filename == "docProps/core.xml" else content)
    return target.getvalue()
