"""季度趋势: actual against target over the quarters for each level, attainment of each sector, and the figures behind the charts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from xlsxwriter.utility import xl_range_abs, xl_rowcol_to_cell

from pipeline.calendar import Quarter
from pipeline.config import Config
from pipeline.quarter_report import QuarterReport, TrendPoint
from pipeline.report.charts import Area, attainment_chart, level_chart, place_charts, rows_of
from pipeline.report.plan_table import line_cells
from pipeline.report.ruled import Cell, Column, Page

NAME = "季度趋势"
_SECTORS: tuple[Column, ...] = (("截至", "day"), ("培育范围", "sector"), ("计划", "count"), ("实际", "count"), ("完成率", "share"))
_FIXED = 2  # columns before the figures: quarter, sector
_EVERY = "合计"
_TOP = 2


@dataclass(frozen=True)
class _Sheet:
    """The sheet being written; its tables stand below one another."""

    page: Page
    report: QuarterReport
    config: Config

    @property
    def levels(self) -> list[str]:
        """The levels that have targets, then all of them."""
        return [*self.config.target_levels, _EVERY]

    @property
    def columns(self) -> list[Column]:
        """Of the tables by quarter: 计划, 实际 and 完成率 of each level."""
        return [("季度", "day"), ("培育范围", "sector"), *(
            (f"{level}{label}", kind) for level in self.levels
            for label, kind in (("计划", "count"), ("实际", "count"), ("完成率", "share")))]

    @property
    def quarters(self) -> list[Quarter]:
        """From the plan's first to the reported one."""
        return list(dict.fromkeys(point.quarter for point in self.report.trend))

    @property
    def sectors_at(self) -> int:
        """The first row of the sectors."""
        return _TOP + rows_of(len(self.levels)) + 2

    @property
    def quarters_at(self) -> int:
        """The first row of all sectors together, quarter by quarter."""
        return self.sectors_at + len(self.report.sectors) + 3

    @property
    def details_at(self) -> int:
        """The first row of the sectors, quarter by quarter."""
        return self.quarters_at + len(self.quarters) + 3

    def area(self, column: int, first: int, rows: int) -> Area:
        """A column's cells, as a chart wants them."""
        return [NAME, first, column, first + rows - 1, column]


def write_trend(page: Page, report: QuarterReport, config: Config) -> None:
    """Charts first, then the sectors as 计划进度 has them, then the quarters: all sectors together, and each."""
    sheet = _Sheet(page, report, config)
    page.grid([kind for _, kind in sheet.columns])
    page.title(NAME, f"{report.quarter.chinese}　累计人次，各季度均按现在所知重算；计划按年下达，自每年一季度起计入当年全数")
    if not report.trend:
        page.paragraph(_TOP, "计划的第一个季度还没有到。")
        return
    _draw(sheet)
    _write_sectors(sheet)
    _write_quarters(sheet)
    _write_details(sheet)


def _draw(sheet: _Sheet) -> None:
    length, lines = len(sheet.quarters), len(sheet.report.sectors)
    quarters = sheet.area(0, sheet.quarters_at, length)
    charts = [
        (level_chart(sheet.page, level, quarters, *(sheet.area(_FIXED + 3 * at + part, sheet.quarters_at, length) for part in (0, 1))),
         f"{level}各季度累计实际与计划") for at, level in enumerate(sheet.config.target_levels)]
    sectors = attainment_chart(sheet.page, sheet.area(1, sheet.sectors_at, lines), sheet.area(4, sheet.sectors_at, lines))
    place_charts(sheet.page, _TOP, [*charts, (sectors, "各培育范围完成率")])


