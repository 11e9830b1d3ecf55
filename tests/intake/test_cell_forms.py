"""The spellings that intake.md accepts come through exactly; the others are returned on their cell."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from pipeline.idnumber import upgrade
from tests.support.desk import id_number
from tests.support.papers import AWARD, HOLDER, SURVEY, award, column, found, holder, holders, look_at, paper, survey

ID = id_number(1)
X_ID = next(id_number(serial) for serial in range(1, 99) if id_number(serial).endswith("X"))
WIDE = {ord(half): ord(half) + 0xFEE0 for half in "0123456789X"}


@pytest.mark.parametrize("written", [
    ID, ID.translate(WIDE), f" {ID} ", f"{ID[:6]} {ID[6:14]} {ID[14:]}", f"{ID[:6]}-{ID[6:14]}-{ID[14:]}", f"'{ID}",
    f"’{ID}", f"\ufeff{ID}", f"{ID[:9]}\u200b{ID[9:]}", f"{ID}\u00a0", f"{ID}\n", f"\u202a{ID}\u202c",
])
def test_every_spelling_of_an_id_is_the_same_person(written: str):
    reading = holders([HOLDER, holder(身份证号码=written)])
    assert column(reading, "id_number") == [ID]
    assert not found(reading)


@pytest.mark.parametrize("written", [X_ID.lower(), X_ID.translate(WIDE), X_ID.lower().replace("x", "ｘ")])
def test_the_last_letter_of_an_id_is_a_capital_x(written: str):
    assert column(holders([HOLDER, holder(身份证号码=written)]), "id_number") == [X_ID]


def test_a_15_digit_id_is_upgraded_and_noted():
    reading = holders([HOLDER, holder(身份证号码="330503850101001")])
    assert column(reading, "id_number") == [upgrade("330503850101001")] == [ID]
    assert [(change.cell, change.taken[-4:]) for change in reading.changes] == [("B2", ID[-4:])]


@pytest.mark.parametrize("written", [
    X_ID[:17] + "Х", X_ID[:17] + "×", ID.replace("0", "O", 1), ID.replace("1", "l", 1), "1.30503E+17", ID[:17],
    ID + "1", "91330503MA2B4C5D6E", "无", "330503198513010010",
])
def test_what_only_looks_like_an_id_is_returned_and_never_repaired(written: str):
    reading = holders([HOLDER, holder(身份证号码=written)])
    assert found(reading) == [("N02", "退回", "B2")]
    assert column(reading, "id_number") == [None]


@pytest.mark.parametrize("number_format", ["General", "0", "@", "0.00"])
def test_an_id_stored_as_a_number_is_returned_whatever_its_format(number_format: str):
    def as_number(made: Workbook) -> None:
        made["持证人员"]["B2"].value = int(id_number(1).replace("X", "1"))
        made["持证人员"]["B2"].number_format = number_format

    assert found(holders([HOLDER, holder()], as_number)) == [("N03", "退回", "B2")]


def test_a_long_certificate_number_stored_as_a_number_is_returned_and_a_short_one_taken():
    assert found(holders([HOLDER, holder(证书编号=1234567890123456)])) == [("N03", "退回", "F2")]
    assert column(holders([HOLDER, holder(证书编号=20190330500001)]), "certificate_number") == ["20190330500001"]


@pytest.mark.parametrize("written", [
    date(2020, 3, 15), datetime(2020, 3, 15, 8, 30), "2020-03-15", "2020.3.15", "2020.03.15", "2020/3/15",
    "2020年3月15日", "2020年03月15日", "20200315", 20200315, "２０２０．３．１５", " 2020-3-15 ", "2020-03-15 00:00:00",
    "2020 年 3 月 15 日", "'2020-03-15", "2020年3月15号",
])
def test_dates_in_every_accepted_spelling(written: Any):
    reading = holders([HOLDER, holder(发证日期=written)])
    assert column(reading, "issued_on") == ["2020-03-15"]
    assert not found(reading)


@pytest.mark.parametrize("number_format", ["yyyy-mm-dd", "yyyy/m/d", 'yyyy"年"m"月"d"日"', "m/d/yy", "mm-dd-yy",
                                           "[$-804]yyyy\\年m\\月"])
def test_a_real_date_counts_whatever_its_format(number_format: str):
    def formatted(made: Workbook) -> None:
        made["持证人员"]["G2"].number_format = number_format

    assert column(holders([HOLDER, holder(发证日期=date(2020, 3, 15))], formatted), "issued_on") == ["2020-03-15"]


def test_a_workbook_of_1904_has_the_same_days():
    def mac(made: Workbook) -> None:
        made.epoch = CALENDAR_MAC_1904

    assert column(holders([HOLDER, holder(发证日期=date(2020, 3, 15))], mac), "issued_on") == ["2020-03-15"]


@pytest.mark.parametrize("written", [
    "2020-02-30", "2020.13.1", "2020-8", "2020年8月", "20200230", "3/15/2020", "15.3.2020", "去年", "2020", 44000, "1020-03-15",
    True, "20-3-15", "０",
])
def test_what_is_no_real_date_is_returned(written: Any):
    reading = holders([HOLDER, holder(发证日期=written)])
    assert found(reading) == [("N07", "退回", "G2")]
    assert column(reading, "issued_on") == [None]


def test_a_day_after_the_filling_in_is_returned():
    assert found(holders([HOLDER, holder(发证日期="2020-09-06")])) == [("N07", "退回", "G2")]
    assert not found(holders([HOLDER, holder(发证日期="2020-09-05")]))


@pytest.mark.parametrize("written", [
    2000, 2000.0, "2000", "2,000", "2000元", "2,000.00元", "２０００", "２，０００", " 2000 ", "¥2000", "￥2,000", "2000 元", "2000.00",
    "2000元整",
])
def test_amounts_in_every_accepted_spelling(written: Any):
    reading = look_at(paper({"证书奖励申请": [AWARD, award(申请金额=written)]}))
    assert column(reading, "amount", "certificate_awards") == [2000.0]
    assert not found(reading)


@pytest.mark.parametrize("written", ["NaN", "nan", "inf", "-inf", "1e3", "1E3", "两千", "2,00", "2000-3000", "约2000", "-2000", -2000,
                                     2000.001, "0x10", "２０ｅ２", date(2020, 1, 1), True, "1_000", "٢٠٠٠"])
def test_what_is_no_amount_is_returned(written: Any):
    reading = look_at(paper({"证书奖励申请": [AWARD, award(申请金额=written)]}))
    assert found(reading) == [("N08", "退回", "K2")]
    assert column(reading, "amount", "certificate_awards") == [None]


@pytest.mark.parametrize("written", [300, "300", "300人", "３００人", "300 人", "300名"])
def test_headcounts_in_every_accepted_spelling(written: Any):
    reading = look_at(paper({"单位摸底": [SURVEY, survey(从业人员数=written)]}))
    assert column(reading, "headcount", "establishments") == [300]


@pytest.mark.parametrize("written", ["中级", " 中级 ", "中 级", "中级职称", "中级注册安全工程师",
                                     "中级注册安全工程师资格", "中级证书", "中\u200b级"])
def test_levels_with_spaces_and_endings(written: str):
    reading = holders([HOLDER, holder(级别=written)])
    assert column(reading, "level") == ["中级"]
    assert not found(reading)


@pytest.mark.parametrize(("written", "taken"), [
    ("危险化学品生产、储存单位、金属冶炼单位、从业人员300人以上的建筑施工单位", "危化冶炼建筑"),
    ("危险化学品生产、储存单位、金属冶炼单位、从业人员３００人以上的建筑施工单位", "危化冶炼建筑"),
    ("从业人员300人以上的工矿企业", "工矿300人以上"), ("安全生产中介机构", "中介机构"),
    ("本地行业监管部门、各镇(开发区)", "政府部门"), ("其他", "其他"), ("工矿 300人以下", "工矿300人以下"),
])
def test_sectors_by_their_short_name_and_in_the_plans_wording(written: str, taken: str):
    assert column(holders([HOLDER, holder(培育范围=written)]), "sector") == [taken]


@pytest.mark.parametrize(("label", "written", "cell"), [
    ("级别", "特级", "E2"), ("级别", "中高级", "E2"), ("培育范围", "工矿", "D2"), ("取得方式", "调入", "H2"), ("级别", 2, "E2"),
])
def test_a_choice_outside_the_list_is_returned(label: str, written: Any, cell: str):
    assert found(holders([HOLDER, holder(**{label: written})])) == [("N08", "退回", cell)]


@pytest.mark.parametrize(("written", "taken"), [
    ("孙  晖", "孙晖"), ("孙\u3000晖", "孙晖"), ("阿依古丽•买买提", "阿依古丽·买买提"), ("NA", "NA"), ("null", "null"), ("None", "None"),
    ("nan", "nan"), ("John  Smith", "John Smith"), ("𠮷野", "𠮷野"), ("\ue000某", "\ue000某"), ("TRUE", "TRUE"),
    ("1e5", "1e5"), ("#N/A某", "#N/A某"),
])
def test_names_come_through_as_they_are_but_for_spaces(written: str, taken: str):
    assert column(holders([HOLDER, holder(姓名=written)]), "name") == [taken]


@pytest.mark.parametrize(("written", "taken"), [("√", 1), ("是", 1), ("✓", 1), ("✔", 1), ("■", 1), ("☑", 1), ("✔\ufe0f", 1),
                                                ("×", 0), ("否", 0), ("□", 0), (True, 1), (False, 0), ("无", 0)])
def test_ticks(written: Any, taken: int):
    reading = look_at(paper({"证书奖励申请": [AWARD, award(身份证复印件=written)]}))
    assert column(reading, "id_copy", "certificate_awards") == [taken]


@pytest.mark.parametrize("blank", [None, "", " ", "\u3000", "\u200b", "\n", "'", "\u00a0", "\ufeff"])
def test_a_blank_in_a_required_cell_is_returned_under_n01_alone(blank: str | None):
    assert found(holders([HOLDER, holder(证书编号=blank)])) == [("N01", "退回", "F2")]


def test_what_was_changed_is_noted_with_its_cell():
    reading = holders([HOLDER, holder(姓名="孙  晖", 发证日期="2020.3.15", 级别="中级职称")])
    assert [(one.sheet, one.cell, one.taken) for one in reading.changes] == [
        ("持证人员", "A2", "孙晖"), ("持证人员", "E2", "中级"), ("持证人员", "G2", "2020-03-15")]


def test_no_message_shows_a_whole_id():
    for written in (ID, ID.translate(WIDE), f"{ID[:6]} {ID[6:14]} {ID[14:]}", X_ID.lower(), "330503850101001"):
        for label in ("级别", "发证日期", "取得方式", "培育范围"):
            (one,) = holders([HOLDER, holder(**{label: written})]).findings
            assert ID[6:14] not in one.message.replace(" ", "").translate({wide: half for half, wide in WIDE.items()})
            assert "850101" not in one.message
