"""The templates as a clerk, Excel and LibreOffice meet them."""

import io
import subprocess
import zipfile
from datetime import datetime
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from pipeline import idnumber
from pipeline.calendar import Month
from pipeline.config import Config
from pipeline.config_file import load
from pipeline.report.look import look
from pipeline.report.templates import template_bytes, write_templates
from pipeline.sheets import COVER, SHEETS, Kind, Sheet, choices_of
from tests.support.libreoffice import convert, needs_libreoffice

HEADER, EXAMPLE, FIRST, LAST = 3, 4, 5, 204
AUGUST = Month(2020, 8)
ORDINARY = [sheet for sheet in SHEETS if not sheet.deciding]
AS_TEXT = {Kind.TEXT, Kind.NAME, Kind.ID, Kind.CODE, Kind.PHONE, Kind.USCC}
EVERY_SHEET = pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.key)


@pytest.fixture(scope="module")
def config() -> Config:
    return load(Path(__file__).parents[2] / "config.yaml")


@pytest.fixture(scope="module")
def book(config: Config) -> Workbook:
    """The workbook of the unit that has every declared sheet."""
    return load_workbook(io.BytesIO(template_bytes(config, config.first_review_unit, AUGUST)))


def opened(config: Config, unit: str) -> Workbook:
    return load_workbook(io.BytesIO(template_bytes(config, unit, AUGUST)))


def validation_of(page: Worksheet, cell: Cell) -> DataValidation | None:
    found = [rule for rule in page.data_validations.dataValidation if cell.coordinate in rule.sqref]
    assert len(found) <= 1
    return found[0] if found else None


def test_a_town_gets_the_cover_its_sheets_and_the_instructions_in_this_order(config):
    assert opened(config, "练市镇").sheetnames == ["封面", *(sheet.label for sheet in ORDINARY), "填写说明"]


@pytest.mark.parametrize("unit", ["区应急管理局", "区安委办"])
def test_the_deciding_bodies_get_their_own_sheets_too(config, unit):
    assert opened(config, unit).sheetnames == ["封面", *(sheet.label for sheet in SHEETS), "填写说明"]


def only(config: Config, *names: str) -> Config:
    return config.model_copy(update={"units": [unit for unit in config.units if unit.name in names]})


def test_each_reporting_unit_gets_one_workbook_named_by_unit_and_month(config, tmp_path):
    written = write_templates(only(config, "区府办", "练市镇", "双林镇"), AUGUST, tmp_path)
    assert [path.name for path in written] == ["练市镇_2020-08.xlsx", "双林镇_2020-08.xlsx"]
    assert sorted(tmp_path.iterdir()) == sorted(written)
    assert load_workbook(written[1])["封面"]["B3"].value == "双林镇"


def test_the_same_unit_and_month_give_the_same_bytes_and_an_equal_file_stays_untouched(config, tmp_path):
    path = write_templates(only(config, "练市镇"), AUGUST, tmp_path)[0]
    before = path.stat()
    assert write_templates(only(config, "练市镇"), AUGUST, tmp_path) == [path]
    assert path.stat().st_ino == before.st_ino
    assert path.read_bytes() == template_bytes(config, "练市镇", AUGUST)


def test_no_clock_is_written_into_the_file(config, book):
    assert book.properties.created == book.properties.modified == datetime(2020, 8, 1)
    with zipfile.ZipFile(io.BytesIO(template_bytes(config, "练市镇", AUGUST))) as archive:
        assert {entry.date_time[0] for entry in archive.infolist()} == {1980}


def test_the_cover_is_pre_filled_and_leaves_the_rest_to_the_clerk(config, book):
    values = {row[0].value: row[1].value for row in book["封面"].iter_rows(min_row=3, max_row=2 + len(COVER))}
    assert values == {
        "填报单位*": "区应急管理局", "填报月份*": "2020-08", "填报人*": None, "联系电话*": None, "审核人": None,
        "填报日期*": None, "零报告": None, "模板版本": config.template_version,
    }
    assert "2020年9月5日前" in book["封面"]["A2"].value


