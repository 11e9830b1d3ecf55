"""Sheets as clerks lay them out: titles, merged headings, totals, signatures, hidden and stacked things."""

from __future__ import annotations

from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill

from pipeline.reading import Reading
from tests.support.desk import id_number
from tests.support.papers import (
    AWARD,
    COVER,
    HOLDER,
    SURVEY,
    award,
    column,
    found,
    holder,
    holders,
    look_at,
    paper,
    returned,
    survey,
)

NOTE = "提示"


def names(reading: Reading) -> list[Any]:
    return column(reading, "name")


def awards(*rows: list[Any], touch: Any = None) -> Reading:
    return look_at(paper({"证书奖励申请": [AWARD, *rows]}, touch=touch))


def test_title_rows_and_a_line_for_the_unit_stand_above_the_header():
    title = [["练市镇注册安全工程师持证人员名册"], ["填报单位：练市镇", None, None, "2020年8月"], []]
    reading = holders([*title, HOLDER, holder(1), holder(2)])
    assert names(reading) == ["甲1", "甲2"]
    assert reading.tables[0].rows == [5, 6]
    assert not found(reading)


def test_instructions_stand_above_the_header():
    lines = [["填表说明："], ["1. 姓名、身份证号码按身份证填写。"], ["2. 级别：初级、中级、高级。"], ["3. 发证日期按证书上印的日期填写"]]
    reading = holders([*lines, HOLDER, holder()])
    assert names(reading) == ["甲1"]
    assert not found(reading)


def test_columns_stand_in_any_order():
    reading = holders([HOLDER[::-1], holder()[::-1]])
    assert column(reading, "id_number") == [id_number(1)]
    assert reading.tables[0].letters["name"] == "H"
    assert not found(reading)


@pytest.mark.parametrize(("label", "written"), [
    ("身份证号码", "身份证号"), ("身份证号码", "证件号码"), ("身份证号码", "身份证\n号码*"), ("身份证号码", "身 份 证 号 码"),
    ("姓名", "姓  名"),
    ("姓名", "姓名＊"), ("姓名", "人员姓名"), ("发证日期", "发证日期（年月日）"), ("发证日期", "取证日期"), ("工作单位", "所在单位"),
    ("证书编号", "证书号："), ("级别", "证书级别（初级/中级/高级）"), ("工作单位", "单位"),
])
def test_headings_with_synonyms_spaces_line_breaks_and_asterisks(label: str, written: str):
    reading = holders([[written if one == label else one for one in HOLDER], holder()])
    assert names(reading) == ["甲1"]
    assert not found(reading)


def test_a_serial_column_is_not_read_and_not_reported():
    reading = holders([["序号", *HOLDER, "备注"], [1, *holder(), "无"]])
    assert column(reading, "remark") == ["无"]
    assert not found(reading)


def merged_header(made: Workbook) -> None:
    page = made["证书奖励申请"]
    for at in range(1, len(AWARD) + 1):
        if at not in (4, 5, 7, 8, 9):
            page.merge_cells(start_row=1, end_row=2, start_column=at, end_column=at)
    page.merge_cells("D1:E1")
    page.merge_cells("G1:I1")


UPPER = ["填报日期", "姓名", "身份证号码", "用人单位", None, "手机号码", "证书", None, None, *AWARD[9:]]
LOWER = [None, None, None, "工作单位", "单位性质", None, "证书编号", "发证日期", "领取日期"]


def test_a_header_of_two_merged_rows():
    reading = look_at(paper({"证书奖励申请": [["标题"], UPPER, LOWER, award(1), award(2)]}, touch=None))
    assert column(reading, "name", "certificate_awards") == ["甲1", "甲2"]
    assert not found(reading)
    merged = look_at(paper({"证书奖励申请": [UPPER, LOWER, award(1)]}, touch=merged_header))
    assert column(merged, "collected_on", "certificate_awards") == ["2020-04-01"]
    assert not found(merged)


def test_a_header_of_two_rows_is_repeated_with_its_title():
    block = [["证书奖励申请汇总"], UPPER, LOWER]
    reading = look_at(paper({"证书奖励申请": [*block, award(1), *block, award(2)]}))
    assert column(reading, "name", "certificate_awards") == ["甲1", "甲2"]
    assert not found(reading)


