"""The zip around an .xlsx, .xlsb or .ods: safe to unpack, whole, and which part is which sheet."""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from dataclasses import dataclass, field
from xml.etree import ElementTree
from xml.parsers import expat

from pipeline.config import Limits
from pipeline.intake.extents import ods_extents, xlsb_extent
from pipeline.intake.ooxml import Oddities, oddities
from pipeline.intake.refusal import BROKEN, Refused

_CHUNK = 1 << 20
_DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, ElementTree.ParseError, expat.ExpatError, KeyError, OSError,
           NotImplementedError, RuntimeError, ValueError)


@dataclass(frozen=True, slots=True)
class Inspection:
    """What is odd about each sheet by its name, and whether the workbook points to other files."""

    sheets: dict[str, Oddities] = field(default_factory=dict)
    links_out: bool = False


def inspect(content: bytes, limits: Limits) -> Inspection:
    """What the archive holds beside values; raises Refused where it is damaged or not safe to open.

    Only an .xlsx says something about its sheets.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _refuse_what_is_unsafe(archive, limits)
            names = set(archive.namelist())
            if {"mimetype", "content.xml"} <= names:
                _refuse_locked_ods(archive)
                for extent in ods_extents(archive.read("content.xml")):
                    extent.check("表", limits)
                return Inspection()
            if "xl/workbook.bin" in names:
                for part in names:
                    if part.startswith("xl/worksheets/") and part.endswith(".bin"):
                        xlsb_extent(archive.read(part)).check("表", limits)
                return Inspection()
            return _inspect_xlsx(archive, names, limits)
    except _DAMAGE as error:
        raise Refused(BROKEN) from error


def _refuse_what_is_unsafe(archive: zipfile.ZipFile, limits: Limits) -> None:
    """Unpacking everything once also proves every checksum."""
    names = archive.namelist()
    if len(names) != len({name.lower() for name in names}):
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


def _refuse_locked_ods(archive: zipfile.ZipFile) -> None:
    if b"encryption-data" in archive.read("META-INF/manifest.xml"):
        raise Refused("文件有密码，读不了；请取消打开密码后再报")


def _inspect_xlsx(archive: zipfile.ZipFile, names: set[str], limits: Limits) -> Inspection:
    if "xl/workbook.xml" not in names:
        raise Refused("不是工作簿：文件里没有工作簿的内容；请用 Excel 或 WPS 另存为 .xlsx 再报")
    sheets = {name: oddities(_sound_xml(archive, part), limits)
              for name, part in _parts(archive, names).items() if part.startswith("xl/worksheets/")}
    if "xl/sharedStrings.xml" in names:
        _sound_xml(archive, "xl/sharedStrings.xml")
    return Inspection(sheets, any(name.startswith("xl/externalLinks/") for name in names))


def _sound_xml(archive: zipfile.ZipFile, part: str) -> bytes:
    """A part that is whole: the reader would take what it finds before the break and say nothing."""
    xml = archive.read(part)
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _refuse_document_type
    parser.Parse(xml, True)
    return xml


def _refuse_document_type(*_: object) -> None:
    raise Refused(BROKEN)


def _parts(archive: zipfile.ZipFile, names: set[str]) -> dict[str, str]:
    """Sheet name → the archive's part that holds it."""
    relations = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    target = {one.get("Id"): one.get("Target", "") for one in relations}
    parts: dict[str, str] = {}
    for sheet in ElementTree.fromstring(archive.read("xl/workbook.xml")).iter():
        if sheet.tag.endswith("}sheet"):
            name = sheet.get("name", "")
            reference = next((value for key, value in sheet.attrib.items() if key.endswith("}id")), "")
            part = _inside(target.get(reference, ""))
            if part not in names:
                raise Refused(f"工作表“{name}”的内容缺失，文件已损坏；请另存一份再报")
            if name in parts:
                raise Refused(f"有两个工作表都叫“{name}”，文件已损坏；请另存一份再报")
            parts[name] = part
    return parts


def _inside(target: str) -> str:
    return target.lstrip("/") if target.startswith("/xl/") else posixpath.normpath(posixpath.join("xl", target))
