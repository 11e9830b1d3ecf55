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
