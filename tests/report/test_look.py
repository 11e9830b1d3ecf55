"""The shared look of the workbooks."""

import pytest
from pydantic import ValidationError

from pipeline.report.look import Look, look


def test_the_fonts_are_those_of_official_papers():
    assert tuple(look().fonts.model_dump().values()) == ("方正小标宋简体", "黑体", "仿宋_GB2312")


def test_margins_are_kept_in_centimetres_and_given_to_excel_in_inches():
    margins = look().margins
    assert margins.inches["left"] == pytest.approx(margins.left / 2.54, abs=0.005)
    assert list(margins.inches) == ["left", "right", "top", "bottom"]


def test_a_misspelt_colour_is_refused_rather_than_written_into_a_workbook():
    data = look().model_dump()
    data["colours"]["border"] = "blue"
    with pytest.raises(ValidationError):
        Look.model_validate(data)


def test_the_look_is_read_once():
    assert look() is look()


def test_columns_fill_the_sheet_by_what_grows_and_by_all_where_nothing_does():
    kinds = look().columns
    page = look().sheet_width
    words, unit = look().spread(["words", "unit"])
    assert unit == kinds["unit"].width
    assert words + unit == pytest.approx(page, abs=2)
    units = look().spread(["unit", "unit", "unit"])
    assert len(set(units)) == 1
    assert sum(units) == pytest.approx(page, abs=3)


def test_columns_that_need_more_than_the_sheet_keep_their_widths():
    assert look().spread(["words"] * 5) == [look().columns["words"].width] * 5
