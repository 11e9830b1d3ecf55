"""The quarter's workbook as a whole: from the cover over the contents to each sheet, and from each figure to its sources."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from dataclasses import replace
from datetime import date, datetime

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.utils import range_boundaries
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.calendar import Quarter
from pipeline.quarter_report import QuarterReport
from pipeline.report.quarter_workbook import quarter_workbook
from pipeline.rollup import roll_up
from tests.support.desk import CONFIG, Desk, award, holder, id_number, introduced, survey

HOSTILE = "=HYPERLINK(\"http://x\")"
TABLE = "计划进度"
FIRST_SECTOR, TOTAL = 7, 12  # rows of 计划进度
MISSING = 2 * len(CONFIG.reporting_units) - 4  # July and August; four units have reported July
LISTS = {"分单位": 3, "报送情况": 3, "问题清单": 3, "数据来源": 4, "数据勾稽": 3}  # header rows of pages with one list


@pytest.fixture(scope="module")
def report() -> QuarterReport:
    desk = Desk()
    rows = [holder(1), holder(3, level="初级", issued_on="2019-05-01"), holder(4, sector="中介机构"), introduced(5),
            holder(6, employer=HOSTILE)]
    desk.receive("练市镇", "2020-07", {
        "establishments": [survey()], "certificate_awards": [award(1)], "certificates": [*rows, holder(2)]}, "2020-08-01")
    desk.receive("练市镇", "2020-07", {"certificates": [*rows, holder(2, sector="政府部门")]}, "2020-08-04")
    desk.receive("双林镇", "2020-07", {}, "2020-08-05", nil=True)
    desk.receive("菱湖镇", "2020-07", {"certificates": [holder(7)]}, "2020-08-20")
    desk.receive("和孚镇", "2020-07", {"certificates": [holder(8)]}, "2020-08-03", returned_rows={3: "N02"})
    judged = desk.settle(date(2020, 10, 1)).judgement
    return roll_up(desk.book, judged.rows, judged.claims, judged.findings, Quarter(2020, 3), CONFIG)


@pytest.fixture(scope="module")
def content(report: QuarterReport) -> bytes:
    return quarter_workbook(report, CONFIG)


@pytest.fixture(scope="module")
def book(content: bytes) -> Workbook:
    return load_workbook(io.BytesIO(content))


@pytest.fixture(scope="module")
def values(content: bytes) -> Workbook:
    return load_workbook(io.BytesIO(content), data_only=True)


def texts(page: Worksheet) -> list[object]:
    return [cell.value for row in page.iter_rows() for cell in row if cell.value is not None]


def links(page: Worksheet) -> dict[str, str]:
    """Cell → the cell of this workbook that it leads to."""
    return {cell.coordinate: cell.hyperlink.location for row in page.iter_rows() for cell in row if cell.hyperlink}


def test_the_cover_says_which_plan_quarter_day_and_office_and_the_result(values: Workbook):
    shown = texts(values.worksheets[0])
    assert shown[:4] == [CONFIG.plan_name, "季度进度表", "2020年第三季度", "截至2020年9月30日"]
    assert shown[4:14] == ["计划培育（人）", "实际（人次）", "完成率", "去重人数（人）", "本季度未报（单位·月）", 100, 7, 0.07, 7, MISSING]
    assert shown[14:] == [CONFIG.office, "2020年10月1日"]


def test_the_cover_s_figures_are_taken_live_from_the_table(book: Workbook):
    cover = book["封面"]
    assert [cover.cell(10, column).value for column in (1, 3, 5)] == [
        "='计划进度'!$G$12", "='计划进度'!$H$12", "=IF('计划进度'!$G$12=0,\"—\",'计划进度'!$H$12/'计划进度'!$G$12)"]


def test_the_cover_says_where_the_quarter_is_frozen_or_seen_from_an_earlier_day(report: QuarterReport):
    for changes, said in (({"closed_on": date(2020, 10, 9)}, "截至2020年9月30日　2020年10月9日封存"),
                          ({"as_of": date(2020, 8, 31)}, "截至2020年8月31日")):
        content = quarter_workbook(replace(report, **changes), CONFIG)
        assert said in texts(load_workbook(io.BytesIO(content))["封面"])


def test_the_contents_lead_to_every_sheet_that_follows_in_their_order(book: Workbook):
    contents = book["目录"]
    assert book.sheetnames[:3] == ["封面", "目录", TABLE]
    listed = [contents.cell(row, 2).value for row in range(4, contents.max_row + 1)]
    assert listed == book.sheetnames[2:]
    assert [links(contents)[f"B{row}"] for row in range(4, contents.max_row + 1)] == [f"'{name}'!A1" for name in listed]


def test_every_sheet_leads_back_to_the_contents_from_outside_the_printed_area(book: Workbook):
    for page in book.worksheets[2:]:
        (back,) = [address for address, to in links(page).items() if to == "'目录'!A1"]
        _, _, last, _ = range_boundaries(page.print_area.rpartition("!")[2])
        assert (page[back].value, page[back].row) == ("返回目录", 1)
        assert page[back].column == last + 1


def test_every_link_ends_at_a_cell_of_the_workbook(book: Workbook):
    for page in book.worksheets:
        for to in links(page).values():
            sheet, address = re.fullmatch(r"'(.+)'!([A-Z]+\d+)", to).groups()
            assert book[sheet][address].value is not None, (page.title, to)


def test_every_sheet_prints_one_a4_page_wide_with_page_numbers_and_says_whose_it_is(book: Workbook):
    for page in book.worksheets:
        assert (int(page.page_setup.paperSize), page.page_setup.orientation) == (9, "landscape")
        assert page.sheet_properties.pageSetUpPr.fitToPage
        assert page.page_setup.fitToWidth in (None, 1)
    for page in book.worksheets[1:]:
        assert page.oddFooter.center.text == "第&P页 共&N页"
    for page in book.worksheets[2:]:
        assert (page.oddHeader.left.text, page.oddHeader.right.text) == (f"{CONFIG.plan_name}　2020年第三季度", page.title)
    assert book["封面"].oddFooter.center.text is None


def test_one_list_on_a_page_has_its_header_in_sight_filtered_and_on_every_printed_page(book: Workbook):
    for name, header in LISTS.items():
        page = book[name]
        assert page.freeze_panes == f"B{header + 1}"
        assert page.auto_filter.ref.startswith(f"A{header}:")
        assert page.print_title_rows == f"${header}:${header}"


def test_of_several_lists_on_a_page_each_has_filters_and_the_longest_its_header_on_every_page(book: Workbook):
    page = book["配置达标"]
    units, establishments = page.tables.values()
    assert page["A3"].value.startswith("一、")
    assert units.autoFilter.ref == units.ref == f"A4:I{4 + len(CONFIG.reporting_units)}"
    assert [column.name for column in establishments.tableColumns][:2] == ["单位名称", "单位类型"]
    assert page.print_title_rows == "$4:$4"
    assert page.freeze_panes == "B3"


def test_the_properties_say_what_whose_and_of_which_day_it_is(book: Workbook):
    given = book.properties
    assert given.title == f"{CONFIG.table_title}（2020年第三季度进度）"
    assert (given.creator, given.subject, given.keywords) == (CONFIG.office, CONFIG.plan_name, "2020Q3")
    assert given.created == datetime(2020, 10, 1)


def test_each_figure_leads_to_the_first_of_exactly_the_persons_behind_it(report: QuarterReport, book: Workbook):
    page, sources = book[TABLE], book["数据来源"]
    led = links(page)
    shown = [[cell.value for cell in row[:14]] for row in sources.iter_rows(min_row=5)]
    column_of = {(level, year): 11 + 6 * at + 2 * step for at, level in enumerate(CONFIG.target_levels)
                 for step, year in enumerate(CONFIG.years)}
    for cell in report.cells:
        figure = page.cell(FIRST_SECTOR + CONFIG.sector_names.index(cell.sector), column_of[cell.level, cell.year])
        assert figure.value == cell.actual
        assert (figure.coordinate in led) == bool(cell.actual)
        if cell.actual:
            first = int(led[figure.coordinate].rpartition("A")[2]) - 5
            same = [at for at, row in enumerate(shown) if tuple(row[1:4]) == (cell.sector, cell.level, cell.year)]
            assert same == list(range(first, first + cell.actual))
    assert len(shown) == report.total.actual


def test_a_sector_s_figure_leads_to_its_first_person_and_a_total_to_the_list(book: Workbook):
    page, sources = book[TABLE], book["数据来源"]
    led = links(page)
    assert led["H12"] == led["S12"] == "'数据来源'!A4"
    row = int(led["H10"].rpartition("A")[2])
    assert sources.cell(row, 2).value == "中介机构"
    assert "D8" not in led  # 总体需求 is no count of persons


def test_figures_stay_numbers_and_totals_formulas_beneath_their_links(book: Workbook):
    page = book[TABLE]
    assert all(page[address].data_type in "nf" for address in links(page) if address != "W1")
    assert page["H12"].value == "=SUM(H7:H11)"
    assert page["H8"].value.startswith("=SUM(K8,M8")


def test_the_sources_name_file_sheet_and_row_and_mask_every_number(report: QuarterReport, book: Workbook, content: bytes):
    row = [cell.value for cell in book["数据来源"][5][:14]]
    line = report.sources[0]
    assert row == [1, line.sector, line.level, line.year, line.name, line.id_number, line.employer, line.route, line.day,
                   line.unit, line.month, line.file, line.sheet, line.row]
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        whole = b"".join(archive.read(name) for name in archive.namelist())
    assert not [serial for serial in range(1, 9) if id_number(serial).encode() in whole]


def test_a_target_that_was_missed_is_marked_once_its_year_is_over_and_a_suggested_one_never(book: Workbook):
    rules = book[TABLE].conditional_formatting
    marked = {str(area.sqref): area.rules[0] for area in rules}
    binding = [row for row, sector in enumerate(CONFIG.sector_names, FIRST_SECTOR)
               if not CONFIG.targets[-1].sectors[sector].suggested]
    assert set(marked) == {f"{column}{row}" for row in binding for column in "KQ"} - {f"K{row}" for row in (7, 10)}
    rule = marked["K8"]
    assert (rule.operator, rule.formula, rule.dxf.numFmt.formatCode) == ("lessThan", ["$J$8"], '#,##0"▼"')


def test_each_return_has_a_mark_and_a_word_and_no_colour_alone(book: Workbook):
    page = book["报送情况"]
    july = {page.cell(row, 1).value: page.cell(row, 2) for row in range(4, page.max_row)}
    assert {unit: july[unit].value for unit in ("练市镇", "双林镇", "菱湖镇", "石淙镇")} == {
        "练市镇": "√按时　◇更正1次", "双林镇": "○零报告", "菱湖镇": "△迟报 08-20", "石淙镇": "×未报"}
    assert len({july[unit].fill.fgColor.rgb for unit in ("练市镇", "双林镇", "菱湖镇", "石淙镇")}) == 4
    assert page["D4"].value == "…未到期"


def test_returns_are_counted_live(book: Workbook, values: Workbook):
    formulas, page = book["报送情况"], values["报送情况"]
    (row,) = [row for row in range(4, page.max_row) if page.cell(row, 1).value == "练市镇"]
    assert formulas.cell(row, 5).value == f'=COUNTIF(B{row}:D{row},"*按时*")'
    assert [page.cell(row, column).value for column in range(5, 10)] == [1, 0, 0, 1, 1]
    assert [page.cell(page.max_row, column).value for column in range(5, 10)] == [2, 1, 1, MISSING, 1]


def test_findings_that_go_back_come_first_and_are_told_in_words(values: Workbook):
    page = values["问题清单"]
    said = [row[0] for row in page.iter_rows(min_row=4, max_col=8, values_only=True)]
    assert said[0] == "退回"
    assert said == sorted(said, key=["退回", "复核"].index)


def test_the_trend_sums_up_to_the_table(report: QuarterReport, values: Workbook):
    page = values["季度趋势"]
    rows = [row[:11] for row in page.iter_rows(values_only=True) if row[1] == "全部"]
    assert [row[0] for row in rows] == ["2019Q1", "2019Q2", "2019Q3", "2019Q4", "2020Q1", "2020Q2", "2020Q3"]
    target = {level: sum(cell.target or 0 for cell in report.cells if cell.level == level and cell.year <= 2020)
              for level in CONFIG.target_levels}
    last = rows[-1]
    assert last[2:4] == (target["初级"], 1)
    assert last[5:7] == (target["中级"], 6)
    assert last[8:10] == (sum(target.values()), report.total.actual)


def test_the_charts_show_cells_of_the_sheet_actual_beside_target_for_each_level(book: Workbook, values: Workbook):
    charts = book["季度趋势"]._charts
    assert len(charts) == len(CONFIG.target_levels) + 1
    for level, chart in zip(CONFIG.target_levels, charts, strict=False):
        series = [*chart.series, *(one for other in chart._charts[1:] for one in other.series)]
        headings = []
        for one in series:
            sheet, area = one.val.numRef.f.replace("'", "").split("!")
            column, first, _, last = range_boundaries(area)
            page = values[sheet]
            assert all(isinstance(page.cell(row, column).value, int) for row in range(first, last + 1))
            assert page.cell(last, 1).value == "2020Q3"
            headings.append(page.cell(first - 1, column).value)
        assert headings == [f"{level}实际", f"{level}计划"]
    (bars,) = charts[-1].series
    column, first, _, last = range_boundaries(bars.val.numRef.f.split("!")[1])
    assert values["季度趋势"].cell(first - 1, column).value == "完成率"
    assert last - first + 1 == len(CONFIG.sectors)


def test_a_quarter_before_the_plan_has_no_trend_and_says_so(report: QuarterReport):
    content = quarter_workbook(replace(report, trend=[]), CONFIG)
    assert "计划的第一个季度还没有到。" in texts(load_workbook(io.BytesIO(content))["季度趋势"])


def test_no_text_from_a_cell_becomes_a_formula(book: Workbook):
    cells = [cell for page in book.worksheets for row in page.iter_rows() for cell in row if cell.value == HOSTILE]
    assert cells
    assert {cell.data_type for cell in cells} == {"s"}


def test_an_ampersand_in_the_plan_s_name_is_no_code_of_the_running_head(report: QuarterReport):
    named = CONFIG.model_copy(update={"plan_name": "安全&P质量"})
    page = load_workbook(io.BytesIO(quarter_workbook(report, named)))[TABLE]
    assert page.oddHeader.left.text.startswith("安全&&P质量")


def test_a_list_s_headings_are_those_that_its_filter_knows_for_else_excel_repairs_the_file(book: Workbook):
    lists = [(page, table) for page in book.worksheets for table in page.tables.values()]
    assert len({table.displayName for _, table in lists}) == len(lists) > 3
    for page, table in lists:
        left, top, right, _ = range_boundaries(table.ref)
        headings = [page.cell(top, column).value for column in range(left, right + 1)]
        assert headings == [column.name for column in table.tableColumns]
        assert len(set(headings)) == len(headings)


def test_nothing_is_written_that_the_program_itself_must_warn_of(report: QuarterReport):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        load_workbook(io.BytesIO(quarter_workbook(report, CONFIG)))
