"""Two charts as inline SVG: target and actual over the quarters, attainment of each sector.

Colours and type come from the page's style sheet by class; dashes and hatching say the same without colour.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from xml.etree.ElementTree import Element, SubElement, tostring

from markupsafe import Markup

from pipeline.calendar import Quarter
from pipeline.level_trends import LevelPoint, LevelTrend
from pipeline.plan_figures import attainment
from pipeline.quarter_report import SectorLine

_WIDTH = 400
_LEFT, _RIGHT, _TOP, _FLOOR = 34, 62, 14, 214  # the plot's edges; the right margin holds the names of the lines
_TREND_HEIGHT = 256
_ROW, _BAR, _HEAD = 44, 14, 12  # of the attainment chart: a sector's height, its bar's, the scale's
_TICKS = 5
_APART = 15  # two labels closer than this cannot be read
_FEW = 14  # so many quarters have room for a number each


def trend_chart(trend: LevelTrend) -> Markup:
    """The target as a dashed step, the actual as a line with its numbers."""
    drawing = _drawing(_TREND_HEIGHT, f"{trend.level}各季度末的计划与实际，数据见图下的表")
    top, step = _scale(max(max(one.target, one.actual) for one in trend.points))
    width = (_WIDTH - _LEFT - _RIGHT) / len(trend.points)

    def height(number: int) -> float:
        return round(_FLOOR - (_FLOOR - _TOP) * number / top, 1)

    for tick in range(0, top + 1, step):
        _line(drawing, _LEFT, height(tick), _WIDTH - _RIGHT, height(tick), "grid")
        _text(drawing, _LEFT - 6, height(tick) + 4, str(tick), "tick end")
    _quarters(drawing, [one.quarter for one in trend.points], width)
    steps = [f"{'M' if at == 0 else 'L'}{_LEFT + at * width:.1f} {height(one.target)}H{_LEFT + (at + 1) * width:.1f}"
             for at, one in enumerate(trend.points)]
    SubElement(drawing, "path", {"d": "".join(steps), "class": "target"})
    dots = [(_LEFT + (at + 0.5) * width, height(one.actual)) for at, one in enumerate(trend.points)]
    SubElement(drawing, "polyline", {"points": " ".join(f"{x:.1f},{y}" for x, y in dots), "class": "actual"})
    _dots(drawing, dots, trend)
    _names(drawing, height(trend.points[-1].target), height(trend.points[-1].actual), trend.points[-1])
    return _markup(drawing)


def attainment_chart(sectors: Sequence[SectorLine]) -> Markup:
    """A bar for each sector against its target; suggested numbers are hatched and said to be no duty."""
    drawing = _drawing(_HEAD + _ROW * len(sectors) + 14, "各培育范围完成率，数据见计划进度表")
    full = (_WIDTH - 40) / max([1.0, *(one.actual / one.target for one in sectors if one.target)])
    hatch = SubElement(SubElement(drawing, "defs"), "pattern", {
        "id": "hatch", "width": "6", "height": "6", "patternUnits": "userSpaceOnUse", "patternTransform": "rotate(45)"})
    SubElement(hatch, "rect", {"width": "3", "height": "6", "class": "stripe"})
    _text(drawing, full, _HEAD + _ROW * len(sectors) + 10, "计划数", "tick middle")
    for at, one in enumerate(sectors):
        _bar(drawing, _HEAD + at * _ROW, full, one)
    return _markup(drawing)


def _bar(drawing: Element, top: int, full: float, one: SectorLine) -> None:
    note = "（建议数量，不作考核）" if one.suggested else ""
    _text(drawing, 0, top + 9, f"{one.sector}{note}", "label")
    _text(drawing, _WIDTH, top + 9, f"{one.actual} / {one.target}　{attainment(one.target, one.actual)}", "label end strong")
    width = full * one.actual / one.target if one.target else 0.0
    for kind, length in (("track", full), ("suggested" if one.suggested else "bar", width)):
        SubElement(drawing, "rect", {"x": "0", "y": str(top + 16), "width": f"{length:.1f}", "height": str(_BAR), "class": kind})
    _line(drawing, full, top + 16, full, top + _BAR + 20, "goal")


def _quarters(drawing: Element, quarters: Sequence[Quarter], width: float) -> None:
    """The quarters' numerals, and under them the years with a line between two."""
    for at, quarter in enumerate(quarters):
        _text(drawing, _LEFT + (at + 0.5) * width, _FLOOR + 16, "一二三四"[quarter.number - 1], "tick middle")
        if at and quarter.number == 1:
            _line(drawing, _LEFT + at * width, _FLOOR, _LEFT + at * width, _FLOOR + 38, "grid")
    for year, same in groupby(enumerate(quarters), key=lambda one: one[1].year):
        places = [at for at, _ in same]
        _text(drawing, _LEFT + (sum(places) / len(places) + 0.5) * width, _FLOOR + 34, f"{year}年", "tick middle")


def _dots(drawing: Element, dots: Sequence[tuple[float, float]], trend: LevelTrend) -> None:
    last = len(dots) - 1
    for at, ((x, y), one) in enumerate(zip(dots, trend.points, strict=True)):
        SubElement(drawing, "circle", {"cx": f"{x:.1f}", "cy": str(y), "r": "3.5", "class": "dot"})
        if at != last and (len(dots) <= _FEW or one.quarter.number == 4):
            _text(drawing, x, y - 8, str(one.actual), "value middle")


def _names(drawing: Element, target: float, actual: float, last: LevelPoint) -> None:
    """What each line is, with its last number, at its right end."""
    if abs(target - actual) < _APART:
        middle = (target + actual) / 2
        above = target <= actual
        target, actual = (middle - _APART / 2, middle + _APART / 2) if above else (middle + _APART / 2, middle - _APART / 2)
    _text(drawing, _WIDTH - _RIGHT + 5, target + 4, f"计划 {last.target}", "tick")
    _text(drawing, _WIDTH - _RIGHT + 5, actual + 4, f"实际 {last.actual}", "value strong")


def _scale(most: int) -> tuple[int, int]:
    """The axis' top and the distance of its ticks: 1, 2 or 5 times a power of ten, at most so many ticks."""
    power = 1
    while True:
        for step in (power, 2 * power, 5 * power):
            if step * _TICKS >= most:
                return max(step, -(-most // step) * step), step
        power *= 10


def _drawing(height: int, title: str) -> Element:
    return Element("svg", {"viewBox": f"0 0 {_WIDTH} {height}", "role": "img", "aria-label": title, "class": "chart"})


def _line(drawing: Element, left: float, top: float, right: float, bottom: float, kind: str) -> None:
    SubElement(drawing, "line", {
        "x1": f"{left:.1f}", "y1": f"{top:.1f}", "x2": f"{right:.1f}", "y2": f"{bottom:.1f}", "class": kind})


def _text(drawing: Element, x: float, y: float, words: str, kind: str) -> None:
    SubElement(drawing, "text", {"x": f"{x:.1f}", "y": f"{y:.1f}", "class": kind}).text = words


def _markup(drawing: Element) -> Markup:
    return Markup(tostring(drawing, encoding="unicode"))  # noqa: S704 - ElementTree has escaped what it was given
