"""What arrives in a wrong or broken wrapping: read or returned, never a crash and never half read."""

from __future__ import annotations

import io
import re
import subprocess
import zipfile
from datetime import date
from pathlib import Path

import pytest
from msoffcrypto.format.ooxml import OOXMLFile

from tests.support.desk import id_number
from tests.support.libreoffice import needs_libreoffice
from tests.support.papers import COVER, HOLDER, column, found, holder, look_at, paper
from tests.support.wrappings import NAMES, PEOPLE, SHEET, SOUND, edited, sent_back


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


def test_many_sheets_are_returned_with_the_limit():
    book = paper({f"表{at}": [["x"]] for at in range(210)} | {"持证人员": [HOLDER, *PEOPLE]})
    assert "200" in sent_back(look_at(book))


@needs_libreoffice
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
