"""Texts that some program would run, follow or choke on, put into real intake workbooks as cells may hold them."""

from __future__ import annotations

import io
import re
import zipfile
from xml.sax.saxutils import escape

ATTACKS = (
    '=HYPERLINK("http://example.invalid/","点我")', "=cmd|'/c calc'!A1", "=1+1", "+1+1", "+cmd|'/c calc'!A1", "-1+1",
    "-2+3+cmd|'/c calc'!A1", "@SUM(1+1)", "@SUM(1+1)*cmd|'/c calc'!A1", "\t=1+1", "\r=1+1", "\n=1+1", " =1+1", "＝1+1",
    '=DDE("cmd";"/c calc";"A1")', '=WEBSERVICE("http://example.invalid/")', "{=1+1}", '=1+1";=1+1', "'=1+1",
    "http://example.invalid/", "mailto:x@example.invalid", "internal:封面!A1", "external:\\\\example.invalid\\x.xlsx",
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "</t></si><si><t>&lt;", "{{ 12345*6789 }}",
    "{% for x in range(9) %}{{ x }}{% endfor %}", "${12345*6789}", "{0.__class__}", "%s%n", "[red]红[/red][/]",
    "'; DROP TABLE submissions; --", "x\r\nBcc: all@example.invalid", "\x1b[31m红\x1b]0;标题\x07", "\x9b31m红",
    "\u202exslx.甲", "甲\ud800乙", "甲\ufffe乙", "甲\x00\x08乙", "长" * 40_000,
)
EVALUATED = str(12345 * 6789)
_MARK = re.compile("§([0-9]{2})§")
_NO_XML = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")


def mark(number: int) -> str:
    """What stands in a workbook in the place of an attack, until `armed` puts it there."""
    return f"§{number:02}§"


def armed(workbook: bytes) -> bytes:
    """The workbook with each mark replaced by its attack, in cells and in names of sheets."""
    target, replaced = io.BytesIO(), 0
    with zipfile.ZipFile(io.BytesIO(workbook)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            text = old.read(name).decode().replace("&#167;", "§")  # as openpyxl writes it where lxml is installed
            put = _as_attribute if name == "xl/workbook.xml" else _as_text
            text, marks = _MARK.subn(
                lambda found, put=put: put(ATTACKS[int(found[1])]), text.replace("<t>§", '<t xml:space="preserve">§'))
            replaced += marks
            new.writestr(name, text.encode())
    assert replaced, "no mark was found: the workbook would attack nothing"
    return target.getvalue()


def _as_text(attack: str) -> str:
    """As Excel writes it: what no XML may hold stands as _x001B_."""
    return escape(_NO_XML.sub(lambda found: f"_x{ord(found[0]):04X}_", attack))


def _as_attribute(attack: str) -> str:
    without = _NO_XML.sub(lambda found: "\r" if found[0] == "\r" else "", attack)
    return escape(without, {'"': "&quot;", "\r": "&#13;", "\n": "&#10;", "\t": "&#9;"})
