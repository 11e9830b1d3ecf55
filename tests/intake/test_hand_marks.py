"""A correction in a comment, a name struck through, a red fill: the row is read as it stands, and somebody is told."""

from __future__ import annotations

import io
import time
from collections.abc import Callable

import pytest
import xlsxwriter
from openpyxl import Workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill
from openpyxl.styles.colors import Color
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.findings import Severity
from pipeline.reading import Reading
from pipeline.report.receipts import receipt
from tests.support.desk import CONFIG
from tests.support.papers import AWARD, COVER, HOLDER, award, column, found, holder, holders, look_at, paper
from tests.support.returned import fault, papers, submission

ROWS = [HOLDER, holder(1), holder(2), holder(3)]


def marked(touch: Callable[[Worksheet], object]) -> Reading:
    return holders(ROWS, lambda made: touch(made["持证人员"]))


def told(reading: Reading) -> list[tuple[str, str | None]]:
    """(message, first cell) of the notes; all the rows were read."""
    assert column(reading, "name") == ["甲1", "甲2", "甲3"]
    assert {(one.rule, one.severity, one.sheet, one.row) for one in reading.findings} <= {
        ("N11", Severity.NOTE, "持证人员", None)}
    return [(one.message, one.cell) for one in reading.findings]


def strike(page: Worksheet, *addresses: str) -> None:
    for address in addresses:
        page[address].font = Font(strike=True)


def fill(page: Worksheet, address: str, colour: str | Color, kind: str = "solid") -> None:
    page[address].fill = PatternFill(kind, fgColor=colour)


def test_a_correction_in_a_comment_is_told_with_its_cell():
    def comment(page: Worksheet) -> None:
        page["A3"].comment = Comment("应为李四", "镇里")
        page["J2"].comment = Comment("见附件", "镇里")

    assert told(marked(comment)) == [("J2、A3有批注，批注没有读；如批注里是更正，请直接改在单元格里再报", "J2")]


def test_a_struck_through_name_or_row_is_told():
    assert told(marked(lambda page: strike(page, "A3"))) == [("A3有删除线，已照常读取；如已作废，请删去这些内容再报", "A3")]
    ((message, cell),) = told(marked(lambda page: strike(page, *(f"{letter}2" for letter in "ABCDEFGH"))))
    assert (cell, message.startswith("A2、B2、C2、D2、E2、F2、G2、H2有删除线")) == ("A2", True)


def test_a_name_of_which_a_part_is_struck_through_is_told():
    def half(page: Worksheet) -> None:
        page["A2"] = CellRichText(TextBlock(InlineFont(strike=True), "甲"), TextBlock(InlineFont(), "1"))

    assert [cell for _, cell in told(marked(half))] == ["A2"]


def test_a_struck_through_part_of_a_shared_text_is_told():
    target = io.BytesIO()
    made = xlsxwriter.Workbook(target)
    struck = made.add_format({"font_strikeout": True})
    front, page = made.add_worksheet("封面"), made.add_worksheet("持证人员")
    for row, line in enumerate(COVER.items()):
        front.write_row(row, 0, line)
    for row, cells in enumerate(ROWS):
        page.write_row(row, 0, cells)
    page.write_rich_string("A4", struck, "甲", "3")
    made.close()
    assert [cell for _, cell in told(look_at(target.getvalue()))] == ["A4"]


@pytest.mark.parametrize("colour", ["FF0000", "FFC00000", "E60012", Color(indexed=10)])
def test_a_red_fill_is_told(colour: str | Color):
    assert told(marked(lambda page: fill(page, "B4", colour))) == [("B4标了红色，已照常读取；请核对是否有要更正的内容", "B4")]


@pytest.mark.parametrize("colour", ["FFF4B6B6", "FFFFF2B3", "FF00B050", "FFFFFF00", "FFFFFFFF", Color(indexed=3), Color(theme=5)])
def test_other_fills_are_nobody_s_business(colour: str | Color):
    assert told(marked(lambda page: fill(page, "B4", colour))) == []


def test_marks_outside_the_data_rows_and_on_blank_cells_are_not_told():
    def decorate(page: Worksheet) -> None:
        strike(page, "A1", "A9")
        fill(page, "B1", "FF0000")
        fill(page, "J2", "FF0000")
        fill(page, "B2", "FF0000", "lightGray")
        page["C1"].comment = Comment("填全称", "区里")
        page["A3"].comment = Comment("  ", "镇里")
        page["A7"], page["A7"].font = "填表人：张某", Font(strike=True)

    assert told(marked(decorate)) == []


def test_a_strike_that_is_switched_off_is_none():
    assert told(marked(lambda page: setattr(page["A2"], "font", Font(strike=False)))) == []


def test_each_kind_of_mark_is_told_once_for_each_sheet():
    def decorate(made: Workbook) -> None:
        for page, letter in ((made["持证人员"], "A"), (made["证书奖励申请"], "B")):
            strike(page, f"{letter}2", f"{letter}3")
            fill(page, f"{letter}2", "FF0000")
            page[f"{letter}2"].comment = Comment("?", "镇里")

    reading = look_at(paper({"持证人员": ROWS, "证书奖励申请": [AWARD, award(1), award(2)]}, touch=decorate))
    assert [(one.sheet, one.cell) for one in reading.findings] == [("持证人员", "A2")] * 3 + [("证书奖励申请", "B2")] * 3


def test_many_cells_are_counted_and_the_first_of_them_named():
    rows = [HOLDER, *(holder(serial) for serial in range(1, 31))]
    reading = holders(rows, lambda made: strike(made["持证人员"], *(f"A{row}" for row in range(2, 32))))
    (one,) = reading.findings
    assert "A2、A3" in one.message
    assert "A11 等 30 个单元格有删除线" in one.message
    assert "A12" not in one.message


def test_the_marks_of_a_receipt_are_not_taken_for_the_unit_s():
    original = paper({"持证人员": ROWS})
    findings = [fault("A2", "N05", Severity.REVIEW), fault("B3"), fault("C4", "N08")]
    assert told(look_at(receipt(original, papers(findings, submission()), CONFIG))) == []


def test_a_unit_s_own_comment_is_told_also_when_it_comes_back_in_a_receipt():
    def comment(made: Workbook) -> None:
        made["持证人员"]["A2"].comment = Comment("应为李四", "镇里")

    back = receipt(paper({"持证人员": ROWS}, touch=comment), papers([fault("A2"), fault("B3")], submission()), CONFIG)
    assert [cell for _, cell in told(look_at(back))] == ["A2"]


def test_a_workbook_of_many_marked_cells_is_read_within_seconds():
    rows = [HOLDER, *(holder(serial) for serial in range(1, 900))]

    def decorate(made: Workbook) -> None:
        for row in made["持证人员"].iter_rows(min_row=2, max_row=2000, max_col=20):
            for cell in row:
                cell.font, cell.fill = Font(strike=True), PatternFill("solid", fgColor="FF0000")

    content = paper({"持证人员": rows}, touch=decorate)
    started = time.monotonic()
    assert len(found(look_at(content))) == 2
    assert time.monotonic() - started < 5
