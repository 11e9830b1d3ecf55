"""Receipts: the unit's own workbook back, marked where something is wrong."""

from __future__ import annotations

import io
from datetime import date, datetime

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment
from openpyxl.styles import Font

from pipeline.calendar import Month
from pipeline.findings import Finding, Severity
from pipeline.reading import Change, Submission
from pipeline.report.receipt_summary import Papers, SheetOutcome
from pipeline.report.receipts import receipt
from tests.support.desk import CONFIG, id_number

HOSTILE = ["=1+1", "=cmd|'/c calc'!A1", "+1", "@SUM(A1)", "\x07bell", "\ud800", "x" * 40_000]


def own_workbook() -> bytes:
    book = Workbook()
    page = book.worksheets[0]
    page.title = "持证人员"
    page.append(["姓名", "身份证号码", "级别"])
    page.append(["甲一", id_number(1), "中级"])
    page.append(["甲二", "123", "大级"])
    page["A2"].font = Font(bold=True, name="楷体")
    page["C3"].comment = Comment("单位自己的批注", "镇里")
    page["E2"] = "=SUM(1,2)"
    page["F2"] = '=HYPERLINK("http://example.invalid")'
    page.column_dimensions["B"].width = 33
    page.merge_cells("A5:A6")
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def papers(findings: list[Finding], refused: bool = False, source: str = "练市镇.xlsx") -> Papers:
    submission = Submission(7, 1, date(2020, 9, 5), source, "ab" * 32, "000007", "练市镇", Month(2020, 8),
                            date(2020, 9, 4), False, refused)
    outcomes = [] if refused else [SheetOutcome("持证人员", 2, 1, 1, 0, 0)]
    return Papers(submission, outcomes, findings, [], [Change("持证人员", "A2", "甲 一", "甲一")])


def fault(cell: str | None, rule: str, severity: Severity = Severity.RETURNED, message: str = "请改正") -> Finding:
    row = int(cell[1:]) if cell else None
    return Finding(7, rule, severity, message, "certificates", "持证人员" if cell else None, row, cell)


def opened(content: bytes) -> Workbook:
    return load_workbook(io.BytesIO(content))


def test_faulty_cells_are_filled_and_commented_and_the_rest_stays_as_it_was():
    book = opened(receipt(own_workbook(), papers([fault("B3", "N02"), fault("B3", "N05", Severity.REVIEW)]), CONFIG))
    assert book.sheetnames == ["回执", "持证人员"]
    page = book["持证人员"]
    assert "【退回】N02" in page["B3"].comment.text
    assert "【复核】N05" in page["B3"].comment.text
    assert page["B3"].fill.fgColor.rgb == "00F4B6B6"
    assert (page["A2"].font.bold, page["A2"].font.name, page.column_dimensions["B"].width) == (True, "楷体", 33)
    assert page["B2"].fill.fill_type is None


def test_the_unit_s_own_comment_is_kept_beside_ours():
    page = opened(receipt(own_workbook(), papers([fault("C3", "N08")]), CONFIG))["持证人员"]
    assert page["C3"].comment.text.startswith("单位自己的批注")
    assert "N08" in page["C3"].comment.text


def test_marks_of_an_earlier_receipt_are_gone_from_the_next_one():
    first = receipt(own_workbook(), papers([fault("B3", "N02"), fault("C3", "N08")]), CONFIG)
    again = opened(receipt(first, papers([fault("A3", "N05", Severity.REVIEW)]), CONFIG))
    page = again["持证人员"]
    assert again.sheetnames == ["回执", "持证人员"]
    assert page["B3"].comment is None
    assert page["B3"].fill.fill_type is None
    assert page["C3"].comment.text == "单位自己的批注"
    assert "N05" in page["A3"].comment.text


def test_the_summary_says_what_was_taken_what_went_back_and_where():
    page = opened(receipt(own_workbook(), papers([fault("B3", "N02"), fault("B4", "N02")]), CONFIG))["回执"]
    texts = [str(cell.value) for row in page.iter_rows() for cell in row if cell.value is not None]
    for expected in ("收件号 000007", "B3、B4", "退回 1 行", "ab" * 32):
        assert any(expected in text for text in texts), expected
    links = [cell.hyperlink.location for row in page.iter_rows() for cell in row if cell.hyperlink]
    assert links == ["'持证人员'!B3"]


def test_a_refused_file_gets_the_summary_alone():
    book = opened(receipt(b"not a workbook", papers([fault(None, "N00", message="文件有密码")], refused=True), CONFIG))
    assert book.sheetnames == ["回执"]


def test_formulas_that_reach_out_are_texts_and_the_unit_s_own_sums_stay():
    page = opened(receipt(own_workbook(), papers([fault("B3", "N02")]), CONFIG))["持证人员"]
    assert (page["E2"].value, page["E2"].data_type) == ("=SUM(1,2)", "f")
    assert (page["F2"].data_type, page["F2"].hyperlink) == ("s", None)


@pytest.mark.parametrize("text", HOSTILE)
def test_no_hostile_text_becomes_a_formula_or_breaks_the_receipt(text: str):
    content = receipt(own_workbook(), papers([fault("B3", "N02", message=text)], source=text), CONFIG)
    cells = [cell for row in opened(content)["回执"].iter_rows() for cell in row]
    assert not any(cell.data_type == "f" for cell in cells)


def test_a_csv_comes_back_as_a_workbook_with_the_same_addresses():
    page = opened(receipt("姓名,级别\n甲一,=1+1\n".encode("gb18030"), papers([]), CONFIG)).worksheets[1]
    assert (page["A2"].value, page["B2"].value, page["B2"].data_type) == ("甲一", "=1+1", "s")


def test_the_same_papers_give_the_same_bytes():
    one = own_workbook()
    assert receipt(one, papers([fault("B3", "N02")]), CONFIG) == receipt(one, papers([fault("B3", "N02")]), CONFIG)


def test_the_day_of_arrival_is_the_document_s_day():
    book = opened(receipt(own_workbook(), papers([]), CONFIG))
    assert book.properties.modified == datetime(2020, 9, 5)