def test_on_the_cover_only_unit_and_version_are_locked_and_the_month_is_text(book):
    locked = [cell.row for cell in book["封面"]["B"][2:10] if cell.protection.locked]
    assert locked == [3, 10]
    assert book["封面"]["B4"].number_format == "@"
    assert all(cell.protection.locked for cell in book["封面"]["A"])


def test_the_nil_return_is_chosen_from_a_list_and_the_cover_date_is_checked(book):
    cover = book["封面"]
    assert validation_of(cover, cover["B9"]).formula1 == '"是,否"'
    assert validation_of(cover, cover["B8"]).type == "date"


@EVERY_SHEET
def test_the_header_has_the_serial_number_and_every_label_with_a_star_where_required(book, sheet):
    labels = [cell.value for cell in book[sheet.label][HEADER]]
    assert labels == ["序号", *(f"{column.label}*" if column.required else column.label for column in sheet.columns)]


@EVERY_SHEET
def test_required_headers_also_differ_in_colour(book, sheet):
    fills = {cell.value: cell.fill.fgColor.rgb[2:] for cell in book[sheet.label][HEADER]}
    wanted = {True: look().colours.required_fill[1:], False: look().colours.header_fill[1:]}
    assert fills == {label: wanted[label.endswith("*")] for label in fills}


@EVERY_SHEET
def test_the_example_row_is_complete_marked_grey_italic_and_locked(book, sheet):
    cells = book[sheet.label][EXAMPLE]
    assert cells[0].value == "示例"
    assert len(cells) == len(sheet.columns) + 1
    for cell in cells:
        assert cell.value not in (None, "")
        assert cell.font.italic
        assert cell.font.color.rgb[2:] == look().colours.muted[1:]
        assert cell.protection.locked


@EVERY_SHEET
def test_the_example_keeps_to_the_declaration_but_is_nobody(book, config, sheet):
    for cell, column in zip(book[sheet.label][EXAMPLE][1:], sheet.columns, strict=True):
        choices = choices_of(column, config)
        assert not choices or cell.value in choices
        assert cell.is_date == (column.kind is Kind.DATE)
        assert isinstance(cell.value, (int, float)) == (column.kind in (Kind.YEAR, Kind.COUNT, Kind.MONEY, Kind.HOURS))
        if column.kind is Kind.ID:
            assert idnumber.fault(cell.value)
        if column.kind is Kind.NAME:
            assert cell.value == "示例张三"


@EVERY_SHEET
def test_two_hundred_rows_are_open_for_entry_and_nothing_else_is(book, sheet):
    page = book[sheet.label]
    assert page.max_row == LAST
    for row in page.iter_rows(max_col=len(sheet.columns) + 1):
        assert {cell.protection.locked for cell in row} == {row[0].row < FIRST}


@EVERY_SHEET
def test_text_stays_text_and_dates_show_as_dates_down_to_the_last_row(book, sheet):
    for row in (FIRST, LAST):
        for cell, column in zip(book[sheet.label][row][1:], sheet.columns, strict=True):
            if column.kind in AS_TEXT:
                assert cell.number_format == "@"
            if column.kind is Kind.DATE:
                assert cell.number_format == "yyyy-mm-dd"


@EVERY_SHEET
def test_choices_are_drop_downs_with_exactly_the_declared_values(book, config, sheet):
    page = book[sheet.label]
    for place, column in enumerate(sheet.columns, 2):
        fixed = {Kind.YESNO: ["是", "否"], Kind.TICK: ["√"]}
        choices = fixed.get(column.kind) or choices_of(column, config)
        for row in (FIRST, LAST):
            rule = validation_of(page, page.cell(row, place))
            offered = rule.formula1.strip('"').split(",") if rule and rule.type == "list" else []
            assert offered == choices


