"""What the reader does not tell about an .xlsx: hidden rows and columns, formulas without a value, errors."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from xml.etree import ElementTree
from xml.parsers import expat

from pipeline.config import Limits
from pipeline.intake.addresses import Place, column_number
from pipeline.intake.archive import Parts, in_utf_8
from pipeline.intake.extents import xlsx_extent
from pipeline.intake.hand_marks import NO_MARKS, HandMarks, Inks, hand_marks, inks
from pipeline.intake.refusal import BROKEN, Refused
from pipeline.plain_text import harmless

_ROW, _PREFIXED_ROW = re.compile(rb"<row\b([^>]*)>"), re.compile(rb"<(?:\w+:)?row\b([^>]*)>")
_ROW_NUMBER = re.compile(rb"""\br\s*=\s*["'](\d+)["']""")
_HIDDEN = re.compile(rb"""\bhidden\s*=\s*["'](?:1|true)["']""")
_COLUMNS = re.compile(rb"<(?:\w+:)?col\b([^>]*)>")
_FROM_TO = re.compile(rb"""\b(min|max)\s*=\s*["'](\d+)["']""")
_CELL = re.compile(rb"<(?:\w+:)?c\b([^>]*[^/>])>(.*?)</(?:\w+:)?c>", re.DOTALL)
_ADDRESS = re.compile(rb"""\br\s*=\s*["']([A-Z]+)(\d+)["']""")
_TYPE = re.compile(rb"""\bt\s*=\s*["'](\w+)["']""")
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")
_SIGNS_OF_FORMULAS_AND_ERRORS = (b"<f", b":f", b'"e"', b"'e'")
_VALUE = re.compile(rb"<(?:\w+:)?v(?:\s[^>]*)?>([^<]+)</")


@dataclass(frozen=True, slots=True)
class Oddities:
    """Of one sheet, by zero-based row and column: what stands there beside plain values."""

    hidden_rows: tuple[int, ...] = ()
    hidden_columns: tuple[range, ...] = ()
    without_value: frozenset[Place] = frozenset()
    errors: dict[Place, str] = field(default_factory=dict)
    marks: HandMarks = NO_MARKS

    @property
    def unreadable(self) -> frozenset[Place]:
        """The cells that hold something of which no value can be read."""
        return self.without_value | self.errors.keys()


NOTHING_ODD = Oddities()


def inspect(parts: Parts, limits: Limits) -> dict[str, Oddities]:
    """The oddities of each sheet by its name; raises Refused where a sheet is damaged, missing or too large."""
    try:
        pages = _sheet_parts(parts)
        if len(pages) > limits.sheets:
            raise Refused(f"有 {len(pages)} 个工作表，超过 {limits.sheets} 个；请只留需要上报的表")
        shared = inks(parts)
        return {name: _inspect_part(harmless(name), part, parts, shared, limits) for name, part in pages}
    except (ElementTree.ParseError, expat.ExpatError, UnicodeDecodeError, KeyError, ValueError) as error:
        raise Refused(BROKEN) from error


def _sheet_parts(parts: Parts) -> list[tuple[str, str]]:
    """Name and part of each sheet; charts and macro sheets, which hold no table, are left out."""
    relations = ElementTree.fromstring(parts["xl/_rels/workbook.xml.rels"])
    targets = {one.get("Id"): inside(one.get("Target", "")) for one in relations}
    book = ElementTree.fromstring(parts["xl/workbook.xml"])
    pages = [(sheet.get("name", ""), targets.get(_reference(sheet), ""))
             for sheet in book.iter() if sheet.tag.endswith("}sheet")]
    refuse_namesakes([harmless(name) for name, _ in pages])
    for name, part in pages:
        if part not in parts:
            raise Refused(f"工作表“{harmless(name)}”的内容缺失，文件已损坏；请另存一份再报")
    return [(name, part) for name, part in pages if part.startswith("xl/worksheets/")]


def refuse_namesakes(names: Sequence[str]) -> None:
    """Raise Refused where two sheets have one name: no row could be told from another's."""
    if len(set(names)) < len(names):
        raise Refused("有两个同名的工作表，不知道以哪个为准；请只留一个再报")


def _reference(sheet: ElementTree.Element) -> str | None:
    return next((value for key, value in sheet.attrib.items() if key.endswith("}id")), None)


def inside(target: str) -> str:
    """The name of the part that a relation of the workbook points to."""
    return posixpath.normpath(posixpath.join("/xl", target)).lstrip("/").lower()


def _readable(xml: bytes) -> bytes:
    """The sheet's XML in UTF-8; raises ExpatError where it ends early or is damaged."""
    expat.ParserCreate().Parse(xml, True)
    return in_utf_8(xml)


def _inspect_part(name: str, part: str, parts: Parts, shared: Inks, limits: Limits) -> Oddities:
    xml = _readable(parts[part])
    return replace(_inspect_sheet(name, xml, limits), marks=hand_marks(part, xml, parts, shared))


def _inspect_sheet(name: str, xml: bytes, limits: Limits) -> Oddities:
    xlsx_extent(xml).check(name, limits)
    rows = (_PREFIXED_ROW if b":row" in xml else _ROW).findall(xml)
    _refuse_disorder(name, rows)
    without_value: set[Place] = set()
    errors: dict[Place, str] = {}
    if any(sign in xml for sign in _SIGNS_OF_FORMULAS_AND_ERRORS):
        _inspect_cells(xml, without_value, errors)
    return Oddities(tuple(_hidden_rows(rows)), tuple(_hidden_columns(xml)), frozenset(without_value), errors)


def _refuse_disorder(name: str, rows: list[bytes]) -> None:
    """Rows out of order or given twice: the reader loses some without a word."""
    numbers = [int(found[1]) for found in map(_ROW_NUMBER.search, rows) if found]
    if any(later <= earlier for earlier, later in pairwise(numbers)):
        raise Refused(f"工作表“{name}”里的行次序错乱，文件已损坏；请在 Excel 或 WPS 中另存一份再报")


def _hidden_rows(rows: list[bytes]) -> Iterator[int]:
    for attributes in rows:
        number = _ROW_NUMBER.search(attributes)
        if number and _HIDDEN.search(attributes):
            yield int(number[1]) - 1


def _hidden_columns(xml: bytes) -> Iterator[range]:
    for attributes in _COLUMNS.findall(xml.partition(b"sheetData")[0]):
        if _HIDDEN.search(attributes):
            ends = dict(_FROM_TO.findall(attributes))
            yield range(int(ends.get(b"min", 1)) - 1, int(ends.get(b"max", 1)))


def _inspect_cells(xml: bytes, without_value: set[Place], errors: dict[Place, str]) -> None:
    for attributes, body in _CELL.findall(xml):
        where = _ADDRESS.search(attributes)
        if where is None:
            continue
        place = int(where[2]) - 1, column_number(where[1].decode())
        kind, value = _TYPE.search(attributes), _VALUE.search(body)
        if kind and kind[1] == b"e":
            errors[place] = value[1].decode() if value else "#错误"
        # A formula whose result is the empty text has a value: t="str" says so.
        elif value is None and _FORMULA.search(body) and not (kind and kind[1] == b"str"):
            without_value.add(place)