def test_a_repeated_header_is_no_person():
    reading = holders([HOLDER, holder(1), HOLDER, holder(2)])
    assert reading.tables[0].rows == [2, 4]
    assert not found(reading)


def test_empty_rows_stand_between():
    reading = holders([HOLDER, holder(1), *[[]] * 40, holder(2), [" ", "\u3000"], holder(3)])
    assert reading.tables[0].rows == [2, 43, 45]
    assert not found(reading)


def test_right_totals_are_neither_imported_nor_reported():
    reading = awards(award(1), award(2), ["小计", None, None, "2人", *[None] * 6, 4000], award(3, 申请级别="初级", 申请金额=1000),
                     ["合计：3人", *[None] * 9, "5,000元"])
    assert column(reading, "name", "certificate_awards") == ["甲1", "甲2", "甲3"]
    assert not found(reading)


@pytest.mark.parametrize(("row", "cell"), [
    (["合  计", *[None] * 9, 3000], "K4"), (["合计", "3人", *[None] * 8, 4000], "A4"), (["总计（元）", *[None] * 9, "5000元"], "K4"),
    (["本页小计", *[None] * 9, 1], "K4"),
])
def test_a_total_that_differs_from_its_rows_is_noted(row: list[Any], cell: str):
    reading = awards(award(1), award(2), row)
    assert found(reading) == [("N11", NOTE, cell)]
    assert len(reading.tables[0].rows) == 2


def test_a_total_of_headcounts_is_checked():
    reading = look_at(paper({"单位摸底": [SURVEY, survey(), survey(单位名称="乙公司"), ["合计", None, 641]]}))
    assert found(reading) == [("N11", NOTE, "C4")]


def test_a_person_is_never_taken_for_a_total_or_a_remark():
    reading = holders([HOLDER, holder(姓名="合计"), holder(2, 姓名="示例"), holder(3, 姓名="注：某")])
    assert len(reading.tables[0].rows) == 3


def test_signatures_and_instructions_below_are_no_rows():
    reading = holders([
        HOLDER, holder(), [], ["填表人：张某", None, "审核人：李某", None, None, "日期：2020年9月5日"], ["单位（盖章）"], ["填表说明："],
        ["1.身份证号码按文本格式填写，最后一位可为X。"], ["2、级别分为初级、中级、高级"], ["（3）本表一式三份"], ["请于每月5日前报送"],
        ["联系电话：0572-3012345"],
    ])
    assert names(reading) == ["甲1"]
    assert not found(reading)


def test_a_row_with_a_name_alone_is_returned_and_not_passed_over():
    reading = holders([HOLDER, holder(), ["乙"]])
    assert {(one.rule, one.row) for one in returned(reading)} == {("N01", 3)}
    assert reading.tables[0].rows == [2, 3]


def test_a_row_with_a_broken_id_below_the_signature_is_still_a_row():
    reading = holders([HOLDER, holder(), ["填表人：张某"], ["乙", "330503198501010019"]])
    assert {one.row for one in returned(reading)} == {4}


@pytest.mark.parametrize("first", ["示例", "（示例）张三", "例：张三", "填写示例", "示例张三", "样例"])
def test_an_example_row_is_passed_over(first: str):
    reading = holders([HOLDER, holder(姓名=first, 身份证号码="330503199001010000"), holder()])
    assert names(reading) == ["甲1"]
    assert not found(reading)


def test_hidden_rows_are_read_and_reported():
    def hide(made: Workbook) -> None:
        made["持证人员"].row_dimensions[3].hidden = True

    reading = holders([HOLDER, holder(1), holder(2)], hide)
    assert names(reading) == ["甲1", "甲2"]
    assert found(reading) == [("N11", NOTE, "A3")]


def test_hidden_columns_and_sheets_are_read_and_reported():
    def hide(made: Workbook) -> None:
        made["持证人员"].column_dimensions["B"].hidden = True
        made["持证人员"].sheet_state = "veryHidden"

    reading = holders([HOLDER, holder(1)], hide)
    assert column(reading, "id_number") == [id_number(1)]
    assert [one.sheet for one in reading.findings if one.rule == "N11"] == ["持证人员"] * 2


