"""The workbook's native charts: what they show is in cells of the same workbook."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from xlsxwriter.chart import Chart

from pipeline.report.look import look
from pipeline.report.ruled import Page

_HEIGHT = 300  # pixels
_ROW = 20  # pixels of a row that nobody changed
_GAP = 10
_TITLE_SIZE = 12
_GRID, _WHITE = "#E3E8EE", "#FFFFFF"
Area = list[str | int]  # sheet, first row, first column, last row, last column


def level_chart(page: Page, level: str, quarters: Area, target: Area, actual: Area) -> Chart:
    """Columns of actual and a dashed line of target over the quarters."""
    colours = look().colours
    columns = _chart(page, "column", f"{level}：实际与计划（累计，人次）")
    columns.add_series({
        "name": "实际", "categories": quarters, "values": actual, "gap": 60, "fill": {"color": colours.chart_actual},
        "border": {"none": True}, "data_labels": {"value": True, "font": _font(look().sizes.small), "fill": {"color": _WHITE}}})
    line = page.book.add_chart({"type": "line"})
    line.add_series({
        "name": "计划", "categories": quarters, "values": target,
        "line": {"color": colours.chart_target, "width": 2, "dash_type": "dash"}, "marker": {"type": "none"}})
    columns.combine(line)
    columns.set_x_axis({"num_font": _font(look().sizes.small), "line": {"color": colours.border}})
    columns.set_y_axis({"num_font": _font(look().sizes.small), "min": 0, "line": {"none": True},
                        "major_gridlines": {"visible": True, "line": {"color": _GRID}}})
    columns.set_legend({"position": "top", "font": _font(look().sizes.note)})
    return columns


def attainment_chart(page: Page, sectors: Area, attainment: Area) -> Chart:
    """A bar for each sector, in the table's order from the top."""
    colours = look().colours
    bars = _chart(page, "bar", "各培育范围完成率（实际÷全部计划）")
    bars.add_series({
        "name": "完成率", "categories": sectors, "values": attainment, "gap": 50, "fill": {"color": colours.chart_actual},
        "border": {"none": True}, "data_labels": {"value": True, "num_format": "0.0%", "font": _font(look().sizes.note)}})
    bars.set_y_axis({"reverse": True, "num_font": _font(look().sizes.note), "line": {"color": colours.border}})
    bars.set_x_axis({"num_font": _font(look().sizes.small), "num_format": "0%", "min": 0, "major_unit": 0.25, "label_position": "high",
                     "line": {"none": True}, "major_gridlines": {"visible": True, "line": {"color": _GRID}}})
    bars.set_legend({"none": True})
    return bars


def rows_of(charts: int) -> int:
    """How many rows so many charts take, two beside each other."""
    return math.ceil(charts / 2) * math.ceil((_HEIGHT + _GAP) / _ROW)


def place_charts(page: Page, top: int, charts: Sequence[tuple[Chart, str]]) -> None:
    """Charts with their descriptions, two beside each other; a last one alone takes the whole width."""
    whole = sum(int(7 * width + 5.5) for width in page.widths)
    for at, (chart, description) in enumerate(charts):
        alone = at == len(charts) - 1 and at % 2 == 0
        chart.set_size({"width": whole if alone else (whole - _GAP) // 2, "height": _HEIGHT})
        page.sheet.insert_chart(top + rows_of(2 * (at // 2)), 0, chart, {
            "x_offset": at % 2 * (whole + _GAP) // 2, "description": description, "object_position": 2})


def _chart(page: Page, kind: str, title: str) -> Chart:
    chart = page.book.add_chart({"type": kind})
    chart.set_title({"name": title, "overlay": False, "name_font": {
        "name": look().fonts.header, "size": _TITLE_SIZE, "bold": False}})
    chart.set_chartarea({"border": {"color": look().colours.border}})
    return chart


def _font(size: float) -> dict[str, Any]:
    return {"name": look().fonts.body, "size": size}
