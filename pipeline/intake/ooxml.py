"""What the reader does not tell about an .xlsx: hidden rows, formulas without a value, errors, stray cells."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise

from pipeline.config import Limits
from pipeline.intake.addresses import column_number
from pipeline.intake.extents import xlsx_extent
from pipeline.intake.refusal import BROKEN, Refused

_ROW = re.compile(rb"<(?:\w+:)?row\b[^>]*?\br=\"(\d+)\"")
_HIDDEN_ROW = re.compile(rb"<(?:\w+:)?row\b(?=[^>]*\bhidden=\"(?:1|true)\")[^>]*\br=\"(\d+)\"")
_HIDDEN_COLUMNS = re.compile(rb"<(?:\w+:)?col\b[^>]*\bhidden=\"(?:1|true)\"")
_CELL = re.compile(rb"<(?:\w+:)?c((?:\s[^>]*)?(?<!/))>(.*?)</(?:\w+:)?c>", re.DOTALL)
_ADDRESS = re.compile(rb"\br=\"([A-Za-z]+)(\d+)\"")
_VALUE = re.compile(rb"<(?:\w+:)?v>([^<]*)</")


@dataclass(frozen=True, slots=True)
class Oddities:
    """Of one sheet, by zero-based (row, column): what stands there beside plain values."""

    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: bool = False
    without_value: frozenset[tuple[int, int]] = frozenset()
    errors: dict[tuple[int, int], str] = field(default_factory=dict)

    @property
    def unreadable(self) -> frozenset[tuple[int, int]]:
        """The cells that hold something of which no value can be read."""
        return self.without_value | self.errors.keys()


NOTHING_ODD = Oddities()


def oddities(xml: bytes, limits: Limits) -> Oddities:
    """The oddities of one sheet's XML; raises Refused where the reader would lose rows or run out of memory."""
    xml = _in_utf8(xml)
    _refuse_disorder(xml)
    xlsx_extent(xml).check("表", limits)
    without_value, errors = set(), {}
    if b"<f" in xml or b":f>" in xml or b":f " in xml or b't="e"' in xml:
        for attributes, body in _CELL.findall(xml):
            value = _VALUE.search(body)
            if b't="e"' in attributes:
                errors[_place(attributes)] = value[1].decode("utf-8", "replace") if value else "#错误"
            # A formula whose result is the empty text has a value: t="str" says so.
            elif ((b"<f" in body or b":f" in body) and (value is None or not value[1]) and b"<is" not in body
                  and b't="str"' not in attributes):
                without_value.add(_place(attributes))
    hides = b"hidden=" in xml
    hidden_rows = frozenset(int(row) - 1 for row in _HIDDEN_ROW.findall(xml)) if hides else frozenset()
    hidden_columns = hides and bool(_HIDDEN_COLUMNS.search(xml))
    return Oddities(hidden_rows, hidden_columns, frozenset(without_value), errors)


def _in_utf8(xml: bytes) -> bytes:
    return xml.decode("utf-16").encode() if xml[:2] in (b"\xff\xfe", b"\xfe\xff") else xml


def _refuse_disorder(xml: bytes) -> None:
    """Of rows given twice or out of order the reader keeps some only."""
    if any(int(below) <= int(above) for above, below in pairwise(_ROW.findall(xml))):
        raise Refused("文件内部的行次序混乱或重复，读出来会缺行；请在 Excel 或 WPS 中另存一份再报")


def _place(attributes: bytes) -> tuple[int, int]:
    found = _ADDRESS.search(attributes)
    if not found:  # without an address nobody can say which row is to be returned
        raise Refused(BROKEN)
    return int(found[2]) - 1, column_number(found[1].decode().upper())