def _write_sectors(sheet: _Sheet) -> None:
    """Live references to 计划进度."""
    page, top = sheet.page, sheet.sectors_at
    page.heading(top - 2, "一、各培育范围（与“计划进度”一致）")
    rows: list[list[Cell]] = [[str(sheet.report.quarter), f"{line.sector}\n（建议）" if line.suggested else line.sector, None, None, None]
                              for line in sheet.report.sectors]
    page.table(top - 1, _SECTORS, rows)
    for at, line in enumerate(sheet.report.sectors):
        for column, cell, value in zip((2, 3), line_cells(sheet.config, at), (line.target, line.actual), strict=True):
            page.sheet.write_formula(top + at, column, f"={cell}", page.face("count"), value)
        page.share(top + at, 4, (3, line.actual), (2, line.target), page.face("share"))


def _write_quarters(sheet: _Sheet) -> None:
    """All sectors together, as live sums of the table below."""
    page, top = sheet.page, sheet.quarters_at
    page.heading(top - 2, "二、各季度累计（全部培育范围）")
    page.table(top - 1, sheet.columns, [_line(quarter, "全部", sheet) for quarter in sheet.quarters])
    last = sheet.details_at + len(sheet.quarters) * len(sheet.report.sectors) - 1
    named = xl_range_abs(sheet.details_at, 0, last, 0)
    for row, quarter in enumerate(sheet.quarters, top):
        numbers = _by_level(sheet, [point for point in sheet.report.trend if point.quarter == quarter])
        for column, number in _spread(numbers[:-1]):
            area = xl_range_abs(sheet.details_at, column, last, column)
            page.sheet.write_formula(row, column, f"=SUMIFS({area},{named},{xl_rowcol_to_cell(row, 0)})", page.face("count"), number)
        _write_derived(sheet, row, numbers)


def _write_details(sheet: _Sheet) -> None:
    """Each sector, the figures as they were counted."""
    page, top = sheet.page, sheet.details_at
    page.heading(top - 2, "三、各季度、各培育范围累计")
    pairs = [(quarter, sector) for quarter in sheet.quarters for sector in sheet.config.sector_names]
    page.listing(sheet.columns, [_line(quarter, sector, sheet) for quarter, sector in pairs], top - 1)
    page.sheet.freeze_panes(_TOP, 0)
    for row, pair in enumerate(pairs, top):
        numbers = _by_level(sheet, [point for point in sheet.report.trend if (point.quarter, point.sector) == pair])
        for column, number in _spread(numbers[:-1]):
            page.put(row, column, number, page.face("count"))
        _write_derived(sheet, row, numbers)


def _line(quarter: Quarter, sector: str, sheet: _Sheet) -> list[Cell]:
    return [str(quarter), sector, *[None] * (3 * len(sheet.levels))]


def _by_level(sheet: _Sheet, points: Sequence[TrendPoint]) -> list[tuple[int, int]]:
    """(target, actual) of each level and of all."""
    return [_sums(point for point in points if level in (point.level, _EVERY)) for level in sheet.levels]


def _sums(points: Iterable[TrendPoint]) -> tuple[int, int]:
    pairs = [(point.target, point.actual) for point in points]
    return sum(target for target, _ in pairs), sum(actual for _, actual in pairs)


def _spread(numbers: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """(column, number) of every 计划 and 实际."""
    return [(_FIXED + 3 * at + part, number) for at, pair in enumerate(numbers) for part, number in enumerate(pair)]


def _write_derived(sheet: _Sheet, row: int, numbers: Sequence[tuple[int, int]]) -> None:
    """合计 of the levels, and every 完成率, as live formulas."""
    page, last = sheet.page, _FIXED + 3 * (len(numbers) - 1)
    for part, number in enumerate(numbers[-1]):
        parts = "+".join(xl_rowcol_to_cell(row, column + part) for column in range(_FIXED, last, 3))
        page.sheet.write_formula(row, last + part, f"={parts}", page.face("count"), number)
    for at, (target, actual) in enumerate(numbers):
        column = _FIXED + 3 * at
        page.share(row, column + 2, (column + 1, actual), (column, target), page.face("share"))
