"""Odd, broken and dangerous XML inside a workbook's parts: read or returned, soon, and never half read."""

from __future__ import annotations

import io
import re
import time
from collections.abc import Callable

import pytest
import xlsxwriter

from tests.support.papers import COVER, HOLDER, column, found, holder, look_at, paper
from tests.support.wrappings import NAMES, PEOPLE, SHEET, edited, sent_back, with_sheet


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
