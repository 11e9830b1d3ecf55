"""汇总: the districts' tables added up, less what two districts count, by sector, level and year."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from xlsxwriter.utility import xl_rowcol_to_cell

from pipeline.calendar import chinese_day
from pipeline.city_report import CityReport
from pipeline.quarter_report import TableCell
from pipeline.report.below_table import to_be_signed
from pipeline.report.ruled import Page

NAME = "汇总"
_TOP, _FIRST = 2, 4  # the first row of the header, and of the table
_LABELS = 3  # columns before the first number: layer, sector, level
_PAIR, _TRIPLE = ("计划", "实际"), ("计划", "实际", "完成率")
_STOCK = (("总体需求数量", _PAIR), ("现有数量", _PAIR), ("预培育数量", _TRIPLE))
_IN_ALL = ("各区县合计", "减：跨区重复计入", "全市合计")
_ROW = 21  # points


@dataclass(frozen=True)
class _Sum:
    """A column's total over the districts; `twice`: what two districts count there, None where nothing is taken out."""

    column: int
    total: int
    twice: int | None = None


def write_city_table(page: Page, report: CityReport) -> tuple[str, str]:
    """The whole sheet, with live sums; gives the cells of the city's 计划 and 实际 for other sheets to refer to."""
    years = sorted({cell.year for cell in report.cells})
    page.grid(["level", "sector", "level", *["figure"] * 2 * len(years), *["figure"] * 2, "rate"])
    page.title(f"{report.name}注册安全工程师培育进度汇总表（{report.quarter.chinese}）",
               f"{len(report.districts)}个区县　截至{chinese_day(min(report.quarter.last_day, report.today))}　单位：人")
    _header(page, _TOP, [*((f"{year}年", _PAIR) for year in years), ("合计", _TRIPLE)], ("培育范围", 2), ("级别", 1))
    rows = _by_sector_and_level(report.cells)
    for row, cells in enumerate(rows, _FIRST):
        _write_row(page, row, cells, years)
    _merge(page, 0, rows, lambda cell: cell.layer)
    _merge(page, 1, rows, lambda cell: cell.sector)
    below = _FIRST + len(rows)
    _write_sums(page, below, len(rows), _sums(report, years))
    row = _write_stock(page, below + len(_IN_ALL) + 1, report) + 1
    for text in _sentences(report):
        row = page.paragraph(row, text, font_size=page.sizes.note)
    to_be_signed(page, row, report.office, report.today)
    page.sheet.fit_to_pages(1, 1)
    page.sheet.freeze_panes(_FIRST, _LABELS)
    plan, actual = (xl_rowcol_to_cell(below + 2, page.last - before, True, True) for before in (2, 1))
    return f"'{NAME}'!{plan}", f"'{NAME}'!{actual}"


def _header(page: Page, top: int, groups: Iterable[tuple[str, Sequence[str]]], *labels: tuple[str, int]) -> None:
    """Two rows: the labels, each so many columns wide, then each group over its words."""
    column = 0
    for text, width in labels:
        page.sheet.merge_range(top, column, top + 1, column + width - 1, text, page.head())
        column += width
    for text, words in groups:
        page.sheet.merge_range(top, column, top, column + len(words) - 1, text, page.head())
        for at, word in enumerate(words, column):
            page.sheet.write_string(top + 1, at, word, page.head(font_size=page.sizes.small))
        column += len(words)
    for row in (top, top + 1):
        page.sheet.set_row(row, _ROW)


def _by_sector_and_level(cells: list[TableCell]) -> list[list[TableCell]]:
    """One list of cells for each row, in the order of the first district that has it; a sector's rows stand together."""
    sectors = list(dict.fromkeys(cell.sector for cell in cells))
    rows = list(dict.fromkeys((cell.sector, cell.level) for cell in cells))
    ordered = sorted(cells, key=lambda cell: (sectors.index(cell.sector), rows.index((cell.sector, cell.level)), cell.year))
    return [list(group) for _, group in groupby(ordered, key=lambda cell: (cell.sector, cell.level))]


def _write_row(page: Page, row: int, cells: list[TableCell], years: Sequence[int]) -> None:
    plan, actual = page.face("figure"), page.face("figure", bold=True)
    page.sheet.write_string(row, _LABELS - 1, cells[0].level, page.face("level"))
    by_year = {cell.year: cell for cell in cells}
    for at, year in enumerate(years):
        cell = by_year.get(year)
        page.put(row, _LABELS + 2 * at, cell.target if cell else None, plan)
        page.put(row, _LABELS + 2 * at + 1, cell.actual if cell else None, actual)
    end, targets = page.last - 2, [cell.target for cell in cells if cell.target is not None]
    for column, numbers, style in ((end, targets, plan), (end + 1, [cell.actual for cell in cells], actual)):
        parts = ",".join(xl_rowcol_to_cell(row, at) for at in range(column - 2 * len(years), column, 2))
        if numbers:
            page.sheet.write_formula(row, column, f"=SUM({parts})", style, sum(numbers))
        else:  # a plan that is blank in every year stays blank
            page.put(row, column, None, style)
    page.share(row, page.last, (end + 1, sum(cell.actual for cell in cells)), (end, sum(targets)), page.face("rate"))
    page.sheet.set_row(row, _ROW)


