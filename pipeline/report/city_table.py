"""汇总: the districts' tables added up, less what two districts count, by sector, level and year."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from xlsxwriter.utility import xl_rowcol_to_cell

from pipeline.city_report import CityReport
from pipeline.quarter_report import TableCell
from pipeline.report.blocks import write_lines
from pipeline.report.ruled import BLANK, Page

_TOP, _FIRST_NUMBER = 2, 3
_TOTAL_FILL = "#F2F2F2"
_PAIR = ("计划", "实际")
_STOCK = ("总体需求数量", "现有数量", "预培育数量")


def write_city_table(page: Page, report: CityReport) -> None:
    """The whole sheet; sums and the city's totals are live formulas."""
    years = sorted({cell.year for cell in report.cells})
    last = _FIRST_NUMBER + 2 * len(years) + 2
    day = min(report.quarter.last_day, report.today)
    page.title(f"{report.name}注册安全工程师培育进度汇总表（{report.quarter.chinese}）",
               f"{len(report.districts)}个区县　截至{day:%Y年%m月%d日}　单位：人", max(last, 8))
    _head(page, years)
    rows = _by_sector_and_level(report.cells)
    first = _TOP + 2
    for at, cells in enumerate(rows, first):
        _row(page, at, cells, years)
    _merge(page, first, rows)
    below = _totals(page, first, len(rows), years, report)
    below = write_lines(page, below, _sentences(report))
    _stock(page, below, report)
    page.sheet.fit_to_pages(1, 1)
    page.sheet.set_column(0, 0, 10)
    page.sheet.set_column(1, 1, 18)
    page.sheet.set_column(2, last, 9)
    page.sheet.freeze_panes(first, _FIRST_NUMBER)
    page.sheet.repeat_rows(_TOP, _TOP + 1)


def _by_sector_and_level(cells: list[TableCell]) -> list[list[TableCell]]:
    """One list of cells for each row, in the order of the first district that has it; a sector's rows stand together."""
    sectors = list(dict.fromkeys(cell.sector for cell in cells))
    rows = list(dict.fromkeys((cell.sector, cell.level) for cell in cells))
    ordered = sorted(cells, key=lambda cell: (sectors.index(cell.sector), rows.index((cell.sector, cell.level)), cell.year))
    return [list(group) for _, group in groupby(ordered, key=lambda cell: (cell.sector, cell.level))]


def _head(page: Page, years: Sequence[int]) -> None:
    head = page.head()
    for column, label in enumerate(("层面", "培育范围", "级别")):
        page.sheet.merge_range(_TOP, column, _TOP + 1, column, label, head)
    for at, label in enumerate([*(f"{year}年" for year in years), "合计"]):
        start, width = _FIRST_NUMBER + 2 * at, 3 if label == "合计" else 2
        page.sheet.merge_range(_TOP, start, _TOP, start + width - 1, label, head)
        for offset, word in enumerate((*_PAIR, "完成率")[:width]):
            page.sheet.write_string(_TOP + 1, start + offset, word, page.head(font_size=9))


def _row(page: Page, row: int, cells: list[TableCell], years: Sequence[int]) -> None:
    plan, actual = page.style(), page.style(bold=True)
    page.sheet.write_string(row, 2, cells[0].level, page.style())
    by_year = {cell.year: cell for cell in cells}
    for at, year in enumerate(years):
        cell = by_year.get(year)
        page.put(row, _FIRST_NUMBER + 2 * at, cell.target if cell else None, plan)
        page.put(row, _FIRST_NUMBER + 2 * at + 1, cell.actual if cell else None, actual)
    targets = [cell.target for cell in cells if cell.target is not None]
    _across(page, row, years, sum(targets) if targets else None, sum(cell.actual for cell in cells))
    page.sheet.set_row(row, 24)


def _across(page: Page, row: int, years: Sequence[int], target: int | None, actual: int, fill: bool = False) -> None:
    """The row's sums over the years, and its share; a plan that is blank in every year stays blank."""
    look = {"bold": True, **({"bg_color": _TOTAL_FILL} if fill else {})}
    end = _FIRST_NUMBER + 2 * len(years)
    for offset, value in enumerate((target, actual)):
        parts = ",".join(xl_rowcol_to_cell(row, column + offset) for column in range(_FIRST_NUMBER, end, 2))
        if value is None:
            page.put(row, end + offset, None, page.style(**look))
        else:
            page.sheet.write_formula(row, end + offset, f"=SUM({parts})", page.style(**look), value)
    plan, done = xl_rowcol_to_cell(row, end), xl_rowcol_to_cell(row, end + 1)
    page.sheet.write_formula(row, end + 2, f'=IF(N({plan})=0,"{BLANK}",{done}/{plan})', page.style(**look, num_format="0.0%"),
                             actual / target if target else BLANK)


