"""What arrives in a wrong, broken or dangerous wrapping: read or returned, never a crash and never half read."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import time
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter
from msoffcrypto.format.ooxml import OOXMLFile

from pipeline.reading import Reading
from tests.support.desk import id_number
from tests.support.papers import COVER, HOLDER, column, found, holder, look_at, paper

PEOPLE = [holder(serial) for serial in range(1, 4)]
SOUND = paper({"持证人员": [HOLDER, *PEOPLE]})
NAMES = ["甲1", "甲2", "甲3"]
SHEET = "xl/worksheets/sheet2.xml"
needs_office = pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice (soffice) is not installed")


def edited(change: Callable[[dict[str, bytes]], object], content: bytes = SOUND) -> bytes:
    """The workbook with its parts changed in place by `change`."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    change(parts)
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return target.getvalue()


def with_sheet(change: Callable[[bytes], bytes]) -> bytes:
    return edited(lambda parts: parts.__setitem__(SHEET, change(parts[SHEET])))


def sent_back(reading: Reading) -> str:
    """The reason for which the whole file goes back."""
    (one,) = reading.findings
    assert (reading.refused, reading.tables, one.rule, str(one.severity)) == (True, [], "N00", "退回")
    return one.message


def zipped(entries: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return target.getvalue()


def locked(password: str) -> bytes:
    target = io.BytesIO()
    OOXMLFile(io.BytesIO(SOUND)).encrypt(password, target)
    return target.getvalue()


def twice(name: str) -> bytes:
    target = io.BytesIO(SOUND)
    with zipfile.ZipFile(target, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr(name, b"<worksheet/>")
    return target.getvalue()


@pytest.mark.parametrize(("content", "word"), [
    (b"", "空"), (b"\x00" * 5000, "空"), (b"\n\n", "空"), (b"%PDF-1.7 ...", "PDF"), (b"Rar!\x1a\x07", "RAR"),
    (b"junk" * 100, "不是工作簿"), ("姓名\t身份证号码".encode("utf-16"), "不是工作簿"),
    (b"<html><table><tr><td>1</td></tr></table></html>", "不是工作簿"),
    (b"PK\x03\x04 not a workbook", "损坏"), (b"PK\x03\x04", "损坏"), (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 2000, "损坏"),
    (SOUND[: len(SOUND) // 2], "损坏"), (SOUND[:-30], "损坏"), (SOUND[:3], "不是工作簿"),
    (zipped({"a.txt": b"1"}), "不是工作簿"), (zipped({"练市镇.xlsx": SOUND}), "不是工作簿"), (zipped({}), "不是工作簿"),
    (zipped({"word/document.xml": b"<w/>", "[Content_Types].xml": b"<t/>"}), "不是工作簿"),
])
def test_what_is_no_workbook_goes_back_with_a_reason(content: bytes, word: str):
    assert word in sent_back(look_at(content))


@pytest.mark.parametrize("name", ["练市镇.xls", "练市镇.et", "练市镇", "练市镇.pdf", "练市镇.XLSX", "练市镇 .xlsx", "练市镇.csv"])
def test_a_workbook_is_known_by_its_content_and_not_by_its_name(name: str):
    assert column(look_at(SOUND, name), "name") == NAMES


@pytest.mark.parametrize("password", ["secret", "VelvetSweatshop"])
def test_a_password_is_told_with_the_way_to_remove_it(password: str):
    message = sent_back(look_at(locked(password)))
    assert "有密码" in message
    assert "取消" in message


@pytest.mark.parametrize("name", [SHEET, "xl/workbook.xml", "docProps/app.xml"])
def test_two_entries_of_one_name_send_the_file_back(name: str):
    assert "重名" in sent_back(look_at(twice(name)))


def test_a_flipped_byte_sends_the_file_back_or_changes_nothing():
    sound = look_at(SOUND)
    for at in range(60, len(SOUND), 211):
        flipped = bytearray(SOUND)
        flipped[at] ^= 0x55
        reading = look_at(bytes(flipped))
        assert reading.refused or reading.tables == sound.tables, at


def test_an_encrypted_entry_sends_the_file_back():
    content = bytearray(SOUND)
    for entry in re.finditer(b"PK\x01\x02", SOUND):
        content[entry.start() + 8] |= 1
    assert sent_back(look_at(bytes(content)))


def test_a_missing_part_sends_the_file_back():
    assert "缺失" in sent_back(look_at(edited(lambda parts: parts.pop(SHEET))))
    assert sent_back(look_at(edited(lambda parts: parts.pop("xl/workbook.xml"))))
    assert sent_back(look_at(edited(lambda parts: parts.pop("xl/_rels/workbook.xml.rels"))))


def test_a_sheet_that_ends_early_sends_the_file_back():
    assert sent_back(look_at(with_sheet(lambda xml: xml[: xml.index(b'<row r="3"')])))
    assert sent_back(look_at(with_sheet(lambda xml: xml[: xml.index(b'<row r="3"')] + b"</sheetData>")))
    assert sent_back(look_at(with_sheet(lambda xml: xml.replace(b"</row>", b"", 1))))


def test_shared_strings_that_end_early_send_the_file_back():
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target)
    cover, people = book.add_worksheet("封面"), book.add_worksheet("持证人员")
    for row, line in enumerate(COVER.items()):
        cover.write_row(row, 0, line)
    for row, cells in enumerate([HOLDER, *PEOPLE]):
        people.write_row(row, 0, cells)
    book.close()
    name = "xl/sharedStrings.xml"
    assert column(look_at(target.getvalue()), "name") == NAMES
    assert sent_back(look_at(edited(lambda parts: parts.__setitem__(name, parts[name][:-40]), target.getvalue())))
    assert sent_back(look_at(edited(lambda parts: parts.pop(name), target.getvalue())))


def test_rows_given_twice_or_out_of_order_send_the_file_back():
    again = with_sheet(lambda xml: xml.replace(b'<row r="3"', b'<row r="2"', 1))
    assert "次序" in sent_back(look_at(again))
    assert "次序" in sent_back(look_at(with_sheet(lambda xml: xml.replace(b'<row r="2"', b'<row r="9"', 1))))


def test_a_sheet_that_points_outside_the_workbook_sends_the_file_back():
    def outside(parts: dict[str, bytes]) -> None:
        name = "xl/_rels/workbook.xml.rels"
        parts[name] = parts[name].replace(b"/xl/worksheets/sheet2.xml", b"../../../etc/passwd")

    assert sent_back(look_at(edited(outside)))


def test_a_part_with_a_name_that_leads_out_creates_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    inner = tmp_path / "inner"
    inner.mkdir()
    monkeypatch.chdir(inner)
    content = edited(lambda parts: parts.__setitem__("../../evil.txt", b"x"))
    look_at(content)
    assert [path.name for path in tmp_path.rglob("*")] == ["inner"]


@pytest.mark.parametrize("address", ["XFD1048576", "ZZ1048576", "A1048576", "XFD3", "ZZZZZZZZ5", "IV1000000"])
def test_a_stray_cell_in_a_far_corner_ends_soon(address: str):
    stray = f'<row r="{address.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")}"><c r="{address}"><v>1</v></c></row></sheetData>'.encode()
    started = time.monotonic()
    reading = look_at(with_sheet(lambda xml: xml.replace(b"</sheetData>", stray)))
    assert time.monotonic() - started < 10
    assert reading.refused or column(reading, "name")[:3] == NAMES


def test_styled_blank_cells_in_far_places_are_nothing():
    blank = b'<row r="1048576"><c r="A1048576" s="1"/><c r="XFD1048576" s="1"/></row></sheetData>'
    assert column(look_at(with_sheet(lambda xml: xml.replace(b"</sheetData>", blank))), "name") == NAMES


def test_a_merge_over_the_whole_sheet_ends():
    merge = b'</sheetData><mergeCells count="1"><mergeCell ref="A6:XFD1048576"/></mergeCells>'
    assert column(look_at(with_sheet(lambda xml: xml.replace(b"</sheetData>", merge))), "name") == NAMES


def test_a_bomb_is_returned_within_seconds():
    started = time.monotonic()
    rows = b'<row r="9"><c r="A9" t="inlineStr"><is><t>' + b"0" * (400 << 20) + b"</t></is></c></row></sheetData>"
    assert "MB" in sent_back(look_at(with_sheet(lambda xml: xml.replace(b"</sheetData>", rows))))
    assert time.monotonic() - started < 15


def test_entities_that_multiply_are_returned():
    bomb = (b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "' + b"x" * 1000 + b'"><!ENTITY c "'
            + b"&b;" * 1000 + b'"><!ENTITY d "' + b"&c;" * 1000 + b'">]>')
    assert sent_back(look_at(with_sheet(lambda xml: bomb + xml.replace(b"<sheetData>", b"<sheetData>&d;"))))


def test_deeply_nested_elements_are_returned_or_read():
    nest = b"<a>" * 200_000 + b"</a>" * 200_000
    reading = look_at(with_sheet(lambda xml: xml.replace(b"</sheetData>", b"</sheetData>" + nest)))
    assert reading.refused or column(reading, "name") == NAMES


def test_many_sheets_are_returned_with_the_limit():
    book = paper({f"表{at}": [["x"]] for at in range(210)} | {"持证人员": [HOLDER, *PEOPLE]})
    assert "200" in sent_back(look_at(book))


def test_two_sheets_whose_names_differ_in_case_are_both_read():
    def same(parts: dict[str, bytes]) -> None:
        parts["xl/workbook.xml"] = parts["xl/workbook.xml"].replace('name="乙"'.encode(), b'name="A"')

    book = edited(same, paper({"a": [HOLDER, holder(1)], "乙": [HOLDER, holder(2)]}))
    assert column(look_at(book), "name") == ["甲1", "甲2"]


def test_two_sheets_of_the_very_same_name_are_returned_or_both_read():
    def same(parts: dict[str, bytes]) -> None:
        parts["xl/workbook.xml"] = parts["xl/workbook.xml"].replace('name="乙"'.encode(), b'name="a"')

    reading = look_at(edited(same, paper({"a": [HOLDER, holder(1)], "乙": [HOLDER, holder(2)]})))
    assert reading.refused or column(reading, "name") == ["甲1", "甲2"]


def test_strict_ooxml_is_read():
    def strict(parts: dict[str, bytes]) -> None:
        for name, part in parts.items():
            parts[name] = part.replace(
                b"http://schemas.openxmlformats.org/spreadsheetml/2006/main", b"http://purl.oclc.org/ooxml/spreadsheetml/main"
            ).replace(b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
                      b"http://purl.oclc.org/ooxml/officeDocument/relationships")

    assert column(look_at(edited(strict)), "name") == NAMES


def prefixed(parts: dict[str, bytes]) -> None:
    xml = re.sub(rb"<(/?)(\w)", rb"<\1x:\2", parts[SHEET])
    parts[SHEET] = xml.replace(b"xmlns=", b"xmlns:x=")


def without_addresses(parts: dict[str, bytes]) -> None:
    parts[SHEET] = re.sub(rb' r="[A-Z]*\d+"', b"", parts[SHEET])


def in_utf_16(parts: dict[str, bytes]) -> None:
    text = parts[SHEET].decode().replace('encoding="UTF-8"', 'encoding="UTF-16"')
    declared = text if text.startswith("<?xml") else '<?xml version="1.0" encoding="UTF-16"?>' + text
    parts[SHEET] = declared.encode("utf-16")


@pytest.mark.parametrize("change", [prefixed, without_addresses, in_utf_16])
def test_unusual_but_sound_xml_is_read_or_returned(change: Callable[[dict[str, bytes]], None]):
    reading = look_at(edited(change))
    assert reading.refused or column(reading, "name") == NAMES


def test_prefixed_xml_is_read():
    assert column(look_at(edited(prefixed)), "name") == NAMES


def test_rich_text_and_pinyin_guides_are_read():
    rich = ('t="inlineStr"><is><r><t>甲</t></r><r><rPr><b/></rPr><t>1</t></r><rPh sb="0" eb="1"><t>jia</t></rPh></is></c>')
    content = with_sheet(lambda xml: re.sub(rb'(<c r="A2"[^>]*?) ?t="\w+"[^>]*>.*?</c>', rb"\1 " + rich.encode(), xml, count=1))
    assert column(look_at(content), "name") == NAMES


def test_a_number_that_is_none_is_never_a_number():
    survey = paper({"单位摸底": [["单位名称", "单位类型", "从业人员数", "摸底日期"], ["甲", "工矿企业", 1, "2020-01-01"]]})
    for value in (b"NaN", b"inf", b"-1", b"1e400"):
        content = edited(lambda parts, v=value: parts.__setitem__(SHEET, parts[SHEET].replace(b"<v>1</v>", b"<v>" + v + b"</v>")),
                         survey)
        reading = look_at(content)
        assert reading.refused or found(reading) == [("N08", "退回", "C2")], value


def test_an_odd_formula_error_fails_no_more_than_its_row():
    content = with_sheet(lambda xml: re.sub(rb'<c r="A3"[^>]*>.*?</c>', b'<c r="A3" t="e"><v>#SPILL!</v></c>', xml, count=1))
    reading = look_at(content)
    assert column(reading, "name") == ["甲1", None, "甲3"]
    assert found(reading) == [("N01", "退回", "A3")]


def csv_of(encoding: str, rows: list[list[str]] | None = None) -> bytes:
    lines = rows or [HOLDER, *([str(cell) for cell in person] for person in PEOPLE)]
    return "\r\n".join(",".join(cells) for cells in lines).encode(encoding)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_csv_is_read_in_the_encodings_of_the_office(encoding: str):
    reading = look_at(csv_of(encoding), "sub/练市镇_2020-08_持证人员.csv")
    assert (reading.cover.unit, str(reading.cover.month)) == ("练市镇", "2020-08")
    assert column(reading, "name") == NAMES
    assert column(reading, "id_number") == [id_number(serial) for serial in (1, 2, 3)]
    assert not found(reading)


@pytest.mark.parametrize(("name", "word"), [
    ("持证人员.csv", "命名"), ("某某镇_2020-08_持证人员.csv", "某某镇"), ("练市镇_2020-13_持证人员.csv", "2020-13"),
    ("练市镇_2020-08_会议.csv", "会议"), ("练市镇_2020-11_持证人员.csv", "晚于"), ("练市镇-2020-08-持证人员.csv", "命名"),
])
def test_a_csv_with_another_name_goes_back(name: str, word: str):
    message = sent_back(look_at(csv_of("utf-8"), name))
    assert word in message
    assert "封面的" not in message


@pytest.mark.parametrize("content", [
    b"\xff\xfe\x00\x01\xff\xff", b'"' + b"x" * 200_000 + b'"', b"\x80\x81\xff\xfe,1", b"a,b\x00,c", b'"open, never closed'])
def test_a_broken_csv_goes_back(content: bytes):
    assert sent_back(look_at(content, "练市镇_2020-08_持证人员.csv"))


def test_a_day_that_lies_ahead_is_returned_in_a_csv_too():
    rows = [HOLDER, [str(cell) for cell in holder(发证日期="2020-10-09")]]
    assert found(look_at(csv_of("utf-8", rows), "练市镇_2020-08_持证人员.csv")) == [("N07", "退回", "G2")]


@needs_office
@pytest.mark.parametrize("extension", ["xls", "ods"])
def test_old_and_open_formats_come_through_exactly(tmp_path: Path, extension: str):
    source = tmp_path / "练市镇.xlsx"
    source.write_bytes(paper({"持证人员": [HOLDER, *PEOPLE, holder(4, 姓名="孙  晖", 发证日期=date(2020, 3, 15))]}))
    subprocess.run(["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", extension,
                    "--outdir", str(tmp_path), str(source)], check=True, capture_output=True, timeout=180)
    reading = look_at((tmp_path / f"练市镇.{extension}").read_bytes(), f"练市镇.{extension}")
    assert column(reading, "name") == [*NAMES, "孙晖"]
    assert column(reading, "issued_on") == ["2020-03-15"] * 4
    assert column(reading, "id_number") == [id_number(serial) for serial in range(1, 5)]
    assert not found(reading)


@pytest.mark.filterwarnings("ignore:Title is more than 31 characters")
def test_a_sheet_with_a_name_that_no_database_can_keep_goes_back():
    rows = [HOLDER, *PEOPLE]
    assert column(look_at(paper({"持证人员" * 63: rows})), "name") == NAMES
    assert "工作表名超过 255 个字" in sent_back(look_at(paper({"持证人员" * 64: rows})))


def test_macros_and_links_to_other_files_are_never_followed_but_told():
    content = edited(lambda parts: parts.update({"xl/externalLinks/externalLink1.xml": b"<externalLink/>"}))
    reading = look_at(content)
    assert column(reading, "name") == NAMES
    assert [(one.rule, str(one.severity)) for one in reading.findings] == [("N11", "提示")]


def test_the_cover_is_taken_from_the_sound_workbook():
    assert look_at(SOUND).cover.unit == COVER["填报单位"]