def _merge(page: Page, column: int, rows: list[list[TableCell]], name: Callable[[TableCell], str]) -> None:
    """A label over all the rows that have it."""
    row, style = _FIRST, page.face("sector") if column else page.head()
    for label, group in groupby(rows, key=lambda cells: name(cells[0])):
        height = len(list(group))
        if height > 1:
            page.sheet.merge_range(row, column, row + height - 1, column, label, style)
        else:
            page.sheet.write_string(row, column, label, style)
        row += height


def _sums(report: CityReport, years: Sequence[int]) -> list[_Sum]:
    """计划 and 实际 of each year, and of all."""
    found = []
    for column, year in zip(range(_LABELS, _LABELS + 2 * len(years), 2), years, strict=True):
        cells = [cell for cell in report.cells if cell.year == year]
        found += [_Sum(column, sum(cell.target or 0 for cell in cells)),
                  _Sum(column + 1, sum(cell.actual for cell in cells),
                       sum(one.year == year and not one.outside for one in report.deductions))]
    end = _LABELS + 2 * len(years)
    return [*found, _Sum(end, report.target), _Sum(end + 1, report.summed, report.deducted)]


def _write_sums(page: Page, top: int, height: int, sums: Sequence[_Sum]) -> None:
    """The districts' sum of the rows above, what is taken out, and the city's; the last two columns also as a share."""
    style = page.total("figure")
    for row, label in enumerate(_IN_ALL, top):
        page.sheet.merge_range(row, 0, row, _LABELS - 1, label, page.total())
        page.sheet.set_row(row, _ROW)
    for one in sums:
        page.sum(top, one.column, range(top - height, top), one.total, style)
        page.put(top + 1, one.column, one.twice, style)
        above, taken = (xl_rowcol_to_cell(row, one.column) for row in (top, top + 1))
        page.sheet.write_formula(top + 2, one.column, f"={above}-N({taken})", style, one.total - (one.twice or 0))
    plan, actual = sums[-2], sums[-1]
    for row, done in ((top, actual.total), (top + 2, actual.total - (actual.twice or 0))):
        page.share(row, actual.column + 1, (actual.column, done), (plan.column, plan.total), page.total("rate"))
    page.put(top + 1, actual.column + 1, None, page.total("rate"))


def _write_stock(page: Page, top: int, report: CityReport) -> int:
    """总体需求, 现有 and 预培育 by sector; gives the row below."""
    _header(page, top, _STOCK, ("培育范围", _LABELS))
    lines = [(line.sector, [line.demand_target, line.demand_actual, line.existing_target, line.existing_actual, line.target,
                            line.actual]) for line in report.sectors]
    for row, (sector, numbers) in enumerate(lines, top + 2):
        page.sheet.merge_range(row, 0, row, _LABELS - 1, sector, page.face("sector"))
        page.sheet.set_row(row, _ROW)
        for at, number in enumerate(numbers):
            page.put(row, _LABELS + at, number, page.face("figure", bold=bool(at % 2)))
        page.share(row, _LABELS + len(numbers), (_LABELS + 5, numbers[5] or 0), (_LABELS + 4, numbers[4] or 0), page.face("rate"))
    twice = [None, None, None, sum(one.level is None for one in report.deductions), None, report.deducted]
    below = top + 2 + len(lines)
    _write_sums(page, below, len(lines), [
        _Sum(_LABELS + at, sum(numbers[at] or 0 for _, numbers in lines), minus) for at, minus in enumerate(twice)])
    return below + len(_IN_ALL)


def _sentences(report: CityReport) -> list[str]:
    below = "、".join(f"{label} {number} 人次" for label, number in report.outside.items()) or "没有"
    return [
        f"全市实际 {report.actual} 人次，去重人数 {report.persons} 人。合计之外另有：{below}（已扣除跨区重复）。",
        "说明：“计划”为各区县计划之和，“—”表示计划未定数或没有这一年；“实际”为各区县进度表之和，"
        "同一人同一级别在两个区县都计入的，全市只计一次，计在先收到的区县，明细见“跨区重复”。",
        *(f"注意：{name}本次运行没有成功，这里用的是它上一次的台账。" for name in report.stale),
    ]
