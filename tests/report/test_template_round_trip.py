"""A template, filled in and read back: nothing is lost and nothing is reported, for every declared sheet."""

import io
from datetime import date, datetime
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from stdnum.cn import uscc

from pipeline.calendar import Month
from pipeline.config import Config
from pipeline.config_file import load
from pipeline.idnumber import check_digit
from pipeline.intake import read
from pipeline.reading import Reading, Value
from pipeline.report.templates import template_bytes
from pipeline.sheets import COVER, SHEETS, Column, Kind, choices_of

HEADER, FIRST, LAST = 3, 5, 204
AUGUST, ARRIVED = Month(2020, 8), date(2020, 9, 3)
ID_NUMBER = "33050319850607001" + check_digit("33050319850607001")
CREDIT_CODE = "91330503MA2B0ABC1" + uscc.calc_check_digit("91330503MA2B0ABC1")

# What a clerk types and what is read from it; choices and plain text are made per column.
TYPED: dict[Kind, tuple[object, Value]] = {
    Kind.NAME: ("欧阳示例", "欧阳示例"),
    Kind.ID: (ID_NUMBER, ID_NUMBER),
    Kind.CODE: ("00123456789012345678", "00123456789012345678"),
    Kind.PHONE: ("13800000001", "13800000001"),
    Kind.USCC: (CREDIT_CODE, CREDIT_CODE),
    Kind.DATE: (datetime(2020, 7, 6), "2020-07-06"),
    Kind.YEAR: (2020, 2020),
    Kind.COUNT: (36, 36),
    Kind.MONEY: (1000.5, 1000.5),
    Kind.HOURS: (47.5, 47.5),
    Kind.YESNO: ("是", 1),
    Kind.TICK: ("√", 1),
}


def entry(column: Column, config: Config) -> tuple[object, Value]:
    """A value for a column: what is typed, and what must come back."""
    if choices := choices_of(column, config):
        return choices[-1], choices[-1]
    return TYPED.get(column.kind, (f"试填{column.label}", f"试填{column.label}"))


@pytest.fixture(scope="module")
def config() -> Config:
    return load(Path(__file__).parents[2] / "config.yaml")


@pytest.fixture(scope="module")
def blank(config: Config) -> bytes:
    return template_bytes(config, config.first_review_unit, AUGUST)


def with_cover(content: bytes, **more: object) -> Workbook:
    book = load_workbook(io.BytesIO(content))
    filled = {"filled_by": "示例李四", "phone": "0572-3000000", "filled_on": datetime(2020, 8, 31)} | more
    for row, column in enumerate(COVER, 3):
        if column.field in filled:
            book["封面"].cell(row, 2).value = filled[column.field]
    return book


def reading_of(book: Workbook, config: Config) -> Reading:
    stream = io.BytesIO()
    book.save(stream)
    return read(stream.getvalue(), "区应急管理局_2020-08.xlsx", ARRIVED, config)


@pytest.fixture(scope="module", params=[FIRST, LAST], ids=["first entry row", "last entry row"])
def filled_row(request) -> int:
    return request.param


@pytest.fixture(scope="module")
def reading(blank: bytes, config: Config, filled_row: int) -> Reading:
    """The template with one row of every sheet filled in, read back."""
    book = with_cover(blank)
    for sheet in SHEETS:
        for place, column in enumerate(sheet.columns, 2):
            book[sheet.label].cell(filled_row, place).value = entry(column, config)[0]
    return reading_of(book, config)


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.key)
def test_every_value_of_a_filled_in_row_comes_back_from_its_own_cell(reading, config, filled_row, sheet):
    tables = [table for table in reading.tables if table.kind == sheet.key]
    assert [(table.sheet, table.rows) for table in tables] == [(sheet.label, [filled_row])]
    wanted = {column.field: [entry(column, config)[1]] for column in sheet.columns}
    assert tables[0].values == wanted
    assert sorted(tables[0].letters) == sorted(sheet.fields)


def test_nothing_is_reported_changed_or_refused(reading):
    assert reading.findings == []
    assert reading.changes == []
    assert not reading.refused


def test_the_cover_comes_back(reading, config):
    cover = reading.cover
    assert (cover.unit, cover.month) == (config.first_review_unit, AUGUST)
    assert (cover.filled_by, cover.filled_on, cover.nil_return) == ("示例李四", date(2020, 8, 31), False)


def test_a_blank_template_is_a_nil_return_whose_example_rows_count_for_nothing(blank, config):
    reading = reading_of(with_cover(blank, nil_return="是"), config)
    assert reading.cover.nil_return
    assert [row for table in reading.tables for row in table.rows] == []
    assert reading.findings == []


def test_a_town_may_fill_all_two_hundred_rows(config):
    book = with_cover(template_bytes(config, "练市镇", AUGUST))
    activities = next(sheet for sheet in SHEETS if sheet.key == "activities")
    for row in range(FIRST, LAST + 1):
        for place, column in enumerate(activities.columns, 2):
            book[activities.label].cell(row, place).value = entry(column, config)[0]
    reading = reading_of(book, config)
    assert [table.rows for table in reading.tables if table.rows] == [list(range(FIRST, LAST + 1))]
    assert reading.findings == []