@EVERY_SHEET
def test_dates_numbers_and_ids_are_checked_when_they_are_typed(book, sheet):
    page = book[sheet.label]
    kinds = {Kind.DATE: "date", Kind.ID: "custom", Kind.YEAR: "whole", Kind.COUNT: "whole",
             Kind.MONEY: "decimal", Kind.HOURS: "decimal"}
    for place, column in enumerate(sheet.columns, 2):
        if column.kind not in kinds:
            continue
        rule = validation_of(page, page.cell(LAST, place))
        assert rule.type == kinds[column.kind]
        assert rule is validation_of(page, page.cell(FIRST, place))
        if column.kind in (Kind.COUNT, Kind.MONEY, Kind.HOURS):
            assert (rule.operator, rule.formula1) == ("greaterThanOrEqual", "0")


def test_a_date_from_1900_to_2100_passes_and_the_clerk_is_told_in_chinese(book):
    rule = validation_of(book["持证人员"], book["持证人员"]["J5"])
    assert (rule.formula1, rule.formula2) == ("1", "73415")  # 1900-01-01, 2100-12-31
    assert rule.errorStyle in (None, "stop")
    assert (rule.promptTitle, rule.prompt) == ("发证日期", "按证书上印的日期；写成 2020-08-31 的样子")
    assert rule.errorTitle == "发证日期不对"


def test_an_id_of_another_length_is_warned_of_but_not_refused(book):
    rule = validation_of(book["持证人员"], book["持证人员"]["D5"])
    assert (rule.formula1, rule.errorStyle) == ("OR(LEN(D5)=15,LEN(D5)=18)", "warning")


@EVERY_SHEET
def test_numbers_kept_as_text_get_no_green_triangle(config, sheet):
    with zipfile.ZipFile(io.BytesIO(template_bytes(config, config.first_review_unit, AUGUST))) as archive:
        xml = archive.read(f"xl/worksheets/sheet{SHEETS.index(sheet) + 2}.xml").decode()
    assert '<ignoredError sqref="A4:' in xml
    assert 'numberStoredAsText="1"' in xml


@EVERY_SHEET
def test_the_header_stays_in_sight_and_repeats_on_every_printed_page(book, sheet):
    page = book[sheet.label]
    assert page.freeze_panes.endswith(str(HEADER + 1))
    assert page.print_title_rows == f"${HEADER}:${HEADER}"


def test_every_page_prints_on_a4_landscape_as_long_as_it_is_with_page_numbers(book):
    for page in book.worksheets:
        assert (page.page_setup.paperSize, page.page_setup.orientation) == (9, "landscape")
        assert page.sheet_properties.pageSetUpPr.fitToPage
        assert page.page_setup.fitToHeight == 0
        assert page.oddFooter.center.text == "第&P页 共&N页"


def test_every_page_is_protected_without_a_password_and_lets_rows_be_added(book):
    for page in book.worksheets:
        assert page.protection.sheet
        assert page.protection.password is None
        assert not page.protection.insertRows
        assert not page.protection.formatColumns
        assert not page.protection.selectUnlockedCells


def test_the_instructions_explain_every_column_of_every_sheet(book):
    lines = {(row[0], row[1]): row[2:] for row in book["填写说明"].iter_rows(min_row=3, values_only=True)}
    declared = [("封面", COVER), *((sheet.label, sheet.columns) for sheet in SHEETS)]
    assert list(lines) == [(label, column.label) for label, columns in declared for column in columns]
    assert lines["证书奖励申请", "单位审核意见"] == ("必填", "从下拉列表中选", "属实；不属实；暂无该证书信息")
    assert lines["单位摸底", "安全生产专业服务人员数"][:2] == ("选填", "按比例配置的单位（安全生产中介机构）必填；整数，不写“人”等单位")
    assert "工矿300人以上（从业人员300人以上的工矿企业）" in lines["持证人员", "培育范围"][2]


