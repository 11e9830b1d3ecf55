"""Exports that only call themselves workbooks go back with a way out; workbooks blown up by formats are read, and soon."""

from __future__ import annotations

import io
import shutil
import subprocess
import time
import zipfile
from pathlib import Path

import pytest
from openpyxl import Workbook
from openpyxl.styles import Protection

from pipeline.report.receipts import receipt
from tests.support.desk import CONFIG
from tests.support.papers import HOLDER, column, holder, look_at, paper
from tests.support.returned import fault, opened, papers
from tests.support.wrappings import sent_back

PEOPLE = [holder(serial) for serial in range(1, 4)]
SOUND = paper({"持证人员": [HOLDER, *PEOPLE]})
NAMES = ["甲1", "甲2", "甲3"]
SHEET = "xl/worksheets/sheet2.xml"
LINES = "\r\n".join("\t".join(map(str, cells)) for cells in [HOLDER, *PEOPLE])
XML_2003 = f"""<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>
<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet><Table><Row><Cell><Data>{HOLDER[0]}</Data></Cell></Row>
</Table></Worksheet></Workbook>"""
SECONDS = 20  # on a busy machine; alone it takes a fifth
needs_office = pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice (soffice) is not installed")


def with_parts(**changed: bytes) -> bytes:
    """The sound workbook with its sheet replaced and parts added."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(SOUND)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, changed["sheet"] if name == SHEET and "sheet" in changed else old.read(name))
        for name in changed.keys() - {"sheet"}:
            new.writestr(name, changed[name])
    return target.getvalue()


def with_sheet(added_rows: bytes = b"", after_rows: bytes = b"") -> bytes:
    with zipfile.ZipFile(io.BytesIO(SOUND)) as archive:
        xml = archive.read(SHEET)
    return with_parts(sheet=xml.replace(b"</sheetData>", added_rows + b"</sheetData>" + after_rows))


@pytest.mark.parametrize("name", ["练市镇.xls", "练市镇.xlsx", "练市镇.et"])
@pytest.mark.parametrize("content", [
    f"<html><body><table><tr><td>{HOLDER[0]}</td></tr></table></body></html>".encode("gb18030"),
    b'\xef\xbb\xbf\r\n<!DOCTYPE html><html xmlns:x="urn:schemas-microsoft-com:office:excel"></html>',
    b"<table><tr><td>1</td></tr></table>", b'<meta charset="gbk"><table></table>',
    LINES.encode("utf-16"), LINES.encode("gb18030"), LINES.replace("\t", ",").encode("gb18030"), LINES.encode(),
    XML_2003.encode(), b"\xef\xbb\xbf" + XML_2003.encode(), b"ID;PWXL;N;E\r\nC;Y1;X1;K1\r\nE\r\n", b"{\\rtf1 x}",
])
def test_an_export_under_the_name_of_a_workbook_goes_back_with_the_way_out(content: bytes, name: str):
    assert "另存为 .xlsx" in sent_back(look_at(content, name))


def test_a_workbook_with_macros_is_read_and_its_macros_are_not_handed_on():
    content = with_parts(**{"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0 macro", "xl/vbaProjectSignature.bin": b"x"})
    reading = look_at(content, "练市镇.xlsm")
    assert (column(reading, "name"), reading.findings) == (NAMES, [])
    with zipfile.ZipFile(io.BytesIO(receipt(content, papers([fault("B3")]), CONFIG))) as archive:
        assert [name for name in archive.namelist() if "vba" in name.lower()] == []


def test_a_hundred_thousand_entries_are_returned_within_seconds():
    target = io.BytesIO(SOUND)
    with zipfile.ZipFile(target, "a") as archive:
        for at in range(100_000):
            archive.writestr(f"x/{at}", b"")
    started = time.monotonic()
    assert "部分" in sent_back(look_at(target.getvalue()))
    assert time.monotonic() - started < SECONDS


def test_a_hundred_thousand_merged_ranges_are_read_and_given_back_within_seconds():
    merges = b"".join(b'<mergeCell ref="J%d:K%d"/>' % (row, row) for row in range(10, 100_010))
    content = with_sheet(b'<row r="100009"><c r="A100009" s="0"/></row>', b'<mergeCells count="100000">' + merges + b"</mergeCells>")
    started = time.monotonic()
    assert column(look_at(content), "name") == NAMES
    assert opened(receipt(content, papers([fault("B3")]), CONFIG))["持证人员"]["A2"].value == "甲1"
    assert time.monotonic() - started < SECONDS


def styled_rows(number: int) -> bytes:
    return b"".join(b'<row r="%d"><c r="A%d" s="0"/></row>' % (row, row) for row in range(6, 6 + number))


def test_a_million_styled_blank_rows_are_read_and_given_back_within_seconds():
    content = with_sheet(styled_rows(1_000_000))
    started = time.monotonic()
    assert column(look_at(content), "name") == NAMES
    page = opened(receipt(content, papers([fault("B3")]), CONFIG))["持证人员"]
    assert time.monotonic() - started < SECONDS
    assert (page["A2"].value, page.max_row, page["B3"].comment is not None) == ("甲1", 4, True)


def test_a_receipt_keeps_the_formats_above_and_the_settings_below_a_large_blank_rest():
    content = with_sheet(styled_rows(200_000), b'<sheetProtection sheet="1"/>')
    page = opened(receipt(content, papers([fault("B3")]), CONFIG))["持证人员"]
    assert (page.protection.sheet, page.max_row) == (True, 4)


def test_a_value_below_the_blank_rows_is_never_cut_off():
    last = '<row r="300000"><c r="A300000" t="inlineStr"><is><t>签字</t></is></c></row>'.encode()
    page = opened(receipt(with_sheet(styled_rows(290_000) + last), papers([fault("B3")]), CONFIG))["持证人员"]
    assert (page["A2"].value, page["A300000"].value) == ("甲1", "签字")


def test_blank_rows_that_are_meant_for_entries_stay():
    def prepare(made: Workbook) -> None:
        for row in range(6, 206):
            made["持证人员"][f"A{row}"].protection = Protection(locked=False)

    content = paper({"持证人员": [HOLDER, *PEOPLE]}, touch=prepare)
    page = opened(receipt(content, papers([fault("B3")]), CONFIG))["持证人员"]
    assert (page.max_row, page["A205"].protection.locked) == (205, False)


@needs_office
def test_an_old_workbook_under_a_new_name_and_in_the_mac_s_code_page_is_read_or_returned(tmp_path: Path):
    (tmp_path / "x.xlsx").write_bytes(SOUND)
    subprocess.run(["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", "xls",
                    "--outdir", str(tmp_path), str(tmp_path / "x.xlsx")], check=True, capture_output=True, timeout=180)
    old = (tmp_path / "x.xls").read_bytes()
    assert column(look_at(old, "练市镇.xlsx"), "name") == NAMES
    code_page = b"\x42\x00\x02\x00"
    assert old.count(code_page + b"\xb0\x04") == 1
    reading = look_at(old.replace(code_page + b"\xb0\x04", code_page + (10008).to_bytes(2, "little")), "练市镇.xls")
    assert reading.refused or column(reading, "name") == NAMES
