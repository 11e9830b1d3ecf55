"""A receipt as it is seen in Excel with the mouse over a marked cell: LibreOffice prints a note only where it is shown."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Sequence
from pathlib import Path

from PIL import Image, ImageChops, ImageColor

from pipeline.report.marks import mark_colours

_CELL = re.compile(rb"<\w+:Row>(\d+)</\w+:Row>\s*<\w+:Column>(\d+)</\w+:Column>")
_END = re.compile(rb"</(\w+):ClientData>")
_LEFT = 4  # marks in columns that are seen together
_NOTE = "#ffffe1"
_AROUND = 130  # pixels around what is marked


def best_marked(receipts: Sequence[Path]) -> Path:
    """The first of those with the most marks in the left columns of a sheet."""
    return max(receipts, key=lambda path: max(_marks(path).values(), default=0))


def with_note_shown(receipt: Path, to: Path) -> Path:
    """A copy whose first note is open beside its cell."""
    to.parent.mkdir()
    marks = _marks(receipt)
    most = max(marks, key=lambda name: marks[name])
    with zipfile.ZipFile(receipt) as book, zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as copy:
        for name in book.namelist():
            content = book.read(name)
            copy.writestr(name, _opened(content) if name == most else content)
    return to


def marked_cells(page: Image.Image) -> Image.Image:
    """The corner of a page with its marks and the note."""
    colours = [*(f"#{colour}" for colour in mark_colours().values()), _NOTE]
    _, _, right, bottom = zip(*[box for box in (_box_of(page, colour) for colour in colours) if box], strict=True)
    return page.crop((0, 0, min(max(right) + _AROUND, page.width), min(max(bottom) + _AROUND, page.height)))


def _marks(receipt: Path) -> dict[str, int]:
    """The drawings of a receipt that hold notes, with how many of them are in the left columns."""
    with zipfile.ZipFile(receipt) as book:
        drawings = {name: book.read(name) for name in book.namelist() if name.endswith(".vml")}
    return {name: sum(int(column) < _LEFT for _, column in _CELL.findall(drawing)) for name, drawing in drawings.items()}


def _opened(drawing: bytes) -> bytes:
    row, column = map(int, _CELL.findall(drawing)[0])
    anchor = f"{column + 1}, 12, {row + 1}, 6, {column + 3}, 0, {row + 4}, 0"
    shown = rb"<\1:Visible/><\1:Anchor>" + anchor.encode() + rb"</\1:Anchor></\1:ClientData>"
    return _END.sub(shown, drawing.replace(b"visibility:hidden", b"visibility:visible", 1), count=1)


def _box_of(page: Image.Image, colour: str) -> tuple[int, int, int, int] | None:
    other = ImageChops.difference(page, Image.new("RGB", page.size, ImageColor.getrgb(colour)))
    same = other.convert("L").point([255, *[0] * 255])
    return same.getbbox()
