"""What is not read is said; what has one reading alone is read; what has two goes back."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from typing import Any

import pytest

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
    survey,
)

ACTIVITY = ["日期", "举措", "主题"]


@pytest.mark.parametrize("topic", ["例行安全宣传", "例会上的宣传", "以上率下专题", "说明会"])
def test_a_topic_that_begins_like_an_example_or_a_remark_is_a_row(topic: str):
    reading = look_at(paper({"工作举措": [ACTIVITY, ["2020-08-10", "宣传发动", topic]]}))
    assert column(reading, "topic", "activities") == [topic]


def test_an_establishment_still_marked_as_example_is_not_passed_over_in_silence():
    reading = look_at(paper({"单位摸底": [["序号", *SURVEY], ["示例", *survey(单位名称="真公司")], [1, *survey()]]}))
    assert column(reading, "establishment", "establishments") == ["甲公司"]
    assert found(reading) == [("N11", "提示", "A2")]


def test_a_note_beside_the_columns_is_told():
    reading = holders([["序号", *HOLDER], [1, *holder()], ["王五的证书下月补报"], ["填表人：张某"], [3], ["合计"]])
    assert found(reading) == [("N11", "提示", "A3")]


def test_a_sheet_without_its_header_goes_back_and_the_others_are_read():
    reading = look_at(paper({"持证人员": [["人员甲"], ["人员乙"]], "单位摸底": [SURVEY, survey()]}))
    assert [(one.rule, str(one.severity), one.sheet) for one in reading.findings] == [("N01", "退回", "持证人员")]
    assert column(reading, "establishment", "establishments") == ["甲公司"]


def test_a_file_whose_only_sheet_has_no_header_is_refused_for_that():
    reading = holders([["人员甲"], ["人员乙"]])
    assert reading.refused
    assert "表头" in reading.findings[0].message


def test_a_list_of_names_of_another_kind_is_no_sheet_of_leavers():
    reading = look_at(paper({"通讯录": [["姓名", "身份证号码", "备注"], ["甲", id_number(1), "x"]],
                             "持证人员": [HOLDER, holder()]}))
    assert [table.kind for table in reading.tables] == ["certificates"]
    assert [(one.rule, one.sheet) for one in reading.findings] == [("N11", "通讯录")]


def test_formulas_that_give_an_empty_text_are_blank_cells():
    content, target = paper({"持证人员": [HOLDER, holder()]}), io.BytesIO()
    rows = "".join(f'<row r="{row}"><c r="B{row}" t="str"><f>IF(A{row}="","","x")</f><v></v></c></row>'
                   for row in range(3, 100))
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b"</sheetData>", f"{rows}</sheetData>".encode())
                         if name.endswith("sheet2.xml") else old.read(name))
    reading = look_at(target.getvalue())
    assert column(reading, "name") == ["甲1"]
    assert not reading.findings


def test_a_month_as_the_number_2020_1_may_be_january_or_october():
    sheets = {"持证人员": [HOLDER, holder()]}
    assert look_at(paper(sheets, COVER | {"填报月份": 2020.1})).refused
    assert str(look_at(paper(sheets, COVER | {"填报月份": 2020.08})).cover.month) == "2020-08"


def test_a_cover_with_label_and_value_in_one_cell_is_read():
    lines = {f"{label}：{value}": None for label, value in COVER.items()}
    reading = look_at(paper({"持证人员": [HOLDER, holder()]}, lines))
    assert (reading.cover.unit, str(reading.cover.month)) == ("练市镇", "2020-08")
    assert not reading.findings


def test_a_hint_beside_a_blank_entry_is_no_entry():
    reading = look_at(paper({"持证人员": [HOLDER, holder()]}, COVER | {"填报人": None},
                            lambda made: made["封面"].__setitem__("C3", "填表人的姓名")))
    assert reading.cover.filled_by is None
    assert found(reading) == [("N01", "退回", "B3")]


def test_a_nil_return_that_says_neither_yes_nor_no_is_told():
    reading = look_at(paper({"持证人员": [HOLDER, holder()]}, COVER | {"零报告": "可能"}))
    assert found(reading) == [("N08", "退回", "B6")]
    assert column(reading, "name") == ["甲1"]


@pytest.mark.parametrize("written", ["3.30503E+17", "1.2e+16", date(2020, 3, 1)])
def test_a_certificate_number_that_a_program_rewrote_is_returned(written: Any):
    assert found(holders([HOLDER, holder(证书编号=written)])) == [("N03", "退回", "F2")]


def test_the_rest_that_a_formula_leaves_behind_an_amount_is_dropped():
    reading = look_at(paper({"证书奖励申请": [AWARD, award(申请金额=2000.0000000001)]}))
    assert column(reading, "amount", "certificate_awards") == [2000.0]


@pytest.mark.parametrize(("written", "taken"), [
    ("José  María", "José María"), ("买买提．艾力", "买买提·艾力"), ("买买提 · 艾力", "买买提·艾力"), ("豈文", "豈文"),
])
def test_names_keep_their_own_characters(written: str, taken: str):
    assert column(holders([HOLDER, holder(姓名=written)]), "name") == [taken]


def test_a_date_that_lost_its_format_goes_back_with_the_day_that_it_may_be():
    (finding,) = holders([HOLDER, holder(发证日期=43905)]).findings
    assert finding.rule == "N07"
    assert "2020-03-15" in finding.message


def test_rows_of_a_subtitle_above_the_header_are_no_header():
    reading = holders([["持证人员名单"], ["单位名称", "练市镇", "填报日期", "2020-09-01"], HOLDER, holder()])
    assert reading.tables[0].rows == [4]
    assert not reading.findings


def test_steering_characters_never_stand_in_a_message():
    (finding,) = holders([HOLDER, holder(级别="\x9b31m甲\u202e\u2066")]).findings
    assert not set("\x9b\u202e\u2066") & set(finding.message)


@pytest.mark.parametrize(("measure", "lacking"), [
    ("报考费用报销", ["费用类别", "金额"]), ("高层次人才", ["社保起缴日期"]), ("企业岗位津贴", []),
])
def test_each_measure_asks_for_its_own_columns(measure: str, lacking: list[str]):
    header = ["激励项目", "填报日期", "姓名", "身份证号码", "工作单位", "职称", "取得日期", "考试年度", "费用类别", "社保起缴日期", "金额"]
    row = [measure, "2020-08-20", "甲", id_number(1), "甲公司", "正高", "2019-06-10", 2020]
    reading = look_at(paper({"其他激励": [header, row]}))
    assert {one.rule for one in reading.findings} == ({"N01"} if lacking else set())
    assert all(f"“{label}”" in one.message for one in reading.findings for label in lacking)
