"""The cover: unit, month and day; the files that go back whole because of it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from openpyxl import Workbook

from pipeline.calendar import Month
from pipeline.reading import Reading
from pipeline.report.templates import template_bytes
from tests.support.desk import CONFIG
from tests.support.papers import COVER, HOLDER, found, holder, look_at, paper

SHEET = {"持证人员": [HOLDER, holder()]}


def covered(today: date = date(2020, 10, 8), **changes: Any) -> Reading:
    return look_at(paper(SHEET, COVER | changes), today=today)


def refused_with(reading: Reading, word: str) -> bool:
    """Whether the file goes back whole, under N00 alone, for a reason with this word."""
    (one,) = reading.findings
    assert (reading.refused, reading.tables, one.rule, str(one.severity)) == (True, [], "N00", "退回")
    assert one.sheet is None
    assert one.cell is None
    return word in one.message


@pytest.mark.parametrize("written", [
    "2020-08", "2020-8", "2020年8月", "2020年08月", "202008", 202008, date(2020, 8, 1), datetime(2020, 8, 31, 9), "2020/8", "2020.8",
    "２０２０年８月",
    " 2020 年 8 月 ", "2020年8月份",
])
def test_the_month_in_every_accepted_spelling(written: Any):
    reading = covered(填报月份=written)
    assert reading.cover.month == Month(2020, 8)
    assert not found(reading)


@pytest.mark.parametrize("written", ["8月", "2020年", "2020-13", "八月", "2020Q3", "不详", 8])
def test_a_month_that_nobody_can_read_sends_the_file_back(written: Any):
    assert refused_with(covered(填报月份=written), "填报月份")


def test_a_month_after_todays_sends_the_file_back_and_this_month_does_not():
    assert refused_with(covered(填报月份="2020-11"), "晚于")
    assert not covered(填报月份="2020-10").refused


@pytest.mark.parametrize(("written", "unit"), [
    ("练市镇", "练市镇"), (" 练 市 镇 ", "练市镇"), ("练市镇人民政府", "练市镇"), ("区应急局", "区应急管理局"),
    ("南浔经济开发区", "开发区"),
])
def test_units_by_name_and_alias(written: str, unit: str):
    assert covered(填报单位=written).cover.unit == unit


@pytest.mark.parametrize("written", ["某某镇", "湖州市", "练市", None, " ", 1])
def test_an_unknown_unit_or_none_sends_the_file_back(written: Any):
    assert refused_with(covered(填报单位=written), "填报单位")


@pytest.mark.parametrize(("written", "asked"), [
    ("练市", "（是不是“练市镇”？）"), ("区应急局机关", "（是不是“区应急管理局”？）"), ("甲公司", "")])
def test_a_unit_that_is_nearly_one_of_the_list_is_asked_about_and_not_taken(written: str, asked: str):
    reading = covered(填报单位=written)
    assert reading.refused
    assert reading.findings[0].message == f"封面的填报单位“{written}”不在单位名单中{asked}；请按名单填写单位名称"


def test_no_cover_and_two_covers_send_the_file_back():
    bare = Workbook()
    bare.worksheets[0].title = "持证人员"
    for row in SHEET["持证人员"]:
        bare.worksheets[0].append(row)
    assert refused_with(look_at(paper(SHEET, touch=lambda made: made.remove(made["封面"]))), "封面")
    assert refused_with(look_at(paper(SHEET | {"封面 (2)": list(COVER.items())})), "2 个封面")
    assert refused_with(look_at(paper(SHEET | {"Sheet9": list(COVER.items())})), "2 个封面")


def test_a_sheet_that_merely_explains_the_cover_is_no_second_cover():
    assert not look_at(paper(SHEET | {"封面填写说明": [["请填写单位名称和月份"]]})).refused


def test_the_cover_is_found_under_another_name_and_below_a_title():
    def rename(made: Workbook) -> None:
        made["封面"].insert_rows(1, 2)
        made["封面"]["A1"] = "练市镇月报"
        made["封面"].title = "Sheet1"

    assert look_at(paper(SHEET, touch=rename)).cover.unit == "练市镇"


@pytest.mark.parametrize("label", ["填报单位*", "填报单位：", " 填 报 单 位", "报送单位", "填报单位（盖章）"])
def test_labels_with_asterisk_colon_and_spaces(label: str):
    lines = {label if key == "填报单位" else key: value for key, value in COVER.items()}
    assert look_at(paper(SHEET, lines)).cover.unit == "练市镇"


@pytest.mark.parametrize(("label", "cell"), [("填报人", "B3"), ("联系电话", "B4"), ("填报日期", "B5")])
def test_what_else_the_cover_lacks_is_named_with_its_cell(label: str, cell: str):
    reading = covered(**{label: None})
    assert found(reading) == [("N01", "退回", cell)]
    assert len(reading.tables) == 1


def test_a_hint_beside_a_blank_entry_is_not_taken_for_the_entry():
    reading = look_at(paper(SHEET, COVER | {"填报人": None}, lambda made: made["封面"].__setitem__("C3", "填表人的姓名")))
    assert found(reading) == [("N01", "退回", "B3")]
    assert refused_with(look_at(paper(SHEET, COVER | {"填报月份": None},
                                      lambda made: made["封面"].__setitem__("C2", "2020-08"))), "填报月份")


def test_the_labels_may_be_merged_over_two_columns():
    def widen(made: Workbook) -> None:
        made["封面"].insert_cols(2)
        for row in range(1, 6):
            made["封面"].merge_cells(f"A{row}:B{row}")

    assert not found(look_at(paper(SHEET, touch=widen)))


def test_a_cover_dated_after_arrival_is_to_be_looked_at():
    assert found(covered(填报日期="2020-10-09")) == [("N07", "复核", "B5")]
    assert not found(covered(填报日期="2020-10-08"))


def test_a_cover_with_an_impossible_day_is_told_so():
    reading = covered(填报日期="2020-02-30")
    assert found(reading) == [("N07", "退回", "B5")]
    assert reading.cover.filled_on is None


def test_a_nil_return_is_sound_and_a_nil_return_with_rows_is_noted():
    nil = look_at(paper({}, COVER | {"零报告": "是"}))
    assert (nil.refused, nil.cover.nil_return, nil.findings) == (False, True, [])
    filled = covered(零报告="是")
    assert (filled.cover.nil_return, [one.rule for one in filled.findings]) == (False, ["N11"])


def test_no_known_sheet_sends_the_file_back():
    assert refused_with(look_at(paper({"会议记录": [["内容"]]})), "没有一个认得出的表")
    assert refused_with(look_at(paper({})), "没有一个认得出的表")


def test_a_doubtful_phone_and_an_old_template_are_notes():
    assert found(covered(联系电话="12345")) == [("N10", "提示", "B4")]
    assert found(covered(模板版本="2019.1")) == [("N11", "提示", "B6")]
    assert not found(covered(联系电话="0572-3012345"))
    assert not found(covered(联系电话=13800000000))


def test_a_blank_template_lacks_what_the_unit_must_fill_in():
    reading = look_at(template_bytes(CONFIG, "练市镇", Month(2020, 8)))
    assert [(one.rule, one.sheet, one.row) for one in reading.findings if one.rule == "N01"] == [
        ("N01", "封面", row) for row in sorted(one.row for one in reading.findings if one.rule == "N01")]
    assert sum(one.rule == "N01" for one in reading.findings) == 3
