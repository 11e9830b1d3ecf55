"""Errors and hidden rows are told of old and open formats too: their readers give errors as blanks, or as text."""

from __future__ import annotations

import io
import subprocess
import zipfile
from pathlib import Path

import pytest
from openpyxl import Workbook

from pipeline.intake.odd_cells import ods_links_out, ods_oddities, xlsb_oddities
from pipeline.intake.refusal import Refused
from tests.support.libreoffice import needs_libreoffice
from tests.support.papers import AWARD, COVER, award, column, found, look_at, paper, returned


def _hide_the_third(made: Workbook) -> None:
    made["证书奖励申请"].row_dimensions[3].hidden = True


@needs_libreoffice
@pytest.mark.parametrize("extension", ["xls", "ods", "xlsx"])
def test_an_error_in_a_cell_that_may_be_blank_returns_its_row_and_a_hidden_row_is_told(tmp_path: Path, extension: str):
    source = tmp_path / "in" / "练市镇.xlsx"
    source.parent.mkdir()
    rows = [AWARD, award(1), award(2), award(3, 领取日期="=1/0"), award(4, 领取日期="=#REF!")]
    source.write_bytes(paper({"证书奖励申请": rows}, touch=_hide_the_third))
    subprocess.run(["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", extension,
                    "--outdir", str(tmp_path), str(source)], check=True, capture_output=True, timeout=180)
    reading = look_at((tmp_path / f"练市镇.{extension}").read_bytes(), f"练市镇.{extension}")
    assert [(one.cell, one.rule) for one in returned(reading)] == [("I4", "N08"), ("I5", "N08")]
    assert "#DIV/0!" in returned(reading)[0].message
    assert "#REF!" in returned(reading)[1].message
    assert ("N11", "提示", "A3") in found(reading)
    assert column(reading, "name", "certificate_awards") == ["甲1", "甲2", "甲3", "甲4"]


def _record(number: int, body: bytes) -> bytes:
    return bytes([number] if number < 128 else [number & 0x7F | 0x80, number >> 7]) + bytes([len(body)]) + body


def _text(words: str) -> bytes:
    return len(words).to_bytes(4, "little") + words.encode("utf-16-le")


def test_an_xlsb_says_them_in_its_records():
    row = (6).to_bytes(4, "little") + bytes(7) + b"\x10" + bytes(4)
    sheet = _record(0, row) + _record(3, (2).to_bytes(4, "little") + bytes(4) + b"\x17") + _record(11, bytes(8) + b"\x2a" + bytes(8))
    parts = {
        "xl/workbook.bin": _record(156, bytes(8) + _text("rId7") + _text("持证人员")),
        "xl/_rels/workbook.bin.rels": b'<Relationships><Relationship Id="rId7" Target="worksheets/sheet9.bin"/></Relationships>',
        "xl/worksheets/sheet9.bin": sheet,
    }
    odd = xlsb_oddities(parts)["持证人员"]
    assert odd.hidden_rows == (6,)
    assert odd.errors == {(6, 2): "#REF!", (6, 0): "#N/A"}
    with pytest.raises(Refused):
        xlsb_oddities(parts | {"xl/_rels/workbook.bin.rels": b"<Relationships>"})


def test_rows_and_cells_of_an_ods_are_counted_where_they_are_repeated_and_copies_of_other_files_are_none():
    cell = b'<table:table-cell table:number-columns-repeated="2"/>'
    wrong = b'<table:table-cell office:value-type="string" calcext:value-type="error"><text:p>#N/A</text:p></table:table-cell>'
    table = (b"<table:table table:name='a'><table:table-row table:number-rows-repeated=\"3\"></table:table-row>"
             b'<table:table-row table:visibility="filter">' + cell + wrong + b"</table:table-row></table:table>")
    (odd,) = ods_oddities(table + b"<table:dde-links>" + table + b"</table:dde-links>")
    assert (odd.hidden_rows, odd.errors) == ((3,), {(3, 2): "#N/A"})
    assert ods_links_out(table + b"<table:dde-links>")
    assert not ods_links_out(table)


def test_two_tables_of_one_name_in_an_ods_go_back_for_no_row_could_be_told_from_anothers():
    def table(name: str, *rows: tuple[str, ...]) -> str:
        cells = "".join("<table:table-row>" + "".join(
            f'<table:table-cell office:value-type="string"><text:p>{word}</text:p></table:table-cell>' for word in row)
            + "</table:table-row>" for row in rows)
        return f'<table:table table:name="{name}">{cells}</table:table>'

    spaces = " ".join(f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text"))
    tables = table("封面", *COVER.items()) + 2 * table("工作举措", ("日期", "举措", "主题"), ("2020-08-01", "专题培训班", "法规"))
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
        archive.writestr("content.xml", f"<office:document-content {spaces}><office:body><office:spreadsheet>"
                                        f"{tables}</office:spreadsheet></office:body></office:document-content>")
    reading = look_at(target.getvalue(), "练市镇.ods")
    assert reading.refused
    assert "同名的工作表" in reading.findings[0].message