def _merge(page: Page, first: int, rows: list[list[TableCell]]) -> None:
    """Layer and sector over all their rows."""
    for column, name in ((0, lambda cells: cells[0].layer), (1, lambda cells: cells[0].sector)):
        row = first
        for label, group in groupby(rows, key=name):
            height = len(list(group))
            style = page.head(font_size=10) if column == 0 else page.style(align="left")
            if height > 1:
                page.sheet.merge_range(row, column, row + height - 1, column, label, style)
            else:
                page.sheet.write_string(row, column, label, style)
            row += height


def _totals(page: Page, first: int, height: int, years: Sequence[int], report: CityReport) -> int:
    """The districts' sum, what is taken out, and the city's; gives the row below."""
    summed, minus, city = first + height, first + height + 1, first + height + 2
    style = page.style(bold=True, bg_color=_TOTAL_FILL)
    for row, label in ((summed, "各区县合计"), (minus, "减：跨区重复计入"), (city, "全市合计")):
        page.sheet.merge_range(row, 0, row, 2, label, style)
        page.sheet.set_row(row, 24)
    targets, actuals, twice = [], [], []
    for at, year in enumerate(years):
        column = _FIRST_NUMBER + 2 * at
        cells = [cell for cell in report.cells if cell.year == year]
        targets.append(sum(cell.target or 0 for cell in cells))
        actuals.append(sum(cell.actual for cell in cells))
        twice.append(sum(one.year == year and not one.outside for one in report.deductions))
        page.sums(summed, [column, column + 1], range(first, summed), [targets[-1], actuals[-1]], style)
        page.put(minus, column, None, style)
        page.put(minus, column + 1, twice[-1], style)
        _difference(page, summed, column, targets[-1], 0)
        _difference(page, summed, column + 1, actuals[-1], twice[-1])
    _across(page, summed, years, sum(targets), sum(actuals), fill=True)
    _across(page, city, years, sum(targets), sum(actuals) - sum(twice), fill=True)
    end = _FIRST_NUMBER + 2 * len(years)
    parts = ",".join(xl_rowcol_to_cell(minus, column + 1) for column in range(_FIRST_NUMBER, end, 2))
    page.sheet.write_formula(minus, end + 1, f"=SUM({parts})", style, sum(twice))
    for column in (end, end + 2):
        page.put(minus, column, None, style)
    return city + 1


def _difference(page: Page, summed: int, column: int, total: int, twice: int) -> None:
    above, taken = (xl_rowcol_to_cell(row, column) for row in (summed, summed + 1))
    page.sheet.write_formula(summed + 2, column, f"={above}-N({taken})", page.style(bold=True, bg_color=_TOTAL_FILL), total - twice)


def _stock(page: Page, top: int, report: CityReport) -> None:
    """总体需求, 现有 and 预培育 by sector."""
    page.sheet.merge_range(top, 0, top + 1, 2, "培育范围", page.head())
    for at, label in enumerate(_STOCK):
        start = _FIRST_NUMBER + 2 * at
        page.sheet.merge_range(top, start, top, start + 1, label, page.head())
        for offset, word in enumerate(_PAIR):
            page.sheet.write_string(top + 1, start + offset, word, page.head(font_size=9))
    first = top + 2
    lines = [(line.sector, [line.demand_target, line.demand_actual, line.existing_target, line.existing_actual, line.target,
                            line.actual]) for line in report.sectors]
    for row, (sector, numbers) in enumerate(lines, first):
        page.sheet.merge_range(row, 0, row, 2, sector, page.style(align="left"))
        page.sheet.set_row(row, 20)
        for column, number in enumerate(numbers, _FIRST_NUMBER):
            page.put(row, column, number, page.style())
    summed = first + len(lines)
    style = page.style(bold=True, bg_color=_TOTAL_FILL)
    for row, label in zip(range(summed, summed + 3), ("各区县合计", "减：跨区重复计入", "全市合计"), strict=True):
        page.sheet.merge_range(row, 0, row, 2, label, style)
        page.sheet.set_row(row, 20)
    twice = [0, 0, 0, sum(one.level is None for one in report.deductions), 0, report.deducted]
    for at, minus in enumerate(twice):
        column, total = _FIRST_NUMBER + at, sum(numbers[at] or 0 for _, numbers in lines)
        page.sums(summed, [column], range(first, summed), [total], style)
        page.put(summed + 1, column, minus if at in (3, 5) else None, style)
        _difference(page, summed, column, total, minus)


def _sentences(report: CityReport) -> list[str]:
    below = "、".join(f"{label}{number}人" for label, number in report.outside.items()) or "没有"
    return [
        f"全市实际 {report.actual} 人次（{report.persons} 人）。合计之外：{below}（已扣除跨区重复）。",
        "各区县的表在各自的文件夹里；同一人同一级别在两个区县都报了的，全市只计一次，计在先报到的区县，明细见“跨区重复”。",
        *(f"注意：{name}本次运行没有成功，这里用的是它上一次的台账。" for name in report.stale),
    ]
