"""计划进度: 附件2 as it stands in the plan, with what there is beside every number."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from xlsxwriter.utility import xl_rowcol_to_cell

from pipeline.calendar import chinese_date
from pipeline.config import Config
from pipeline.quarter_report import QuarterReport, SectorLine
from pipeline.report.below_table import below_the_table
from pipeline.report.ruled import BLANK, Page

_NUMERALS = "零一二三四五六七八九十"
_PAIR = ("计划", "实际")
_HEADER_ROWS = 4
_TOP = 2  # first header row


@dataclass(frozen=True)
class _Columns:
    """Where each part of the table stands (zero-based)."""

    config: Config
    demand: int = 2
    existing: int = 4
    target: int = 6
    first_cell: int = 9

    def cell(self, level: str, year: int) -> int:
        """The column of a level's and year's 计划; 实际 is the next one."""
        at = self.config.target_levels.index(level) * len(self.config.years) + self.config.years.index(year)
        return self.first_cell + 2 * at

    @property
    def remark(self) -> int:
        """The last column."""
        return self.first_cell + 2 * len(self.config.target_levels) * len(self.config.years)


def write_plan_table(page: Page, report: QuarterReport, config: Config) -> None:
    """The whole sheet: title, header of four rows, sectors, 合计 and what stands below it."""
    columns = _Columns(config)
    day = report.as_of or min(report.quarter.last_day, report.today)
    page.title(f"{config.table_title}（{report.quarter.chinese}进度）", f"截至{chinese_date(day)}　单位：人", columns.remark)
    _write_header(page, columns)
    first = _TOP + _HEADER_ROWS
    for at, line in enumerate(report.sectors):
        _write_sector(page, first + at, line, report, columns)
    _merge_layers(page, first, report.sectors)
    total_row = first + len(report.sectors)
    _write_total(page, total_row, first, report, columns)
    below_the_table(page, total_row + 1, columns.remark, report, config)
    _finish(page, columns)


def _write_header(page: Page, columns: _Columns) -> None:
    head, config = page.head(), columns.config
    years = _NUMERALS[len(config.years)]
    page.sheet.merge_range(_TOP, 0, _TOP + 3, 1, "培育范围", head)
    for column, label, width in ((columns.demand, "总体需求\n数量", 2), (columns.existing, "现有数量", 2),
                                 (columns.target, f"{years}年预培育数量", 3)):
        page.sheet.merge_range(_TOP, column, _TOP + 2, column + width - 1, label, head)
    page.sheet.merge_range(_TOP, columns.first_cell, _TOP, columns.remark - 1, "其中", head)
    for level in config.target_levels:
        start, end = columns.cell(level, config.years[0]), columns.cell(level, config.years[-1]) + 1
        page.sheet.merge_range(_TOP + 1, start, _TOP + 1, end, level, head)
        for year in config.years:
            at = columns.cell(level, year)
            page.sheet.merge_range(_TOP + 2, at, _TOP + 2, at + 1, f"{year}年", head)
    page.sheet.merge_range(_TOP, columns.remark, _TOP + 3, columns.remark, "备注", head)
    small = page.head(font_size=9)
    pairs = [columns.demand, columns.existing, columns.target, *range(columns.first_cell, columns.remark, 2)]
    for column in pairs:
        for offset, label in enumerate(_PAIR):
            page.sheet.write_string(_TOP + 3, column + offset, label, small)
    page.sheet.write_string(_TOP + 3, columns.target + 2, "完成率", small)


def _write_sector(page: Page, row: int, line: SectorLine, report: QuarterReport, columns: _Columns) -> None:
    plan, actual = page.style(), page.style(bold=True)
    page.sheet.write_string(row, 1, line.wording, page.style(align="left", font_size=10))
    for column, target, number in ((columns.demand, line.demand_target, line.demand_actual),
                                   (columns.existing, line.existing_target, line.existing_actual)):
        page.put(row, column, target, plan)
        page.put(row, column + 1, number, actual)
    page.put(row, columns.target, line.target, plan)
    cells = [cell for cell in report.cells if cell.sector == line.sector]
    for cell in cells:
        at = columns.cell(cell.level, cell.year)
        page.put(row, at, cell.target, plan)
        page.put(row, at + 1, cell.actual, actual)
    parts = ",".join(xl_rowcol_to_cell(row, at + 1) for at in range(columns.first_cell, columns.remark, 2))
    page.sheet.write_formula(row, columns.target + 1, f"=SUM({parts})", actual, line.actual)
    _write_attainment(page, row, columns, line.target, line.actual)
    page.put(row, columns.remark, line.remark or "", page.style(align="left", font_size=9))
    page.sheet.set_row(row, 48)


def _write_attainment(page: Page, row: int, columns: _Columns, target: int, actual: int) -> None:
    plan, done = (xl_rowcol_to_cell(row, columns.target + offset) for offset in (0, 1))
    value: float | str = actual / target if target else BLANK
    page.sheet.write_formula(row, columns.target + 2, f'=IF(N({plan})=0,"{BLANK}",{done}/{plan})',
                             page.style(num_format="0.0%"), value)


def _merge_layers(page: Page, first: int, sectors: list[SectorLine]) -> None:
    row = first
    for layer, group in groupby(sectors, key=lambda line: line.layer):
        height = len(list(group))
        style = page.head(font_size=10)
        if height > 1:
            page.sheet.merge_range(row, 0, row + height - 1, 0, layer, style)
        else:
            page.sheet.write_string(row, 0, layer, style)
        row += height


def _write_total(page: Page, row: int, first: int, report: QuarterReport, columns: _Columns) -> None:
    style = page.style(bold=True, bg_color="#F2F2F2")
    page.sheet.merge_range(row, 0, row, 1, "合　计", style)
    numbers: list[tuple[int, list[int] | list[int | None]]] = [
        (columns.demand, [line.demand_target for line in report.sectors]),
               (columns.demand + 1, [line.demand_actual for line in report.sectors]),
               (columns.existing, [line.existing_target for line in report.sectors]),
               (columns.existing + 1, [line.existing_actual for line in report.sectors]),
               (columns.target, [line.target for line in report.sectors]),
               (columns.target + 1, [line.actual for line in report.sectors])]
    for level in columns.config.target_levels:
        for year in columns.config.years:
            cells = [cell for cell in report.cells if (cell.level, cell.year) == (level, year)]
            numbers += [(columns.cell(level, year), [cell.target for cell in cells]),
                        (columns.cell(level, year) + 1, [cell.actual for cell in cells])]
    totals = [sum(part or 0 for part in parts) for _, parts in numbers]
    page.sums(row, [column for column, _ in numbers], range(first, row), totals, style)
    plan, done = (xl_rowcol_to_cell(row, columns.target + offset) for offset in (0, 1))
    page.sheet.write_formula(row, columns.target + 2, f"={done}/{plan}",
                             page.style(bold=True, bg_color="#F2F2F2", num_format="0.0%"),
                             report.total.actual / report.total.target)
    page.sheet.write_string(row, columns.remark, "", style)
    page.sheet.set_row(row, 30)


def _finish(page: Page, columns: _Columns) -> None:
    page.sheet.set_column(0, 0, 6)
    page.sheet.set_column(1, 1, 27)
    page.sheet.set_column(columns.demand, columns.remark - 1, 5.4)
    page.sheet.set_column(columns.target + 2, columns.target + 2, 8)
    page.sheet.set_column(columns.remark, columns.remark, 15)
    page.sheet.freeze_panes(_TOP + _HEADER_ROWS, 2)
    page.sheet.repeat_rows(_TOP, _TOP + _HEADER_ROWS - 1)
    page.sheet.fit_to_pages(1, 1)
