"""Finding what was dropped into inputs/, whatever its name and wherever it lies."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pipeline.plain_text import harmless

# Lock files, temporary files and hidden files; two dots at the beginning hide nothing.
_IGNORED = re.compile(r"~\$.*|\.(?!\.).*|.*\.tmp|thumbs\.db|desktop\.ini|readme\.md", re.IGNORECASE | re.DOTALL)


_MOUNT_POINT = 0xA0000003  # IO_REPARSE_TAG_MOUNT_POINT, which `stat` has on Windows alone


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file to read; `source` is its path relative to inputs/, safe to show."""

    path: Path
    source: str


@dataclass(frozen=True, slots=True)
class Oddity:
    """Something that is no file to read, and why it was left alone."""

    source: str
    message: str


def find(inputs: Path) -> tuple[list[FoundFile], list[Oddity]]:
    """Every file below inputs/ in a fixed order, and what was left alone with a reason.

    Lock files, temporary files and hidden files are ignored without a word.
    """
    files: list[FoundFile] = []
    oddities: list[Oddity] = []
    root = inputs.resolve()
    for path in _walk(inputs):
        source = harmless(os.fsencode(path.relative_to(inputs)).decode("utf-8", "replace").replace(os.sep, "/"))
        if message := _left_alone(path, root):
            oddities.append(Oddity(source, message))
        elif path.is_file():
            files.append(FoundFile(path, source))
    return sorted(files, key=lambda file: file.source), sorted(oddities, key=lambda odd: odd.source)


def _walk(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir()) if folder.is_dir() else []:
        if _IGNORED.fullmatch(path.name):
            continue
        if path.is_dir() and not path.is_symlink() and not _is_junction(path):
            yield from _walk(path)
        else:
            yield path


def _is_junction(path: Path) -> bool:
    """Whether this is Windows' own kind of link to a folder, which `is_symlink` does not know."""
    return getattr(path.lstat(), "st_reparse_tag", 0) == _MOUNT_POINT


def _left_alone(path: Path, root: Path) -> str | None:
    try:
        target = path.resolve(strict=True)
        mode = target.stat().st_mode
    except (OSError, RuntimeError):
        if path.is_symlink() or _is_junction(path):
            return "这个链接指向不存在的地方，没有读；请放入文件本身"
        return f"文件打不开，多半是路径太长（{len(str(path))} 个字符）；请移到名字短一些的文件夹里"
    if root not in target.parents:
        return "这个链接指向 inputs/ 以外，没有读；请放入文件本身"
    if stat.S_ISDIR(mode):
        return "这是指向文件夹的链接，没有读；请放入文件夹本身"
    if not stat.S_ISREG(mode):
        return "这不是文件（管道或设备），没有读"
    return None
