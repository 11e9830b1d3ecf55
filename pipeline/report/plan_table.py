"""计划进度: 附件2 as it stands in the plan, with what there is beside every number."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import groupby

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_rowcol_to_cell

from pipeline.calendar import chinese_day
from pipeline.config import Config
from pipeline.quarter_report import QuarterReport, SectorLine, TableCell
from pipeline.report.below_table import below_the_table
from pipeline.report.plan_header import HEADER_ROWS, PlanColumns, write_header
from pipeline.report.ruled import Page
from pipeline.report.sources_page import NAME as SOURCES
from pipeline.report.sources_page import Place, places

NAME = "计划进度"
_TOP = 2  # first header row
_FIRST = _TOP + HEADER_ROWS
_ROW, _TOTAL_ROW = 62, 34  # points
_NOWHERE: Place = ("",)
_BEHIND = '#,##0"▼"'


@dataclass(frozen=True)
class _Table:
    """The sheet being written."""

    page: Page
    report: QuarterReport
    columns: PlanColumns
    places: dict[Place, int]

    @property
    def total_row(self) -> int:
        """The row of 合计."""
        return _FIRST + len(self.report.sectors)


def line_cells(config: Config, at: int) -> tuple[str, str]:
    """Where the sector of this place in the table has 计划 and 实际, for other sheets to refer to; 合计 comes after the last."""
    columns, row = PlanColumns(config), _FIRST + at
    plan, actual = (xl_rowcol_to_cell(row, columns.target + offset, True, True) for offset in (0, 1))
    return f"'{NAME}'!{plan}", f"'{NAME}'!{actual}"


def write_plan_table(page: Page, report: QuarterReport, config: Config) -> None:
    """The whole sheet: title, header of four rows, sectors, 合计 and what stands below it."""
    columns = PlanColumns(config)
    table = _Table(page, report, columns, places(report))
    page.grid(columns.kinds)
    page.title(f"{config.table_title}（{report.quarter.chinese}进度）", f"截至{chinese_day(report.counted_to)}　单位：人")
    write_header(page, _TOP, columns)
    for row, line in enumerate(report.sectors, _FIRST):
        _write_sector(table, row, line)
    _merge_layers(page, report.sectors)
    _write_total(table, config)
    below_the_table(page, table.total_row + 1, report, config)
    page.sheet.freeze_panes(_FIRST, 2)
    page.sheet.repeat_rows(_TOP, _FIRST - 1)
    page.sheet.fit_to_pages(1, 1)


def _write_sector(table: _Table, row: int, line: SectorLine) -> None:
    page, columns, plan = table.page, table.columns, table.page.face("figure")
    page.sheet.write_string(row, 1, line.wording, page.face("wording", font_size=page.sizes.note))
    for column, target, number in ((columns.demand, line.demand_target, line.demand_actual),
                                   (columns.existing, line.existing_target, line.existing_actual)):
        page.put(row, column, target, plan)
        page.put(row, column + 1, number, page.face("figure", bold=True))
    page.put(row, columns.target, line.target, plan)
    for cell in (one for one in table.report.cells if one.sector == line.sector):
        _write_cell(table, row, cell, line)
    parts = ",".join(xl_rowcol_to_cell(row, at + 1) for at in range(columns.first_cell, columns.remark, 2))
    style = _led_to_sources(table, row, columns.target + 1, (line.sector,), line.actual)
    page.sheet.write_formula(row, columns.target + 1, f"=SUM({parts})", style, line.actual)
    page.share(row, columns.target + 2, (columns.target + 1, line.actual), (columns.target, line.target), page.face("rate"))
    page.put(row, columns.remark, line.remark or "", page.face("remark", font_size=page.sizes.small))
    page.sheet.set_row(row, _ROW)


def _write_cell(table: _Table, row: int, cell: TableCell, line: SectorLine) -> None:
    """Target and actual of a level and year; an actual that fell short when its year was over is marked, a suggested one never."""
    page, at = table.page, table.columns.cell(cell.level, cell.year)
    page.put(row, at, cell.target, page.face("figure"))
    style = _led_to_sources(table, row, at + 1, (cell.sector, cell.level, cell.year), cell.actual)
    page.put(row, at + 1, cell.actual, style)
    if cell.target is not None and not line.suggested and date(cell.year, 12, 31) <= table.report.counted_to:
        page.sheet.conditional_format(row, at + 1, row, at + 1, {
            "type": "cell", "criteria": "<", "value": f"={xl_rowcol_to_cell(row, at, True, True)}",
            "format": page.book.add_format({"num_format": _BEHIND})})


def _led_to_sources(table: _Table, row: int, column: int, place: Place, number: int, **ground: str) -> Format:
    """A link from a figure to the first of the persons behind it, and the figure's style; nothing leads to nobody."""
    page, to = table.page, table.places.get(place)
    if not number or to is None:
        return page.face("figure", bold=True, **ground)
    style = page.face("figure", bold=True, font_color=page.colours.link, **ground)
    page.link(row, column, SOURCES, xl_rowcol_to_cell(to, 0), style, f"查看这 {number} 人次的来源")
    return style


def _merge_layers(page: Page, sectors: list[SectorLine]) -> None:
    row, style = _FIRST, page.head()
    for layer, group in groupby(sectors, key=lambda line: line.layer):
        height = len(list(group))
        if height > 1:
            page.sheet.merge_range(row, 0, row + height - 1, 0, layer, style)
        else:
            page.sheet.write_string(row, 0, layer, style)
        row += height


def _write_total(table: _Table, config: Config) -> None:
    page, columns, row, report = table.page, table.columns, table.total_row, table.report
    page.sheet.merge_range(row, 0, row, 1, "合　计", page.total())
    numbers: dict[int, list[int] | list[int | None]] = {
        columns.demand: [line.demand_target for line in report.sectors],
        columns.demand + 1: [line.demand_actual for line in report.sectors],
        columns.existing: [line.existing_target for line in report.sectors],
        columns.existing + 1: [line.existing_actual for line in report.sectors],
        columns.target: [line.target for line in report.sectors],
        columns.target + 1: [line.actual for line in report.sectors]}
    for level in config.target_levels:
        for year in config.years:
            cells = [cell for cell in report.cells if (cell.level, cell.year) == (level, year)]
            numbers[columns.cell(level, year)] = [cell.target for cell in cells]
            numbers[columns.cell(level, year) + 1] = [cell.actual for cell in cells]
    counted = {columns.target + 1, *range(columns.first_cell + 1, columns.remark, 2)}
    for column, parts in numbers.items():
        total, place = sum(part or 0 for part in parts), () if column in counted else _NOWHERE
        style = _led_to_sources(table, row, column, place, total, bg_color=page.colours.total_fill)
        page.sum(row, column, range(_FIRST, row), total, style)
    page.share(row, columns.target + 2, (columns.target + 1, report.total.actual), (columns.target, report.total.target),
               page.total("rate"))
    page.sheet.write_string(row, columns.remark, "", page.total())
    page.sheet.set_row(row, _TOTAL_ROW)
