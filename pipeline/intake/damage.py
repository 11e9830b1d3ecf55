"""Damage that the reader would pass over without a word: a whole sheet, a row or a text would be missing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from xml.etree import ElementTree
from xml.parsers import expat

from pipeline.intake.archive import Parts, in_utf_8, is_utf_16
from pipeline.intake.extents import ODS_COPIES, XLSB_CELLS, XLSB_ROW, records
from pipeline.intake.refusal import BROKEN, Refused

_BOOK, _SHEETS = "xl/workbook.xml", "xl/worksheets/"
_SHARED = ("xl/_rels/workbook.xml.rels", "xl/sharedstrings.xml", "xl/styles.xml")
_ROW = re.compile(rb"<(?:\w+:)?row\b([^>]*)>")
_ROW_NUMBER = re.compile(rb"""\br\s*=\s*["'](\d+)["']""")
_CELL = re.compile(rb"""<(?:\w+:)?c\s(?:[^>]*?\s)?r\s*=\s*["']([A-Z]+)(\d+)["']""")
_ELEMENT, _HEAD = re.compile(rb"<(?:\w+:)?([A-Za-z]\w*)"), 1 << 12  # a part's first element stands in its head

# The first and the last record of the parts of an .xlsb.
_XLSB_ENDS = {"xl/workbook.bin": (131, 132), "xl/sharedstrings.bin": (159, 160), "xl/worksheets/sheet": (129, 130)}
_XLSB_CELL_TABLE, _XLSB_TAB = (145, 146), 156
# Short cells and what is nothing at all: the reader skips both. Wrappers and data about cells it may skip.
_XLSB_SKIPPED = set(range(12, 62)) - {35, 36, 37, 38, 49, 50}

_ODS_TABLE = re.compile(rb"<table:table\s([^>]*)>")
_ODS_TYPED = re.compile(rb'<table:table-cell\b([^>]*\boffice:value-type="(\w+)"[^>]*)>')
_ODS_VALUES = {b"float": b"office:value=", b"percentage": b"office:value=", b"currency": b"office:value=",
               b"date": b"office:date-value=", b"time": b"office:time-value=", b"boolean": b"office:boolean-value="}


def check_xlsx(parts: Parts) -> None:
    """Raise Refused where a part that all sheets use is damaged, a sheet has no tab, or its part holds something else."""
    try:
        tabs = ElementTree.fromstring(parts[_BOOK]).findall("{*}sheets/{*}sheet")
        for name in _SHARED:
            expat.ParserCreate().Parse(parts.get(name, b"<none/>"), True)
    except (ElementTree.ParseError, expat.ExpatError, LookupError, ValueError) as error:
        raise Refused(BROKEN) from error
    pages = _pages(parts)
    first = [_ELEMENT.search(xml, 0, _HEAD) for xml in pages]
    if len(tabs) < len(pages) or any(found and found[1] != b"worksheet" for found in first):
        raise Refused(BROKEN)


def check_cells(parts: Parts, read: int) -> None:
    """Raise Refused where cells of an .xlsx stand where the reader drops them; `read` is how many filled ones it gave.

    Where that is as many as there are values, none was dropped, and nobody needs to look at each.
    """
    pages = _pages(parts)
    if sum(map(_values_in, pages)) != read and any(map(_has_stray_cells, pages)):
        raise Refused(BROKEN)


def _values_in(xml: bytes) -> int:
    """At least as many as there are filled cells."""
    xml = in_utf_8(xml)
    prefixed = xml.count(b":v") + xml.count(b":is")
    return xml.count(b"<v") + xml.count(b"<is") + prefixed


def _pages(parts: Parts) -> list[bytes]:
    return [part for name, part in parts.items() if name.startswith(_SHEETS) and name.endswith(".xml")]


def _has_stray_cells(xml: bytes) -> bool:
    """Whether two cells have one address, or one is of a row that the sheet does not have: the reader drops such.

    It also drops everything from a sheet in UTF-16 that says to be in UTF-8.
    """
    if is_utf_16(xml):
        return True
    cells, rows = _CELL.findall(xml), _ROW.findall(xml)
    numbers = {number[1] for number in map(_ROW_NUMBER.search, rows) if number}
    return len(set(cells)) < len(cells) or (len(numbers) == len(rows) and not {row for _, row in cells} <= numbers)


def check_xlsb(parts: Parts) -> None:
    """Raise Refused where a chain of records does not end as it should, a sheet has no tab, or cells are out of order."""
    tabs = [number for number, _ in records(parts["xl/workbook.bin"])].count(_XLSB_TAB)
    if tabs < sum(name.startswith("xl/worksheets/sheet") for name in parts):
        raise Refused(BROKEN)
    for start, ends in _XLSB_ENDS.items():
        for part in (part for name, part in parts.items() if name.startswith(start)):
            chain = list(records(part))
            if (chain[:1] and chain[0][0], chain[-1:] and chain[-1][0]) != ends or chain[-1][1] != len(part):
                raise Refused(BROKEN)
            if any(later <= earlier for earlier, later in pairwise(_xlsb_places(part, chain))):
                raise Refused(BROKEN)


def _xlsb_places(part: bytes, chain: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Row and column of each row (-1) and cell, in the order in which they stand."""
    row, inside = -1, False
    for number, at in chain:
        if number in _XLSB_CELL_TABLE:
            inside = number == _XLSB_CELL_TABLE[0]
        elif inside and number in _XLSB_SKIPPED:
            raise Refused(BROKEN)
        elif inside and number == XLSB_ROW:
            row = int.from_bytes(part[at : at + 4], "little")
            yield row, -1
        elif inside and (number == 1 or number in XLSB_CELLS):
            yield row, int.from_bytes(part[at : at + 4], "little")


def check_ods(xml: bytes) -> None:
    """Raise Refused where an element does not end, a table has no name or a cell lacks the value of its type."""
    try:
        expat.ParserCreate().Parse(xml, True)
    except (expat.ExpatError, LookupError, ValueError) as error:
        raise Refused(BROKEN) from error
    tables = xml.partition(ODS_COPIES)[0]
    if not all(b"table:name=" in attributes for attributes in _ODS_TABLE.findall(tables)):
        raise Refused(BROKEN)
    if not all(_ODS_VALUES.get(kind, b"") in attributes for attributes, kind in _ODS_TYPED.findall(tables)):
        raise Refused(BROKEN)
