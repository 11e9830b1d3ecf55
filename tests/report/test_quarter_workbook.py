"""季度进度表: 附件2 as it stands in the plan, with live formulas and nothing but text from cells."""

from __future__ import annotations

import io
import subprocess
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from xlsxwriter import Workbook

from pipeline import monthly
from pipeline.quarter_report import QuarterReport
from pipeline.report.quarter_workbook import quarter_workbook
from tests.support.desk import CONFIG, award, holder, introduced, talent
from tests.support.libreoffice import convert, needs_libreoffice, recalculated
from tests.support.workbooks import office, workbook

HOSTILE = ["=HYPERLINK(\"http://x\")", "=cmd|'/c calc'!A1", "+1", "-1", "@SUM(A1)", "<script>", "{{ 7*7 }}"]


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> QuarterReport:
    desk = office(tmp_path_factory.mktemp("office"))
    survey = {"establishment": "甲公司", "establishment_type": "工矿企业", "headcount": 320, "surveyed_on": "2020-03-01"}
    rows = {"certificates": [holder(1), holder(2, level="初级"), holder(3, sector="政府部门"), holder(4, level="高级"),
                             introduced(5)],
            "certificate_awards": [award(1, employer=HOSTILE[0]), award(2, level="初级", amount=1.0)],
            "talent_awards": [talent(5)], "establishments": [survey]}
    (desk.inputs / "练市镇.xlsx").write_bytes(workbook("练市镇", "2020-08", rows))
    return monthly.run(desk, date(2020, 10, 8), None, False, 1, lambda *_: None).report


def opened(report: QuarterReport, values: bool = False) -> dict[str, Worksheet]:
    book = load_workbook(io.BytesIO(quarter_workbook(report, CONFIG)), data_only=values)
    return {page.title: page for page in book.worksheets}


def test_the_table_is_the_plan_s_with_actual_beside_target(report: QuarterReport):
    page = opened(report, values=True)["计划进度"]
    assert page["A1"].value.startswith("南浔区注册安全工程师培育三年行动计划表")
    assert [page.cell(row, 2).value for row in range(7, 12)] == [sector.wording for sector in CONFIG.sectors]
    merged = {str(one) for one in page.merged_cells.ranges}
    assert {"A7:A10", "J3:U3", "J4:O4", "P4:U4"} <= merged
    row = [page.cell(8, column).value for column in range(3, 22)]
    assert row[:6] == [49, 1, 3, 4, 58, 3]
    assert row[7:] == [11, 0, 15, 1, 9, 0, 7, 1, 10, 1, 6, 0]
    assert [page.cell(12, column).value for column in (3, 5, 7)] == [66, 18, 100]


def test_a_blank_target_is_a_dash_and_its_actual_still_counts_in_the_totals(report: QuarterReport):
    counted = replace(report, cells=[replace(cell, actual=2) if (cell.sector, cell.level, cell.year) == (
        "中介机构", "初级", 2019) else cell for cell in report.cells])
    page = opened(counted, values=True)["计划进度"]
    assert (page["J10"].value, page["K10"].value, page["K12"].value) == ("—", 2, 2)


def test_totals_are_live_formulas_with_their_values_written(report: QuarterReport):
    formulas, values = opened(report)["计划进度"], opened(report, values=True)["计划进度"]
    totals = [cell for row in formulas["C7:U12"] for cell in row if isinstance(cell.value, str) and cell.value[0] == "="]
    assert len(totals) == 5 * 2 + 18 + 1
    assert all(values[cell.coordinate].value is not None for cell in totals)


@needs_libreoffice
def test_recalculation_by_another_program_gives_the_stored_values(report: QuarterReport, tmp_path: Path):
    path = tmp_path / "report.xlsx"
    path.write_bytes(quarter_workbook(report, CONFIG))
    again = load_workbook(recalculated(path, tmp_path / "again"), data_only=True)
    stored = load_workbook(path, data_only=True)
    formulas = 0
    for page in load_workbook(path).worksheets:
        for cell in (cell for row in page.iter_rows() for cell in row if cell.data_type == "f"):
            found, written = (book[page.title][cell.coordinate].value for book in (again, stored))
            same = found == pytest.approx(written) if isinstance(written, float) else found == written
            assert same, (page.title, cell.coordinate, cell.value, found, written)
            formulas += 1
    assert formulas > 100


@needs_libreoffice
def test_a_stored_value_that_is_wrong_does_not_survive_recalculation(tmp_path: Path):
    with Workbook(tmp_path / "wrong.xlsx") as book:
        book.add_worksheet().write_formula("A1", "=1+1", None, 3)
    assert load_workbook(recalculated(tmp_path / "wrong.xlsx", tmp_path / "again"), data_only=True).worksheets[0]["A1"].value == 2


def test_below_the_table_stand_what_is_outside_it_and_whether_every_row_went_somewhere(report: QuarterReport):
    pages = opened(report, values=True)
    texts = [str(cell.value) for row in pages["计划进度"].iter_rows(min_row=13) for cell in row if cell.value]
    assert any("高级 1 人次" in text for text in texts)
    assert "数据勾稽：4 类表读入的行都有去处，全部相符。" in texts
    rows = list(pages["数据勾稽"].iter_rows(min_row=4, max_col=8, values_only=True))
    assert [row[-1] for row in rows] == ["相符"] * 4
    assert ("持证人员", 5, 4, 1, 0, 0, 0, "相符") in rows


def test_a_row_that_went_nowhere_is_told_below_the_table(report: QuarterReport):
    lost = {kind: replace(one, read=one.read + 1) for kind, one in report.reconciliation.items()}
    pages = opened(replace(report, reconciliation=lost), values=True)
    texts = [cell.value for row in pages["计划进度"].iter_rows(min_row=13) for cell in row]
    assert "数据勾稽：有不符，本表作废。" in texts
    assert {row[-1] for row in pages["数据勾稽"].iter_rows(min_row=4, max_col=8, values_only=True)} == {"不符"}


def test_no_cell_text_becomes_a_formula_or_a_link(report: QuarterReport):
    lines = [replace(line, file=text, finding=replace(line.finding, message=text))
             for line in report.findings[:1] for text in HOSTILE]
    page = opened(replace(report, findings=lines))["问题清单"]
    shown = [page.cell(row, 8) for row in range(4, 4 + len(HOSTILE))]
    assert [cell.value for cell in shown] == HOSTILE
    assert {cell.data_type for cell in shown} == {"s"}
    assert not any(cell.hyperlink for cell in shown)


def test_the_same_report_gives_the_same_bytes(report: QuarterReport):
    assert quarter_workbook(report, CONFIG) == quarter_workbook(report, CONFIG)


@needs_libreoffice
def test_the_plan_table_prints_on_one_page(report: QuarterReport, tmp_path: Path):
    path = tmp_path / "report.xlsx"
    path.write_bytes(quarter_workbook(report, CONFIG))
    book = load_workbook(path)
    page = book["计划进度"]
    assert page.page_setup.orientation == "landscape"
    assert page.sheet_properties.pageSetUpPr.fitToPage
    third_page = ["pdftotext", "-f", "3", "-l", "3", str(convert(path, "pdf", tmp_path)), "-"]
    text = subprocess.run(third_page, check=True, capture_output=True, text=True).stdout
    assert "培育范围" in text
    assert "签发" in text  # the table's last line
