"""What the reader does not tell about an .xlsx: hidden rows, formulas without a value, errors, stray cells."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from dataclasses import dataclass, field
from xml.etree import ElementTree

from pipeline.config import Limits
from pipeline.intake.refusal import Refused

_HIDDEN_ROW = re.compile(rb"<(?:\w+:)?row\b(?=[^>]*\bhidden=\"(?:1|true)\")[^>]*\br=\"(\d+)\"")
_HIDDEN_COLUMNS = re.compile(rb"<(?:\w+:)?col\b[^>]*\bhidden=\"(?:1|true)\"")
_CELL = re.compile(rb"<(?:\w+:)?c\b([^>]*[^/>])>(.*?)</(?:\w+:)?c>", re.DOTALL)
_ADDRESS = re.compile(rb"\br=\"([A-Z]+)(\d+)\"")
_FAR = re.compile(rb"<(?:\w+:)?c\b[^>]*\br=\"([A-Z]{3,})(\d+)\"")
_VALUE = re.compile(rb"<(?:\w+:)?v>([^<]*)</")
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Oddities:
    """Of one sheet, by zero-based (row, column): what stands there beside plain values."""

    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: bool = False
    without_value: frozenset[tuple[int, int]] = frozenset()
    errors: dict[tuple[int, int], str] = field(default_factory=dict)


NOTHING_ODD = Oddities()


def inspect(content: bytes, limits: Limits) -> dict[str, Oddities]:
    """The oddities of each sheet by its name; raises Refused for an archive that is not safe to open."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _gate(archive, limits)
            return {name: _oddities(archive.read(part), limits) for name, part in _parts(archive).items()}
    except (zipfile.BadZipFile, EOFError, ElementTree.ParseError, KeyError, NotImplementedError, OSError) as error:
        raise Refused("文件已损坏或不完整，打不开；请在 Excel 或 WPS 中打开原文件另存一份再报") from error


def gate(content: bytes, limits: Limits) -> None:
    """Refuse a zip (an .ods for instance) that unpacks to more than the limits or has doubtful entries."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _gate(archive, limits)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, OSError) as error:
        raise Refused("文件已损坏或不完整，打不开；请另存一份再报") from error


def _gate(archive: zipfile.ZipFile, limits: Limits) -> None:
    names = archive.namelist()
    if len(names) != len(set(names)):
        raise Refused("文件内部有重名的部分，不是正常的工作簿；请另存一份再报")
    if len(names) > 20 * limits.sheets + 1000:
        raise Refused(f"文件内部有 {len(names)} 个部分，不是正常的工作簿")
    left = limits.unpacked_mb << 20
    for entry in archive.infolist():
        with archive.open(entry) as stream:
            while block := stream.read(_CHUNK):
                left -= len(block)
                if left < 0:
                    raise Refused(f"解压后超过 {limits.unpacked_mb} MB，不是正常的报表；请删去多余内容再报")


def _parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """Sheet name → the archive's part that holds it."""
    if "xl/workbook.xml" not in archive.namelist():
        raise Refused("不是工作簿：文件里没有工作簿的内容；请用 Excel 或 WPS 另存为 .xlsx 再报")
    relations = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    target = {one.get("Id"): one.get("Target", "") for one in relations}
    book = ElementTree.fromstring(archive.read("xl/workbook.xml"))
    parts = {}
    for sheet in book.iter():
        if sheet.tag.endswith("}sheet"):
            reference = next((value for key, value in sheet.attrib.items() if key.endswith("}id")), "")
            part = _inside(target.get(reference, ""))
            if part not in archive.namelist():
                raise Refused(f"工作表“{sheet.get('name')}”的内容缺失，文件已损坏；请另存一份再报")
            parts[sheet.get("name", "")] = part
    return {name: part for name, part in parts.items() if part.startswith("xl/worksheets/")}


def _inside(target: str) -> str:
    return target.lstrip("/") if target.startswith("/xl/") else posixpath.normpath(posixpath.join("xl", target))


def _oddities(xml: bytes, limits: Limits) -> Oddities:
    _refuse_far_cells(xml, limits)
    without_value, errors = set(), {}
    if b"<f" in xml or b":f>" in xml or b't="e"' in xml:
        for attributes, body in _CELL.findall(xml):
            at = _place(attributes)
            value = _VALUE.search(body)
            if b't="e"' in attributes:
                errors[at] = value[1].decode("utf-8", "replace") if value else "#错误"
            elif (b"<f" in body or b":f" in body) and (value is None or not value[1]) and b'<is' not in body:
                without_value.add(at)
    hidden = frozenset(int(row) - 1 for row in _HIDDEN_ROW.findall(xml)) if b"hidden=" in xml else frozenset()
    return Oddities(hidden, bool(_HIDDEN_COLUMNS.search(xml)), frozenset(without_value), errors)


def _refuse_far_cells(xml: bytes, limits: Limits) -> None:
    """One value in the last corner makes the reader ask for terabytes."""
    for letters, row in _FAR.findall(xml):
        if column_number(letters.decode()) >= limits.columns:
            cell = f"{letters.decode()}{row.decode()}"
            raise Refused(f"单元格 {cell} 离表格太远（限 {limits.columns} 列）；请删去多余的行列再报")


def _place(attributes: bytes) -> tuple[int, int]:
    found = _ADDRESS.search(attributes)
    return (int(found[2]) - 1, column_number(found[1].decode())) if found else (-1, -1)


def column_number(letters: str) -> int:
    """Zero-based number of a column: A is 0."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def column_letters(number: int) -> str:
    """The letters of a zero-based column: 0 is A."""
    letters = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
