"""The pages of lists: what stands in them, their live totals, and what an empty one says."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.calendar import Quarter
from pipeline.idnumber import mask
from pipeline.quarter_lists import QuarterLists
from pipeline.quarter_report import QuarterReport
from pipeline.report.quarter_workbook import quarter_workbook
from pipeline.rollup import roll_up
from tests.support.desk import CONFIG, Desk, candidate, holder, id_number, supervisor, survey

PAGES = ["配置达标", "监管人员", "报考与通过", "注册与继续教育", "工作举措"]
HOSTILE = "=HYPERLINK(\"http://x\")"


@pytest.fixture(scope="module")
def report() -> QuarterReport:
    held = {"held_on": "2020-08-20", "activity": "专题培训班", "topic": HOSTILE, "participants": 40}
    desk = Desk().receive("练市镇", "2020-08", {
        "establishments": [survey(), survey("乙公司", establishment_type="危险化学品储存单位", headcount=9), survey(HOSTILE, headcount=5)],
        "certificates": [holder(1), holder(2, issued_on="2019-01-05")], "supervisors": [supervisor("19860101", 7)],
        "candidates": [candidate(3, exam_result="通过"), candidate(4, exam_result="未通过"), candidate(5)],
        "activities": [held]})
    judged = desk.judgement
    return roll_up(desk.book, judged.rows, judged.claims, judged.findings, Quarter(2020, 3), CONFIG)


def opened(report: QuarterReport, values: bool) -> dict[str, Worksheet]:
    book = load_workbook(io.BytesIO(quarter_workbook(report, CONFIG)), data_only=values)
    return {page.title: page for page in book.worksheets}


def texts(page: Worksheet) -> list[list[object]]:
    return [[cell.value for cell in row if cell.value is not None] for row in page.iter_rows()]


def below(page: Worksheet, heading: str) -> list[list[object]]:
    """The rows of a list, from its header on."""
    rows = texts(page)
    start = next(at for at, row in enumerate(rows) if row and str(row[0]).startswith(heading)) + 1
    return rows[start : next((at for at in range(start, len(rows)) if not rows[at]), len(rows))]


def test_each_establishment_stands_beside_its_duty_those_below_it_first(report: QuarterReport):
    page = opened(report, values=True)["配置达标"]
    lines = below(page, "二、")[1:]
    assert [(row[0], row[4], row[6], row[7], row[8]) for row in lines] == [
        ("乙公司", 1, 0, 1, "未达标"), ("甲公司", 1, 2, 0, "达标"), (HOSTILE, 0, 0, 0, "无强制要求")]
    assert page.tables["Table2"].ref == f"A{page.max_row - 3}:L{page.max_row}"
    (unit,) = [row for row in below(page, "一、") if row[0] == "练市镇"]
    assert unit == ["练市镇", "2020-03-01", "是", 3, 2, 1, 2, 2, 1]


@pytest.mark.parametrize(("name", "heading", "column", "value"), [
    ("配置达标", "一、", 9, 1), ("监管人员", "一、", 6, 1), ("报考与通过", "一、", 4, 3), ("工作举措", "二、", 4, 40)])
def test_totals_are_live_formulas_with_their_values(report: QuarterReport, name: str, heading: str, column: int, value: int):
    formulas, values = opened(report, values=False)[name], opened(report, values=True)[name]
    start = next(cell.row for cell in formulas["A"] if str(cell.value).startswith(heading))
    row = next(cell.row for cell in formulas["A"][start:] if cell.value == "合计")
    assert str(formulas.cell(row, column).value).startswith("=SUM(")
    assert values.cell(row, column).value == value


def test_the_pass_rate_is_a_live_share_of_those_who_sat(report: QuarterReport):
    formulas, values = opened(report, values=False)["报考与通过"], opened(report, values=True)["报考与通过"]
    assert [formulas.cell(row, 7).value for row in (5, 6)] == ['=IF(N(E5)=0,"—",F5/E5)', '=IF(N(E6)=0,"—",F6/E6)']
    assert [values.cell(row, 7).value for row in (5, 6)] == [0.5, 0.5]


def test_people_are_named_with_masked_numbers_only(report: QuarterReport):
    pages = opened(report, values=True)
    assert below(pages["监管人员"], "二、")[1][2:5] == [mask(id_number(7, "19860101")), "甲7", 34]
    assert below(pages["报考与通过"], "二、")[1][:3] == ["练市镇", "甲3", mask(id_number(3))]
    assert below(pages["注册与继续教育"], "一、")[1][5:] == ["2019-07-05", "2019-01-05发证"]
    whole = {id_number(serial) for serial in range(1, 8)} | {id_number(7, "19860101")}
    shown = {str(cell) for name in PAGES for row in texts(pages[name]) for cell in row}
    assert not whole & shown


def test_an_empty_list_says_so(report: QuarterReport):
    pages = opened(replace(report, lists=QuarterLists()), values=True)
    for name in PAGES:
        lines = [str(row[0]) for row in texts(pages[name]) if row]
        headings = [at for at, text in enumerate(lines) if text[1:2] == "、"]
        assert headings
        assert all(lines[at + 1].startswith(("本季度没有", "“考试安排”中还没有")) for at in headings)


def test_text_from_a_cell_is_never_a_formula(report: QuarterReport):
    pages = opened(report, values=False)
    cells = [cell for name in PAGES for row in pages[name].iter_rows() for cell in row if cell.value == HOSTILE]
    assert len(cells) >= 2
    assert {cell.data_type for cell in cells} == {"s"}
