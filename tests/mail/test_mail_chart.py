"""The mail's picture: the same bytes for the same figures, no clock in it, none without a Chinese font."""

import io

import pytest
from PIL import Image

from pipeline.calendar import Quarter
from pipeline.level_trends import LevelPoint, LevelTrend, level_trends
from pipeline.mail import chart as module
from pipeline.mail.chart import WIDTH, chart
from pipeline.quarter_report import TrendPoint

TRENDS = [
    LevelTrend(level, tuple(LevelPoint(Quarter(2019 + at // 4, at % 4 + 1), 15 + 20 * (at // 4), 4 * at) for at in range(7)))
    for level in ("初级", "中级")]


def drawn(trends: list[LevelTrend]) -> Image.Image:
    made = chart(trends)
    if made is None:
        pytest.skip("no font with Chinese on this computer")
    return Image.open(io.BytesIO(made))


def test_it_is_twice_as_fine_as_it_is_shown_and_grows_with_the_levels() -> None:
    assert drawn(TRENDS).width == 2 * WIDTH
    assert drawn(TRENDS[:1]).height * 2 == drawn(TRENDS).height


def test_the_same_figures_give_the_same_bytes_and_others_do_not() -> None:
    drawn(TRENDS)
    assert chart(TRENDS) == chart(TRENDS)
    assert chart(TRENDS) != chart([TRENDS[0], LevelTrend("中级", (*TRENDS[1].points[:-1], LevelPoint(Quarter(2020, 3), 35, 25)))])


def test_neither_clock_nor_program_stands_in_it() -> None:
    assert set(drawn(TRENDS).info) <= {"dpi"}


def test_without_achinese_font_there_is_no_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_FONTS", ("No Such Font",))
    assert chart(TRENDS) is None


def test_a_report_without_a_trend_has_none() -> None:
    assert chart(level_trends([], ["初级"])) is None


def test_sectors_are_added_up_quarter_by_quarter() -> None:
    points = [TrendPoint(Quarter(2019, number), sector, level, 5, number) for number in (1, 2)
              for sector in ("甲", "乙") for level in ("初级", "中级")]
    (trend,) = level_trends(points, ["中级"])
    assert trend.points == (LevelPoint(Quarter(2019, 1), 10, 2), LevelPoint(Quarter(2019, 2), 10, 4))
