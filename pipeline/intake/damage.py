"""Damage that the reader would pass over without a word: a whole sheet, a row or a text would be missing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from xml.etree import ElementTree
from xml.parsers import expat

from pipeline.intake.archive import Parts
from pipeline.intake.extents import XLSB_CELLS, XLSB_ROW, records
from pipeline.intake.refusal import BROKEN, Refused

_BOOK, _SHEETS = "xl/workbook.xml", "xl/worksheets/"
_SHARED = ("xl/_rels/workbook.xml.rels", "xl/sharedstrings.xml", "xl/styles.xml")
_HEAD = 1 << 16  # the first element stands here

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
    """Raise Refused where a part that all sheets use is damaged, or a sheet's part holds something else."""
    try:
        book = ElementTree.fromstring(parts[_BOOK])
        for name in _SHARED:
            expat.ParserCreate().Parse(parts.get(name, b"<none/>"), True)
        roots = {_root(part) for name, part in parts.items() if name.startswith(_SHEETS) and name.endswith(".xml")}
    except (ElementTree.ParseError, expat.ExpatError, LookupError, ValueError) as error:
        raise Refused(BROKEN) from error
    tabs = {tab.tag.rpartition("}")[2] for tab in book.findall("{*}sheets/*")}
    if not (roots <= {"worksheet"} and tabs <= {"sheet"}):
        raise Refused(BROKEN)


def _root(xml: bytes) -> str:
    names: list[str] = []
    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda name, _: names.append(name)
    parser.Parse(xml[:_HEAD], len(xml) <= _HEAD)
    return names[0].rpartition(":")[2] if names else ""


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
    """Raise Refused where a table has no name or a cell lacks the value of its type: the reader leaves both out."""
    tables = xml.partition(b"<table:dde-links")[0]  # behind it stand copies of other files' tables
    if not all(b"table:name=" in attributes for attributes in _ODS_TABLE.findall(tables)):
        raise Refused(BROKEN)
    if not all(_ODS_VALUES.get(kind, b"") in attributes for attributes, kind in _ODS_TYPED.findall(tables)):
        raise Refused(BROKEN)
