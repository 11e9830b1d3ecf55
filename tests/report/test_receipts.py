"""Receipts: the unit's own workbook back, marked where something is wrong, unharmed and harmless."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pytest
from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Font, PatternFill
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.formula import ArrayFormula
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.findings import Severity
from pipeline.intake import read
from pipeline.report.receipts import receipt
from tests.support.desk import CONFIG, holder, id_number
from tests.support.libreoffice import convert, needs_libreoffice
from tests.support.returned import SHEET, fault, opened, papers, receipt_of, submission
from tests.support.workbooks import workbook

RED, YELLOW = "F4B6B6", "FFF2B3"
TODAY = date(2020, 9, 5)


def saved(book: Workbook) -> bytes:
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def own_workbook(touch: Callable[[Worksheet], object] = lambda page: None) -> bytes:
    book = Workbook()
    page = book.worksheets[0]
    page.title = SHEET
    page.append(["姓名", "身份证号码", "级别"])
    page.append(["甲一", id_number(1), "中级"])
    page.append(["甲二", "123", "大级"])
    page["A2"].font = Font(bold=True, name="楷体")
    page["C3"].comment = Comment("单位自己的批注", "镇里")
    page["E2"] = "=SUM(1,2)"
    page.column_dimensions["B"].width = 33
    page.merge_cells("A5:A6")
    touch(page)
    return saved(book)


def colour(page: Worksheet, address: str) -> str | None:
    fill = page[address].fill
    return fill.fgColor.rgb[-6:] if fill.fill_type else None


def replaced(content: bytes, *pairs: tuple[bytes, bytes], more: dict[str, bytes] | None = None) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            for before, after in pairs:
                part = part.replace(before, after)
            new.writestr(name, part)
        for name, part in (more or {}).items():
            new.writestr(name, part)
    return target.getvalue()


# ------------------------------------------------------------------------------------------------ marks

def test_faulty_cells_are_filled_and_commented_and_the_rest_stays_as_it_was():
    book = receipt_of(own_workbook(), fault("B3", "N02"), fault("B3", "N05", Severity.REVIEW))
    assert book.sheetnames == ["回执", SHEET]
    page = book[SHEET]
    assert "【退回】N02" in page["B3"].comment.text
    assert "【复核】N05" in page["B3"].comment.text
    assert colour(page, "B3") == RED
    assert (page["A2"].font.bold, page["A2"].font.name, page.column_dimensions["B"].width) == (True, "楷体", 33)
    assert "A5:A6" in {str(area) for area in page.merged_cells.ranges}
    assert (colour(page, "B2"), page["B2"].value, page["E2"].value) == (None, id_number(1), "=SUM(1,2)")


def test_what_goes_back_and_what_must_be_looked_at_are_told_apart_by_colour_and_word():
    page = receipt_of(own_workbook(), fault("B3"), fault("C2", "N05", Severity.REVIEW))[SHEET]
    assert (colour(page, "B3"), colour(page, "C2")) == (RED, YELLOW)
    assert "【复核】" in page["C2"].comment.text


def test_a_note_marks_nothing():
    page = receipt_of(own_workbook(), fault("B3", "N10", Severity.NOTE))[SHEET]
    assert (colour(page, "B3"), page["B3"].comment) == (None, None)


def test_a_finding_about_a_row_marks_its_first_cell():
    page = receipt_of(own_workbook(), fault(None, "R5", row=3))[SHEET]
    assert (colour(page, "A3"), "R5" in page["A3"].comment.text) == (RED, True)


def test_a_finding_inside_a_merged_range_marks_the_cell_that_shows():
    page = receipt_of(own_workbook(), fault("A6", "N01"), fault("A5", "N02"))[SHEET]
    assert colour(page, "A5") == RED
    assert all(rule in page["A5"].comment.text for rule in ("N01", "N02"))


def test_a_finding_on_a_sheet_that_is_not_there_stands_in_the_summary_alone():
    book = receipt_of(own_workbook(), fault("B3", sheet="别的表"))
    assert colour(book[SHEET], "B3") is None
    assert [cell.hyperlink for row in book["回执"].iter_rows() for cell in row if cell.hyperlink] == []


def test_the_unit_s_own_comment_is_kept_beside_ours():
    comment = receipt_of(own_workbook(), fault("C3", "N08"))[SHEET]["C3"].comment
    assert (comment.text.startswith("单位自己的批注"), "N08" in comment.text, comment.author) == (True, True, "镇里")


def test_a_protected_sheet_stays_protected_as_it_was():
    def protect(page: Worksheet) -> None:
        page.protection.sheet = True
    assert receipt_of(own_workbook(protect), fault("B3"))[SHEET].protection.sheet is True


# -------------------------------------------------------------------------------- marks of earlier receipts

def test_marks_of_an_earlier_receipt_are_gone_from_the_next_one():
    first = receipt(own_workbook(), papers([fault("B3"), fault("C3", "N08"), fault("A2", "N05", Severity.REVIEW)]), CONFIG)
    again = opened(receipt(first, papers([fault("A3", "N05", Severity.REVIEW)]), CONFIG))
    page = again[SHEET]
    assert again.sheetnames == ["回执", SHEET]
    for address in ("A2", "B3"):
        assert (page[address].comment, colour(page, address)) == (None, None)
    assert page["C3"].comment.text == "单位自己的批注"
    assert "N05" in page["A3"].comment.text


def test_marks_are_known_however_an_office_program_saved_them_and_in_copied_cells():
    first = opened(receipt(own_workbook(), papers([fault("B3")]), CONFIG))
    first[SHEET]["B3"].fill = PatternFill("solid", fgColor=f"FF{RED}")
    first[SHEET]["B9"].fill = PatternFill("solid", fgColor=f"FF{RED}")
    first[SHEET]["C9"].fill = PatternFill("solid", fgColor="FF00FF00")
    page = receipt_of(saved(first), fault("A3"))[SHEET]
    assert [colour(page, address) for address in ("B3", "B9", "C9", "A3")] == [None, None, "00FF00", RED]


@needs_libreoffice
def test_marks_are_known_after_another_office_program_has_saved_the_receipt(tmp_path: Path):
    (tmp_path / "receipt.xlsx").write_bytes(receipt(own_workbook(), papers([fault("B3"), fault("C3", "N08")]), CONFIG))
    path = convert(convert(tmp_path / "receipt.xlsx", "ods", tmp_path), "xlsx", tmp_path)
    page = receipt_of(path.read_bytes(), fault("A3"))[SHEET]
    assert [colour(page, address) for address in ("B3", "C3", "A3")] == [None, None, RED]
    assert (page["B3"].comment, page["C3"].comment.text) == (None, "单位自己的批注")


def test_a_receipt_sent_back_as_it_is_reads_as_the_original_did():
    original = workbook("练市镇", "2020-08", {"certificates": [holder(1), holder(2, level="大级"), holder(3, id_number=None)]})
    before = read(original, "练市镇.xlsx", TODAY, CONFIG)
    marked = receipt(original, papers(before.findings), CONFIG)
    after = read(marked, "练市镇.xlsx", TODAY, CONFIG)
    assert (len(before.findings), after.findings, after.tables) == (2, before.findings, before.tables)


# ---------------------------------------------------------------------------- what is not handed on

def reaching_out(page: Worksheet) -> None:
    page["F1"] = '=HYPERLINK("http://example.invalid")'
    page["F2"] = "=cmd|'/c calc'!A1"
    page["F3"] = ArrayFormula("F3:F4", "=[1]Sheet1!A1:A2")
    page["F6"] = "=A1"
    page["G1"] = "看这里"
    page["G1"].hyperlink = "http://example.invalid/"
    for area, formula in (("H1:H9", "[1]Sheet1!$A$1:$A$9"), ("I1:I9", '"甲,乙"')):
        choices = DataValidation(type="list", formula1=formula)
        choices.add(area)
        page.add_data_validation(choices)
    page.conditional_formatting.add("H1:H9", FormulaRule(["[1]Sheet1!$A$1>0"], fill=PatternFill("solid", "FFFF00")))
    page.parent.defined_names["外部"] = DefinedName("外部", attr_text="[1]Sheet1!$A$1")
    page.parent.defined_names["本表"] = DefinedName("本表", attr_text=f"{SHEET}!$A$1")


def test_what_reaches_out_becomes_text_or_goes_and_the_unit_s_own_formulas_stay():
    book = receipt_of(own_workbook(reaching_out), fault("B3"))
    page = book[SHEET]
    assert [page[address].data_type for address in ("E2", "F1", "F2", "F3", "F6")] == ["f", "s", "s", "s", "f"]
    assert page["F3"].value == "=[1]Sheet1!A1:A2"
    assert (page["G1"].value, page["G1"].hyperlink) == ("看这里", None)
    assert [str(one.sqref) for one in page.data_validations.dataValidation] == ["I1:I9"]
    assert (list(book.defined_names), list(page.conditional_formatting)) == (["本表"], [])


def test_macros_outside_links_and_data_connections_are_not_copied_on():
    original = replaced(
        own_workbook(reaching_out), (b"spreadsheetml.sheet.main+xml", b"spreadsheetml.sheet.macroEnabled.main+xml"),
        (b"vnd.openxmlformats-officedocument.spreadsheetml.sheet.macro", b"vnd.ms-excel.sheet.macro"),
        more={"xl/vbaProject.bin": b"macro", "xl/connections.xml": b"<connections/>",
              "xl/externalLinks/externalLink1.xml": b"<externalLink/>"})
    with zipfile.ZipFile(io.BytesIO(receipt(original, papers([fault("B3")]), CONFIG))) as archive:
        parts = archive.namelist()
        assert not [name for name in parts if "vba" in name or "connections" in name or "externalLink" in name]
        assert not [name for name in parts if b'TargetMode="External"' in archive.read(name)]
        assert b"macroEnabled" not in archive.read("[Content_Types].xml")


# --------------------------------------------------------------------------- other formats, odd files

def test_a_csv_comes_back_as_a_workbook_with_the_same_addresses_marked():
    book = receipt_of("姓名,级别\n甲一,=1+1\n\x07乙,大级\n".encode("gb18030"), fault("B3", "N08"))
    page = book[SHEET]
    assert [page[address].value for address in ("A2", "B2", "A3", "B3")] == ["甲一", "=1+1", "乙", "大级"]
    assert (page["B2"].data_type, colour(page, "B3")) == ("s", RED)


@needs_libreoffice
@pytest.mark.parametrize("extension", ["xls", "ods"])
def test_an_old_or_foreign_format_is_rebuilt_so_that_it_reads_as_the_original_does(extension: str, tmp_path: Path):
    book = opened(workbook("练市镇", "2020-08", {"certificates": [
        holder(1, employer="=1+1"), holder(2, employer=None), holder(3, level="大级")]}))
    page = book[SHEET]
    page["D2"].data_type = "s"
    page.merge_cells("D2:D3")
    path = tmp_path / "own.xlsx"
    path.write_bytes(saved(book))
    original = convert(path, extension, tmp_path).read_bytes()
    before = read(original, "练市镇", TODAY, CONFIG)
    marked = receipt(original, papers(before.findings), CONFIG)
    after = read(marked, "练市镇.xlsx", TODAY, CONFIG)
    assert "F4" in {found.cell for found in before.findings}
    assert (after.tables, after.findings) == (before.tables, before.findings)
    again = opened(marked)[SHEET]
    assert (again["D2"].value, again["D2"].data_type, colour(again, "F4")) == ("=1+1", "s", RED)
    assert (again["I2"].value, again["I2"].is_date) == (datetime(2020, 3, 15), True)


def test_strict_workbooks_which_openpyxl_reads_as_empty_are_rebuilt():
    old, new = b"http://schemas.openxmlformats.org/", b"http://purl.oclc.org/ooxml/"
    strict = replaced(
        own_workbook(), (old + b"spreadsheetml/2006/main", new + b"spreadsheetml/main"),
        (old + b"officeDocument/2006/relationships", new + b"officeDocument/relationships"))
    page = receipt_of(strict, fault("C3"))[SHEET]
    assert (page["A2"].value, colour(page, "C3")) == ("甲一", RED)


def test_a_stray_cell_far_away_does_not_make_all_the_cells_between():
    page = receipt_of(own_workbook(lambda page: page.cell(1_048_576, 400, "远")), fault("B3"))[SHEET]
    assert (page["OJ1048576"].value, colour(page, "B3")) == ("远", RED)


def test_a_merge_over_the_whole_sheet_does_not_make_all_its_cells():
    huge = replaced(own_workbook(), (b'ref="A5:A6"', b'ref="A5:XFD1048576"'))
    page = receipt_of(huge, fault("B3"))[SHEET]
    assert (page["A2"].value, colour(page, "B3")) == ("甲一", RED)


def test_a_file_that_was_refused_or_cannot_be_opened_gets_the_summary_alone():
    told = fault(None, "N00", message="文件有密码", sheet=None)
    book = opened(receipt(own_workbook(), papers([told], submission(refused=True)), CONFIG))
    assert book.sheetnames == ["回执"]
    assert receipt_of(b"\xff\xfe\x00 not a workbook", told).sheetnames == ["回执"]


# ---------------------------------------------------------------------------------------- same bytes

def test_the_same_papers_give_the_same_bytes_with_the_day_of_arrival_as_their_day():
    given = papers([fault("B3"), fault("C3", "N05", Severity.REVIEW)])
    content = receipt(own_workbook(), given, CONFIG)
    assert content == receipt(own_workbook(), given, CONFIG)
    properties = opened(content).properties
    assert properties.modified == properties.created == datetime(2020, 9, 5)
