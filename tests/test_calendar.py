"""Months, quarters and periods: the examples are those of the law and the rule book."""

from datetime import date

import pytest

from pipeline.calendar import Month, Quarter, deadline, months_after


@pytest.mark.parametrize("written", [
    "2020-08", "2020-8", "2020年8月", "2020年08月", "202008", "2020/8", "2020.8", "2020年8月份", "２０２０年８月",
    " 2020 年 8 月 ",
])
def test_a_month_is_read_in_every_spelling(written):
    assert Month.parse(written) == Month(2020, 8)


@pytest.mark.parametrize("written", [
    "", "八月", "2020-13", "2020-00", "20-08", "2020", "0020-08", "2020-08-31", "2020年",
])
def test_what_is_no_month_is_none(written):
    assert Month.parse(written) is None


def test_months_are_written_and_ordered_as_dates_are():
    assert str(Month(2020, 8)) == "2020-08"
    assert Month(2019, 12) < Month(2020, 1)
    assert Month.of(date(2020, 8, 31)) == Month(2020, 8)


@pytest.mark.parametrize(("month", "following", "last"), [
    (Month(2020, 2), Month(2020, 3), date(2020, 2, 29)),
    (Month(2021, 2), Month(2021, 3), date(2021, 2, 28)),
    (Month(2020, 11), Month(2020, 12), date(2020, 11, 30)),
    (Month(2020, 12), Month(2021, 1), date(2020, 12, 31)),
])
def test_a_month_knows_the_next_and_its_last_day(month, following, last):
    assert (month.next, month.last_day) == (following, last)


def test_a_return_is_due_on_a_day_of_the_next_month():
    assert Month(2020, 12).due(5) == date(2021, 1, 5)


@pytest.mark.parametrize("month", range(1, 13))
def test_every_month_belongs_to_the_quarter_that_names_it(month):
    assert Month(2020, month) in Quarter.of(Month(2020, month)).months


def test_a_quarter_has_three_months_and_a_chinese_name():
    quarter = Quarter.parse("2020q3")
    assert quarter.months == [Month(2020, 7), Month(2020, 8), Month(2020, 9)]
    assert quarter.last_day == date(2020, 9, 30)
    assert (str(quarter), quarter.chinese) == ("2020Q3", "2020年第三季度")


@pytest.mark.parametrize("written", ["", "2020", "2020Q5", "2020Q0", "Q3", "2020-Q3"])
def test_what_is_no_quarter_is_refused_in_words(written):
    with pytest.raises(ValueError, match="季度应写成 2020Q3 的样子"):
        Quarter.parse(written)


@pytest.mark.parametrize(("begin", "months", "end"), [
    (date(2020, 3, 15), 6, date(2020, 9, 15)),
    (date(2020, 8, 31), 6, date(2021, 2, 28)),  # no 31st: the month's last day
    (date(2019, 8, 31), 6, date(2020, 2, 29)),
    (date(2019, 8, 1), 12, date(2020, 8, 1)),  # insured since 2019-08-01: a full year on 2020-08-01
    (date(2020, 2, 29), 12, date(2021, 2, 28)),
])
def test_a_period_of_months_ends_on_the_corresponding_day(begin, months, end):
    assert months_after(begin, months) == end


@pytest.mark.parametrize(("begin", "last"), [
    (date(2020, 8, 31), date(2021, 3, 1)),  # 2021-02-28 is a Sunday
    (date(2020, 3, 16), date(2020, 9, 16)),  # a Wednesday
    (date(2020, 3, 27), date(2020, 9, 27)),  # a Sunday, worked in exchange for a holiday (调休)
    (date(2020, 4, 10), date(2020, 10, 10)),  # a Saturday, worked likewise
    (date(2020, 4, 1), date(2020, 10, 9)),  # the first of eight holidays
    (date(2019, 7, 24), date(2020, 2, 3)),  # 2020-01-24 to 02-02: the spring festival that was prolonged
])
def test_a_last_day_that_is_a_holiday_moves_to_the_day_after(begin, last):
    assert deadline(begin, 6) == (last, False)


def test_in_a_year_whose_holidays_are_unknown_only_weekends_count_and_the_result_is_provisional():
    assert deadline(date(2098, 9, 1), 6) == (date(2099, 3, 2), True)  # 2099-03-01 is a Sunday
    assert deadline(date(2098, 9, 2), 6) == (date(2099, 3, 2), True)