def test_filtered_rows_are_read():
    def filtered(made: Workbook) -> None:
        made["持证人员"].auto_filter.ref = "A1:H3"
        made["持证人员"].row_dimensions[2].hidden = True

    assert names(holders([HOLDER, holder(1), holder(2)], filtered)) == ["甲1", "甲2"]


def test_a_merged_employer_holds_for_every_row():
    def merge(made: Workbook) -> None:
        made["持证人员"].merge_cells("C2:C4")
        made["持证人员"].merge_cells("D2:D4")

    reading = holders([HOLDER, holder(1), holder(2), holder(3)], merge)
    assert column(reading, "employer") == ["甲公司"] * 3
    assert column(reading, "sector") == ["工矿300人以上"] * 3
    assert not found(reading)


@pytest.mark.parametrize("letter", ["A", "B", "F"])
def test_a_merged_name_id_or_certificate_belongs_to_the_first_row(letter: str):
    reading = holders([HOLDER, holder(1), holder(2)], lambda made: made["持证人员"].merge_cells(f"{letter}2:{letter}3"))
    assert found(reading) == [("N01", "退回", f"{letter}3")]
    assert "合并" in reading.findings[0].message


def test_a_merged_amount_belongs_to_the_first_row():
    reading = awards(award(1), award(2), award(3), touch=lambda made: made["证书奖励申请"].merge_cells("K2:K4"))
    assert column(reading, "amount", "certificate_awards") == [2000.0, None, None]
    assert found(reading) == [("N01", "退回", "K3"), ("N01", "退回", "K4")]


def test_a_cell_merged_to_the_right_is_read_once():
    reading = holders([[*HOLDER, "备注"], [*holder(), "甲", "乙"]], lambda made: made["持证人员"].merge_cells("I2:J2"))
    assert column(reading, "remark") == ["甲"]


def test_two_tables_of_different_kinds_stand_in_one_sheet():
    reading = look_at(paper({"汇总": [["一、持证人员"], HOLDER, holder(1), [], ["二、证书奖励申请"], AWARD, award(1), award(2)]}))
    assert names(reading) == ["甲1"]
    assert column(reading, "name", "certificate_awards") == ["甲1", "甲2"]
    assert not returned(reading)


def test_two_tables_of_one_kind_with_other_columns_stand_in_one_sheet():
    reading = holders([HOLDER, holder(1), [], HOLDER[::-1], holder(2)[::-1]])
    assert names(reading) == ["甲1", "甲2"]
    assert not returned(reading)


def test_two_tables_side_by_side_are_returned_and_not_read_wrongly():
    reading = holders([[*HOLDER, None, *HOLDER], [*holder(1), None, *holder(2)]])
    assert {one.rule for one in returned(reading)} == {"N08"}


def test_two_columns_of_one_name_are_returned():
    reading = holders([[*HOLDER, "级别"], [*holder(), "初级"]])
    assert [(one.rule, one.row, one.cell) for one in returned(reading)] == [("N08", 2, "E1")]


def test_an_unknown_column_is_reported_where_something_stands_in_it():
    assert found(holders([[*HOLDER, "政治面貌"], [*holder(), "群众"]])) == [("N11", NOTE, "I1")]
    assert not found(holders([[*HOLDER, "政治面貌"], holder()]))


def test_an_unknown_sheet_is_reported_where_something_stands_in_it():
    reading = look_at(paper({"持证人员": [HOLDER, holder()], "会议记录": [["内容"]], "Sheet3": []}))
    assert [(one.rule, one.sheet) for one in reading.findings] == [("N11", "会议记录")]


@pytest.mark.parametrize("name", ["持证人员", "持证人员名单", " 持证人员 ", "持证人员(2)", "2020年持证", "Sheet1", "持 证 人 员"])
def test_a_sheet_is_found_by_its_name_or_by_its_header(name: str):
    reading = look_at(paper({name: [HOLDER, holder()]}))
    assert names(reading) == ["甲1"]
    assert not found(reading)


