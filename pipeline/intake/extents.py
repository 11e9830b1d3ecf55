"""How far a sheet really reaches: the reader lays out every cell up to the last one, and one stray value in the last
corner makes it ask for terabytes, beyond any `except`. The dimension that a file declares is not believed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.config import Limits
from pipeline.intake.addresses import column_number
from pipeline.intake.refusal import BROKEN, Refused

_MOST_CELLS = 20_000_000  # as the reader lays them out, some 32 bytes each

# Cells with a value, in columns beyond Z or rows beyond 9999; a blank styled cell ends in "/>" or "></".
_FAR_CELL = re.compile(rb"""\br\s*=\s*["'](?:([A-Z]{2,})(\d+)|([A-Z])(\d{5,}))["'][^>]*+(?<!/)>(?!\s*</)""", re.I)
_FAR_ADDRESS = re.compile(rb'<c r="(?:[A-Za-z]{2}|[A-Za-z]\d{5})')
_FAR_ROW = re.compile(rb"""<(?:\w+:)?row\b[^>]*\br\s*=\s*["'](\d{5,})["']""")
_CELL_WITHOUT_ADDRESS = re.compile(rb"""<(?:\w+:)?c(?:\s(?![^>]*\br\s*=)[^>]*)?>""")

ODS_COPIES = b"<table:dde-links"  # behind it stand copies of other files' tables
_ODS_ROW = re.compile(rb"<table:table-row\b([^>]*)(?:/>|>(.*?)</table:table-row>)", re.DOTALL)
_ODS_CELL = re.compile(rb"<table:(?:covered-)?table-cell\b([^>]*?)(/?)>")
_ODS_REPEATED = re.compile(rb'number-(?:rows|columns)-repeated="(\d+)"')

XLSB_ROW, XLSB_CELLS = 0, range(2, 12)  # record numbers; 1 is a blank cell


@dataclass(slots=True)
class Extent:
    """How many rows and columns a sheet takes up, from A1."""

    rows: int = 0
    columns: int = 0

    def include(self, rows: int, columns: int) -> None:
        """Widen to a cell in this row and column, counted from 1."""
        self.rows, self.columns = max(self.rows, rows), max(self.columns, columns)

    def check(self, name: str, limits: Limits) -> None:
        """Raise Refused where the sheet is larger than the limits."""
        if self.columns > limits.columns:
            raise Refused(f"工作表“{name}”有 {self.columns} 列，超过 {limits.columns} 列；请删去右边多余的列再报")
        if self.rows > limits.rows:
            raise Refused(f"工作表“{name}”有 {self.rows} 行，超过 {limits.rows} 行；请删去下面多余的行再报")
        if self.rows * self.columns > _MOST_CELLS:
            raise Refused(f"工作表“{name}”有 {self.rows} 行 × {self.columns} 列，太大；请删去多余的行列再报")


def xlsx_extent(xml: bytes) -> Extent:
    """Of a sheet's XML, where it reaches beyond Z9999."""
    extent = Extent()
    if _all_addressed(xml) and not _FAR_ADDRESS.search(xml):
        return extent
    for letters, row, letter, far_row in _FAR_CELL.findall(xml):
        extent.include(int(row or far_row), column_number((letters or letter).decode()) + 1)
    if _CELL_WITHOUT_ADDRESS.search(xml):
        for row in _FAR_ROW.findall(xml):
            extent.include(int(row), 1)
    return extent


def _all_addressed(xml: bytes) -> bool:
    """Whether every cell begins with its address, as spreadsheet programs write it: counting is faster than searching."""
    begun = xml.count(b"<c") - xml.count(b"<co") - xml.count(b"<cf")  # cols, conditional formats and their rules
    return begun == xml.count(b'<c r="') and b":c" not in xml


def ods_extents(xml: bytes) -> Iterator[Extent]:
    """Of each table of an .ods; rows and cells there stand once and say how often they are repeated."""
    for table in xml.split(b"<table:table ")[1:]:
        extent = Extent()
        for rows, _, cells in ods_rows(table):
            if width := max((columns.stop for columns, cell in ods_cells(cells) if b"value" in cell[1] or not cell[2]), default=0):
                extent.include(rows.stop, width)
        yield extent


def ods_rows(table: bytes) -> Iterator[tuple[range, bytes, bytes]]:
    """Which zero-based rows an element stands for, its attributes and its cells."""
    behind = 0
    for attributes, cells in _ODS_ROW.findall(table):
        rows = _repeated(behind, attributes)
        yield rows, attributes, cells
        behind = rows.stop


def ods_cells(cells: bytes) -> Iterator[tuple[range, re.Match[bytes]]]:
    """Which zero-based columns an element stands for, and its attributes (1) and whether it ends at once (2)."""
    behind = 0
    for cell in _ODS_CELL.finditer(cells):
        columns = _repeated(behind, cell[1])
        yield columns, cell
        behind = columns.stop


def _repeated(start: int, attributes: bytes) -> range:
    repeated = _ODS_REPEATED.search(attributes)
    return range(start, start + (int(repeated[1]) if repeated else 1))


def xlsb_extent(part: bytes) -> Extent:
    """Of a binary sheet: a chain of records, each with its number, its length and its bytes."""
    extent, row = Extent(), 0
    for number, at in records(part):
        if number == XLSB_ROW:
            row = int.from_bytes(part[at : at + 4], "little") + 1
        elif number in XLSB_CELLS:
            extent.include(row, int.from_bytes(part[at : at + 4], "little") + 1)
    return extent


def records(part: bytes) -> Iterator[tuple[int, int]]:
    """The number of each record of an .xlsb and where its bytes begin; raises Refused where the last one is torn."""
    at = 0
    try:
        while at < len(part):
            number, at = _varying(part, at, 2)
            length, at = _varying(part, at, 4)
            yield number, at
            at += length
    except IndexError as error:
        raise Refused(BROKEN) from error


def _varying(part: bytes, at: int, most: int) -> tuple[int, int]:
    """A number in up to `most` bytes, seven bits in each, and the place after it."""
    number = 0
    for shift in range(0, 7 * most, 7):
        byte = part[at]
        at += 1
        number |= (byte & 0x7F) << shift
        if byte < 0x80:
            break
    return number, at
