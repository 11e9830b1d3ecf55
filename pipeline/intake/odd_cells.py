"""What the reader does not tell about an .xlsb or .ods: hidden rows, and errors, which it gives as blanks or as text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree import ElementTree

from pipeline.intake.addresses import Place
from pipeline.intake.archive import Parts
from pipeline.intake.extents import ODS_COPIES, XLSB_ROW, ods_cells, ods_rows, records
from pipeline.intake.ooxml import Oddities, inside
from pipeline.intake.refusal import BROKEN, Refused

# [MS-XLS] 2.5.10 and [MS-XLSB] 2.5.97.2
ERROR_WORDS = {0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A"}
UNKNOWN_ERROR = "#错误"

_XLSB_TAB, _XLSB_ERRORS, _XLSB_HIDDEN = 156, (3, 11), 0x10
_ODS_HIDDEN = re.compile(rb'table:visibility="(?:collapse|filter)"')
_ODS_ERROR = b'calcext:value-type="error"'
_ODS_TEXT = re.compile(rb"<text:p>([^<]*)</text:p>")


def xlsb_oddities(parts: Parts) -> dict[str, Oddities]:
    """Of each sheet of an .xlsb by its name; raises Refused where the workbook is damaged."""
    book = parts["xl/workbook.bin"]
    try:
        relations = ElementTree.fromstring(parts["xl/_rels/workbook.bin.rels"])
        targets = {one.get("Id", ""): inside(one.get("Target", "")) for one in relations}
        tabs = [_texts(book, at + 8, 2) for number, at in records(book) if number == _XLSB_TAB]
        return {name: _of_binary_sheet(parts[targets[relation]]) for relation, name in tabs if targets.get(relation) in parts}
    except (ElementTree.ParseError, LookupError, ValueError) as error:
        raise Refused(BROKEN) from error


def _texts(part: bytes, at: int, count: int) -> list[str]:
    """Texts behind one another, each with its length before it."""
    texts = []
    for _ in range(count):
        end = at + 4 + 2 * int.from_bytes(part[at : at + 4], "little")
        texts.append(part[at + 4 : end].decode("utf-16-le", "replace"))
        at = end
    return texts


def _of_binary_sheet(part: bytes) -> Oddities:
    errors: dict[Place, str] = {}
    hidden, row = [], 0
    for number, at in records(part):
        if number == XLSB_ROW:
            row = int.from_bytes(part[at : at + 4], "little")
            if part[at + 11] & _XLSB_HIDDEN:
                hidden.append(row)
        elif number in _XLSB_ERRORS:
            errors[row, int.from_bytes(part[at : at + 4], "little")] = ERROR_WORDS.get(part[at + 8], UNKNOWN_ERROR)
    return Oddities(hidden_rows=tuple(hidden), errors=errors)


def ods_oddities(xml: bytes) -> Iterator[Oddities]:
    """Of each table of an .ods, in their order."""
    for table in xml.partition(ODS_COPIES)[0].split(b"<table:table ")[1:]:
        errors: dict[Place, str] = {}
        hidden: list[int] = []
        for rows, attributes, cells in ods_rows(table):
            if b"value-type" in cells:  # thousands of empty rows stand once, too
                hidden += rows if _ODS_HIDDEN.search(attributes) else ()
                errors |= {(row, column): word for column, word in _ods_errors(cells) for row in rows}
        yield Oddities(hidden_rows=tuple(hidden), errors=errors)


def _ods_errors(cells: bytes) -> Iterator[tuple[int, str]]:
    for columns, cell in ods_cells(cells) if _ODS_ERROR in cells else ():
        if _ODS_ERROR in cell[1]:
            text = _ODS_TEXT.match(cells, cell.end())
            yield from ((column, text[1].decode("utf-8", "replace") if text else UNKNOWN_ERROR) for column in columns)


def ods_links_out(xml: bytes) -> bool:
    """Whether an .ods points to other files."""
    return ODS_COPIES in xml or b"<table:table-source" in xml