def test_the_look_comes_from_look_yaml(book):
    page = book["持证人员"]
    fonts = look().fonts
    assert [page[cell].font.name for cell in ("A1", "B3", "B5")] == [fonts.title, fonts.header, fonts.body]


@pytest.mark.parametrize("names", [
    [f"名称很长很长的一种生产经营单位之{number}" for number in range(1, 31)],
    ["甲,乙", "丙"],
], ids=["longer than 255 characters", "with a comma"])
def test_a_list_that_does_not_fit_stands_on_a_hidden_sheet(config, names):
    kind = config.establishment_types["工矿企业"]
    wide = config.model_copy(update={"establishment_types": dict.fromkeys(names, kind)})
    book = opened(wide, "练市镇")
    page = book["单位摸底"]
    rule = validation_of(page, page["D5"])
    assert book["选项"].sheet_state == "veryHidden"
    assert [cell.value for cell in book["选项"]["A"]] == names
    assert book.defined_names[rule.formula1].attr_text == f"'选项'!$A$1:$A${len(names)}"


def test_words_that_look_like_formulas_stay_words(config):
    odd = config.model_copy(update={"template_version": "=1+1", "plan_name": "=HYPERLINK(\"x\")"})
    cover = opened(odd, "@SUM(1)")["封面"]
    assert [cover[cell].data_type for cell in ("A1", "B3", "B10")] == ["s", "s", "s"]


@needs_libreoffice
def test_libreoffice_opens_it_and_keeps_sheets_headers_and_drop_downs(config, book, tmp_path):
    source = tmp_path / "模板.xlsx"
    source.write_bytes(template_bytes(config, config.first_review_unit, AUGUST))
    command = ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless",
               "--convert-to", "xlsx", "--outdir", str(tmp_path / "saved"), str(source)]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    saved = load_workbook(tmp_path / "saved" / source.name)
    assert saved.sheetnames == book.sheetnames
    for sheet in SHEETS:
        assert headers(saved, sheet) == headers(book, sheet)
        assert saved[sheet.label].protection.sheet
    page = saved["持证人员"]
    assert validation_of(page, page["G204"]).formula1 == '"初级,中级,高级"'


def headers(book: Workbook, sheet: Sheet) -> list[object]:
    return [cell.value for cell in book[sheet.label][HEADER]][: len(sheet.columns) + 1]


def test_a_sheet_of_many_columns_prints_over_pages_that_can_be_read_with_the_person_on_each(book):
    across = {sheet.label: book[sheet.label].page_setup.fitToWidth or 1 for sheet in SHEETS}
    assert {label: pages for label, pages in across.items() if pages > 1} == {
        "持证人员": 2, "证书奖励申请": 2, "紧缺人才申请": 3, "其他激励": 2}
    page = book["证书奖励申请"]
    assert page.print_title_cols == "$A:$D"
    assert page["D3"].value == "姓名*"
    assert page.page_setup.pageOrder == "overThenDown"


@needs_libreoffice
def test_printed_over_pages_nothing_is_cut_off_and_each_page_names_the_person(config, tmp_path):
    source = tmp_path / "模板.xlsx"
    source.write_bytes(template_bytes(config, "练市镇", AUGUST))
    text = subprocess.run(["pdftotext", "-layout", str(convert(source, "pdf", tmp_path)), "-"], check=True,
                          capture_output=True, text=True).stdout
    pages = [page for page in text.split("\f") if "证书奖励申请" in page.split("\n\n")[0] or "证书奖励申请" in page[:200]]
    claims = [page for page in pages if "示例张三" in page]
    assert len(claims) == 2
    (sheet,) = [one for one in SHEETS if one.label == "证书奖励申请"]
    printed = "".join("".join(claims).split())
    assert [column.label for column in sheet.columns if column.label not in printed and len(column.label) < 6] == []
