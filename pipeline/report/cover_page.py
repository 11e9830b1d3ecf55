"""封面: which plan, which quarter, whose, of which day, and the result in five figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

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
class Figure:
    """A figure of the quarter with the sheet that it leads to."""

    label: str
    value: Cell
    formula: str | None
    sheet: str
    number: str = "#,##0"


@dataclass(frozen=True)
class Front:
    """What stands on a cover: whose it is, what it is, of which quarter and day, five figures, and who made it when."""

    above: str
    name: str
    quarter: str
    as_of: str
    figures: Sequence[Figure]
    office: str
    day: date


def write_cover(page: Page, report: QuarterReport, config: Config) -> None:
    """The cover of the quarter's workbook."""
    write_front(page, Front(config.plan_name, "季度进度表", report.quarter.chinese, _as_of(report), _figures(report, config),
                            config.office, report.today))


def write_front(page: Page, front: Front) -> None:
    """The page from the top down."""
    page.grid(["box"] * _COLUMNS)
    for row, height in enumerate(_HEIGHTS):
        page.sheet.set_row(row, height)
    fonts = look().fonts
    _line(page, _PLAN, front.above, fonts.title, _BIG)
    page.sheet.merge_range(_RULE, 1, _RULE, page.last - 1, "", page.style(border=0, top=5, top_color=page.colours.rule))
    _line(page, _NAME, front.name, fonts.title, page.sizes.cover)
    _line(page, _QUARTER, front.quarter, fonts.title, _LARGE)
    _line(page, _DAY, front.as_of, fonts.body, _MIDDLE)
    for at, figure in enumerate(front.figures):
        _write_figure(page, at * _BOX, figure)
    _line(page, _OFFICE, front.office, fonts.body, _LARGE)
    _line(page, _DATE, chinese_day(front.day), fonts.body, _MIDDLE)
    page.sheet.set_footer("")
    page.sheet.center_vertically()
    page.sheet.fit_to_pages(1, 1)


def plan_and_actual(target: int, actual: int, cells: tuple[str, str], sheet: str, details: str) -> list[Figure]:
    """The first three figures of every cover, as live references to 计划 and 实际 on `sheet`."""
    plan, done = cells
    return [
        Figure("计划培育（人）", target, f"={plan}", sheet),
        Figure("实际（人次）", actual, f"={done}", sheet),
        Figure("完成率", actual / target if target else BLANK, f'=IF({plan}=0,"{BLANK}",{done}/{plan})', details, "0.0%"),
    ]


def _as_of(report: QuarterReport) -> str:
    closed = f"　{chinese_day(report.closed_on)}封存" if report.closed_on else ""
    return f"截至{chinese_day(report.counted_to)}{closed}"


def _figures(report: QuarterReport, config: Config) -> list[Figure]:
    total = report.total
    return [
        *plan_and_actual(total.target, total.actual, line_cells(config, len(config.sectors)), "计划进度", "季度趋势"),
        Figure("去重人数（人）", total.persons, None, "数据来源"),
        Figure("本季度未报（单位·月）", len(report.missing), None, "报送情况"),
    ]


def _line(page: Page, row: int, text: str, font: str, size: float) -> None:
    style = page.style(border=0, text_wrap=False, font_name=font, font_size=size)
    page.sheet.merge_range(row, 0, row, page.last, text, style)


def _write_figure(page: Page, column: int, figure: Figure) -> None:
    page.sheet.merge_range(_LABELS, column, _LABELS, column + _BOX - 1, figure.label, page.head())
    style = page.style(font_name=look().fonts.header, font_size=_BIG, font_color=page.colours.link, num_format=figure.number)
    page.sheet.merge_range(_FIGURES, column, _FIGURES, column + _BOX - 1, "", style)
    page.link(_FIGURES, column, figure.sheet, "A1", style, f"查看“{figure.sheet}”")
    if figure.formula:
        page.sheet.write_formula(_FIGURES, column, figure.formula, style, figure.value)
    else:
        page.put(_FIGURES, column, figure.value, style)
