"""封面: which plan, which quarter, whose, of which day, and the result in five figures."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.calendar import chinese_day
from pipeline.config import Config
from pipeline.quarter_report import QuarterReport
from pipeline.report.look import look
from pipeline.report.plan_table import line_cells
from pipeline.report.ruled import BLANK, Cell, Page

_COLUMNS = 10
_BOX = 2  # columns of a figure
_PLAN, _RULE, _NAME, _QUARTER, _DAY, _LABELS, _FIGURES, _OFFICE, _DATE = (1, 2, 4, 5, 6, 8, 9, 11, 12)
_HEIGHTS = (34, 44, 6, 30, 66, 42, 28, 34, 26, 50, 48, 34, 28)  # points, row by row
_BIG, _LARGE, _MIDDLE = 24, 20, 15  # points


@dataclass(frozen=True)
class _Figure:
    """A figure of the quarter with the sheet that it leads to."""

    label: str
    value: Cell
    formula: str | None
    sheet: str
    number: str = "#,##0"


def write_cover(page: Page, report: QuarterReport, config: Config) -> None:
    """The page from the top down."""
    page.grid(["box"] * _COLUMNS)
    for row, height in enumerate(_HEIGHTS):
        page.sheet.set_row(row, height)
    fonts = look().fonts
    _line(page, _PLAN, config.plan_name, fonts.title, _BIG)
    page.sheet.merge_range(_RULE, 1, _RULE, page.last - 1, "", page.style(border=0, top=5, top_color=page.colours.rule))
    _line(page, _NAME, "季度进度表", fonts.title, page.sizes.cover)
    _line(page, _QUARTER, report.quarter.chinese, fonts.title, _LARGE)
    _line(page, _DAY, _as_of(report), fonts.body, _MIDDLE)
    for at, figure in enumerate(_figures(report, config)):
        _write_figure(page, at * _BOX, figure)
    _line(page, _OFFICE, config.office, fonts.body, _LARGE)
    _line(page, _DATE, chinese_day(report.today), fonts.body, _MIDDLE)
    page.sheet.set_footer("")
    page.sheet.center_vertically()
    page.sheet.fit_to_pages(1, 1)


def _as_of(report: QuarterReport) -> str:
    closed = f"　{chinese_day(report.closed_on)}封存" if report.closed_on else ""
    return f"截至{chinese_day(report.counted_to)}{closed}"


def _figures(report: QuarterReport, config: Config) -> list[_Figure]:
    total = report.total
    plan, actual = line_cells(config, len(config.sectors))
    rate = total.actual / total.target if total.target else BLANK
    return [
        _Figure("计划培育（人）", total.target, f"={plan}", "计划进度"),
        _Figure("实际（人次）", total.actual, f"={actual}", "计划进度"),
        _Figure("完成率", rate, f'=IF({plan}=0,"{BLANK}",{actual}/{plan})', "季度趋势", "0.0%"),
        _Figure("去重人数（人）", total.persons, None, "数据来源"),
        _Figure("本季度未报（单位·月）", len(report.missing), None, "报送情况"),
    ]


def _line(page: Page, row: int, text: str, font: str, size: float) -> None:
    style = page.style(border=0, text_wrap=False, font_name=font, font_size=size)
    page.sheet.merge_range(row, 0, row, page.last, text, style)


def _write_figure(page: Page, column: int, figure: _Figure) -> None:
    page.sheet.merge_range(_LABELS, column, _LABELS, column + _BOX - 1, figure.label, page.head())
    style = page.style(font_name=look().fonts.header, font_size=_BIG, font_color=page.colours.link, num_format=figure.number)
    page.sheet.merge_range(_FIGURES, column, _FIGURES, column + _BOX - 1, "", style)
    page.link(_FIGURES, column, figure.sheet, "A1", style, f"查看“{figure.sheet}”")
    if figure.formula:
        page.sheet.write_formula(_FIGURES, column, figure.formula, style, figure.value)
    else:
        page.put(_FIGURES, column, figure.value, style)