def test_a_missing_required_column_returns_each_row():
    reading = holders([HOLDER[:-1], holder(1)[:-1], holder(2)[:-1]])
    assert [(one.rule, one.row) for one in returned(reading)] == [("N01", 2), ("N01", 3)]


def test_what_is_required_of_some_rows_only():
    introduced = holders([[*HOLDER, "引进日期"], [*holder(取得方式="引进"), None], [*holder(2), None]])
    assert found(introduced) == [("N01", "退回", "I2")]
    agency = look_at(paper({"单位摸底": [SURVEY, survey(单位类型="安全生产中介机构")]}))
    assert [one.rule for one in returned(agency)] == ["N01"]


def test_formulas_without_a_value_return_the_row_and_are_never_zero():
    reading = awards(award(1, 申请金额="=1000+1000"), award(2, 领取日期="=TODAY()"), award(3, 姓名='="张"&"三"'))
    assert column(reading, "amount", "certificate_awards") == [None, 2000.0, 2000.0]
    assert {one.row for one in returned(reading)} == {2, 3, 4}
    assert {one.cell for one in reading.findings if one.rule == "N11"} == {"K2", "I3", "B4"}


def test_a_row_of_formulas_alone_is_not_lost():
    reading = holders([HOLDER, holder(), [f"=A{at}" for at in range(1, 9)]])
    assert reading.tables[0].rows == [2, 3]
    assert {one.row for one in returned(reading)} == {3}


@pytest.mark.parametrize("error", ["#REF!", "#N/A", "#DIV/0!", "#VALUE!", "#NAME?", "#NULL!", "#NUM!"])
def test_error_values_return_their_row_and_the_rest_is_read(error: str):
    reading = awards(award(1), award(2, 申请金额=error), award(3, 领取日期=error))
    assert column(reading, "amount", "certificate_awards") == [2000.0, None, 2000.0]
    assert [(one.cell, error in one.message) for one in returned(reading)] == [("K3", True), ("I4", True)]


def test_comments_and_fonts_do_not_disturb():
    def annotate(made: Workbook) -> None:
        cell = made["持证人员"]["A2"]
        cell.comment = Comment("应为李四", "x")
        cell.fill, cell.font = PatternFill("solid", fgColor="FF0000"), Font(strike=True)

    assert names(holders([HOLDER, holder()], annotate)) == ["甲1"]


def test_a_header_without_rows_and_a_workbook_of_empty_sheets():
    assert [one.rule for one in holders([HOLDER]).findings] == ["N11"]
    assert not found(look_at(paper({"持证人员": [HOLDER]}, COVER | {"零报告": "是"})))


def test_undecided_rows_of_a_review_are_passed_over():
    head = ["编号", "环节", "意见", "日期", "经办人"]
    reading = look_at(paper({"审核意见": [head, ["NX-2020-0001", "初审"], ["NX-2020-0002", "初审", "核准", "2020-09-01", "王某"],
                                       ["NX-2020-0003", "初审", "核准"]]}))
    assert column(reading, "claim", "decisions") == ["NX-2020-0002", "NX-2020-0003"]
    assert {one.row for one in returned(reading)} == {4}


def test_a_second_table_may_have_a_header_of_two_rows():
    reading = look_at(paper({"汇总": [HOLDER, holder(1), UPPER, LOWER, award(1)]}))
    assert names(reading) == ["甲1"]
    assert column(reading, "collected_on", "certificate_awards") == ["2020-04-01"]
    assert not returned(reading)


def test_a_column_without_a_heading_is_reported_where_something_stands_in_it():
    reading = holders([["", *HOLDER, None], [1, *holder(1), "某事"], [2, *holder(2)]])
    assert names(reading) == ["甲1", "甲2"]
    assert found(reading) == [("N11", NOTE, "J1")]


def test_a_second_table_of_the_same_kind_with_two_columns_exchanged_is_not_read_wrongly():
    other = ["姓名", "身份证号码", "工作单位", "培育范围", "级别", "证书编号", "取得方式", "发证日期"]
    reading = holders([HOLDER, holder(1), other, [*holder(2)[:6], "引进", "2020-03-16"]])
    assert column(reading, "issued_on") == ["2020-03-15", "2020-03-16"]
    assert column(reading, "route") == ["考试取得", "引进"]
