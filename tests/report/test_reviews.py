"""Reviews: filled in and dropped back they are read as decisions; left blank they say nothing."""

from __future__ import annotations

import io
from datetime import date, datetime

import pytest
from openpyxl import Workbook

from pipeline.calendar import Month
from pipeline.claim_report import InstalmentLine
from pipeline.intake import read
from pipeline.report.reviews import review_workbook
from pipeline.sheets import COVER, DECISIONS
from tests.support.desk import CONFIG, id_number
from tests.support.returned import claim, opened, texts

TODAY = date(2020, 10, 8)
BODY = "区应急管理局"
CLAIMS = [
    claim(), claim("NX-2020-0002", name="甲二", id_number=id_number(2), award="紧缺人才", instalment="第一年", amount=3000.0),
    claim("NX-2020-0003", name="甲三", waits_for="单位暂无该证书信息"),
]


def review(remarks: dict[str, str] | None = None) -> bytes:
    return review_workbook(BODY, Month.of(TODAY), TODAY, CLAIMS, remarks or {}, CONFIG)


def filled(book: Workbook, rows: dict[int, tuple[object, ...]]) -> bytes:
    """The cover signed and some rows of 审核意见 decided, as a reviewer would."""
    book["封面"]["B3"], book["封面"]["B4"] = "李某", "13900000000"
    for row, entries in rows.items():
        for column, entry in zip("CDE", entries, strict=True):
            book["审核意见"][f"{column}{row}"] = entry
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def test_the_columns_are_those_that_the_reader_knows_in_their_order():
    page = opened(review())["审核意见"]
    assert [str(cell.value).rstrip("*") for cell in page[3]] == [column.label for column in DECISIONS.columns]


def test_every_claim_that_may_be_decided_is_filled_in_but_for_the_decision():
    page = opened(review())["审核意见"]
    assert [[cell.value for cell in row[:6]] for row in page.iter_rows(min_row=4)] == [
        ["NX-2020-0001", "初审", None, None, None, 2000], ["NX-2020-0002", "初审", None, None, None, 3000]]
    assert page["G4"].value == "甲一　证书奖励　中级　甲公司　练市镇报"


def test_filled_in_and_dropped_back_it_is_read_as_the_body_s_decisions():
    content = filled(opened(review()), {4: ("核准", date(2020, 10, 8), "李某"), 5: ("不核准", date(2020, 10, 8), "李某")})
    reading = read(content, "审核.xlsx", TODAY, CONFIG)
    (table,) = reading.tables
    assert (reading.cover.unit, reading.cover.month, reading.findings) == (BODY, Month(2020, 10), [])
    assert (table.kind, table.values["claim"]) == ("decisions", ["NX-2020-0001", "NX-2020-0002"])
    assert (table.values["opinion"], table.values["amount"]) == (["核准", "不核准"], [2000, 3000])
    assert table.values["decided_on"] == ["2020-10-08"] * 2


def test_a_row_that_is_not_decided_yet_says_nothing_and_is_no_fault():
    reading = read(filled(opened(review()), {5: ("核准", date(2020, 10, 8), "李某")}), "审核.xlsx", TODAY, CONFIG)
    assert (reading.tables[0].values["claim"], reading.findings) == (["NX-2020-0002"], [])


def test_a_row_decided_by_half_is_a_fault():
    reading = read(filled(opened(review()), {4: ("核准", None, None)}), "审核.xlsx", TODAY, CONFIG)
    assert [found.rule for found in reading.findings] == ["N01"]


def test_only_the_entries_and_the_remark_are_open_and_choices_and_days_are_checked():
    page = opened(review())["审核意见"]
    assert page.protection.sheet
    assert [column for column in "ABCDEFG" if not page[f"{column}4"].protection.locked] == ["C", "D", "E", "G"]
    checks = {str(one.sqref): (one.type, one.formula1) for one in page.data_validations.dataValidation}
    assert checks["C4:C5"] == ("list", '"核准,不核准"')
    assert checks["D4:D5"][0] == "date"


def test_the_cover_asks_for_the_person_and_gives_the_rest():
    page = opened(review())["封面"]
    given = {str(page.cell(row, 1).value).rstrip("*"): page.cell(row, 2).value for row in range(1, len(COVER) + 1)}
    assert {label: given[label] for label in ("填报单位", "填报月份", "填报日期", "填报人", "联系电话")} == {
        "填报单位": BODY, "填报月份": "2020-10", "填报日期": "2020-10-08", "填报人": None, "联系电话": None}


def test_the_reviewer_sees_the_whole_id_what_to_look_at_and_what_still_waits():
    book = opened(review({"NX-2020-0001": "与他人证书编号相同"}))
    lines = texts(book, "待办说明")
    assert id_number(1) in lines
    assert "与他人证书编号相同" in lines
    waiting = next(at for at, line in enumerate(lines) if line.startswith("以下申请还在等待"))
    assert lines.index("NX-2020-0002") < waiting < lines.index("NX-2020-0003")
    assert "单位暂无该证书信息" in lines[waiting:]
    assert "NX-2020-0003" not in texts(book, "审核意见")


@pytest.mark.parametrize("text", ["=1+1", "=cmd|'/c calc'!A1", "+1", "@SUM(A1)", "http://example.invalid"])
def test_a_string_from_a_cell_stays_text(text: str):
    hostile = claim(name=text, employer=text, certificate_number=text)
    book = opened(review_workbook(BODY, Month.of(TODAY), TODAY, [hostile], {hostile.number: text}, CONFIG))
    cells = [cell for page in book.worksheets for row in page.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f" or cell.hyperlink]
    assert sum(cell.value == text for cell in cells) == 4


def test_the_same_claims_give_the_same_bytes_dated_with_the_run():
    assert review() == review()
    assert opened(review()).properties.created == datetime(2020, 10, 8)


def test_instalments_that_have_fallen_due_are_proposed_to_the_reviewer():
    line = InstalmentLine("NX-2019-0001", "甲1", id_number(1), "练市镇", None, "第二年", date(2020, 9, 1), "已到期，待申请", 3000)
    content = review_workbook("区应急管理局", Month(2020, 9), date(2020, 10, 8), [], {}, CONFIG, [line])
    page = opened(content)["到期期次"]
    assert [cell.value for cell in page[4]] == ["甲1", id_number(1), "练市镇", "第二年", "2020-09-01", 3000, "待定", "NX-2019-0001"]
