"""The reader lays out every cell up to the last one: what reaches too far goes back before it is asked."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import pytest

from pipeline.intake.extents import ods_extents, xlsb_extent, xlsx_extent
from pipeline.intake.refusal import Refused
from pipeline.reading import Reading
from tests.support.papers import HOLDER, column, holder, look_at, paper

SOUND = paper({"持证人员": [HOLDER, holder(1), holder(2)]})
SHEET = "xl/worksheets/sheet2.xml"
VALUE = '<table:table-cell office:value-type="float" office:value="1" {}/>'


def with_sheet(change: Callable[[bytes], bytes], more: str | None = None) -> bytes:
    """The sound workbook with another sheet XML, and perhaps a second part of the same content."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(SOUND)) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, change(content) if name == SHEET else content)
            if more and name == SHEET:
                new.writestr(more, content)
    return target.getvalue()


def with_row(row: str) -> bytes:
    """The sound workbook with one more row of XML."""
    return with_sheet(lambda xml: xml.replace(b"</sheetData>", f"{row}</sheetData>".encode()))


def ods(rows: str) -> bytes:
    """An .ods of one table."""
    spaces = " ".join(f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
                      for name in ("office", "table", "text"))
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
        archive.writestr("content.xml", f"<office:document-content {spaces}><office:body><office:spreadsheet>"
                                        f'<table:table table:name="甲">{rows}</table:table>'
                                        "</office:spreadsheet></office:body></office:document-content>")
    return target.getvalue()


def too_large(reading: Reading) -> bool:
    """Whether a file went back for its size."""
    return reading.refused and any(word in reading.findings[0].message for word in ("超过", "太大"))


@pytest.mark.parametrize("row", [
    '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
    "<row r='1048576'><c r='XFD1048576'><v>1</v></c></row>",
    '<row r="9"><c r = "zzz9" s="1"><v>1</v></c></row>',
    '<row r="9"><c t="n" s="0" r="ZZZZZZZZ9"><v>1</v></c></row>',
    '<row r="1048576"><c r="A1048576"><v>1</v></c></row>',
    '<row r="1048576"><c><v>1</v></c></row>',
    '<row r="190000"><c r="RZ190000"><v>1</v></c></row>',
    '<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row>',
], ids=["last corner", "single quotes", "small letters", "beyond the last column", "last row", "no address", "area", "text"])
def test_a_stray_value_far_out_sends_the_file_back(row: str):
    assert too_large(look_at(with_row(row)))


def test_a_stray_value_in_utf_16_sends_the_file_back():
    def far_out(xml: bytes) -> bytes:
        more = b'<row r="9"><c r="XFD9"><v>1</v></c></row></sheetData>'
        return xml.replace(b"</sheetData>", more).decode().encode("utf-16")

    assert too_large(look_at(with_sheet(far_out)))


@pytest.mark.parametrize("row", [
    '<row r="1048576"><c r="XFD1048576" s="0"/></row>', '<row r="1048576"><c r="XFD1048576" s="0"></c></row>',
    '<row r="1048576" s="1" customFormat="1"/>',
], ids=["blank cell", "blank cell with an end tag", "formatted row"])
def test_formats_dragged_to_the_last_corner_are_no_values(row: str):
    assert column(look_at(with_row(row)), "name") == ["甲1", "甲2"]


@pytest.mark.parametrize("rows", [
    '<table:table-row table:number-rows-repeated="1000000"><table:table-cell/></table:table-row><table:table-row>'
    f'<table:table-cell table:number-columns-repeated="16000"/>{VALUE.format("")}</table:table-row>',
    '<table:table-row table:number-rows-repeated="1048576">'
    f'{VALUE.format("")}</table:table-row>',
    '<table:table-row><table:table-cell office:value="1" table:number-columns-repeated="16384"/></table:table-row>',
], ids=["one value far out", "a value in every row", "a value in every column"])
def test_an_ods_that_reaches_too_far_goes_back(rows: str):
    assert too_large(look_at(ods(rows)))


def test_the_blank_rest_that_libreoffice_writes_is_no_extent():
    (extent,) = ods_extents(
        b'<table:table table:name="x"><table:table-row>' + VALUE.format("").encode() + b"</table:table-row>"
        b'<table:table-row table:number-rows-repeated="1048575"><table:table-cell table:number-columns-repeated="16384"/>'
        b"</table:table-row></table:table>")
    assert (extent.rows, extent.columns) == (1, 1)


def test_a_binary_sheet_tells_its_extent_by_its_records():
    row = b"\x00\x04" + (1048575).to_bytes(4, "little")
    blank, value = (bytes([kind, 4]) + place.to_bytes(4, "little") for kind, place in ((1, 16383), (5, 9)))
    extent = xlsb_extent(row + blank + value + b"\x92\x01\x00")
    assert (extent.rows, extent.columns) == (1048576, 10)


def test_a_binary_sheet_that_ends_in_a_record_is_broken():
    with pytest.raises(Refused):
        xlsb_extent(b"\x00\x84")


def test_a_sheet_within_z9999_needs_no_look():
    extent = xlsx_extent(b'<row r="9999"><c r="Z9999"><v>1</v></c></row>')
    assert (extent.rows, extent.columns) == (0, 0)


def test_two_parts_whose_names_differ_in_case_alone_send_the_file_back():
    assert "重名" in look_at(with_sheet(lambda xml: xml, more="xl/worksheets/Sheet2.xml")).findings[0].message
