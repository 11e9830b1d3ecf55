"""The plan's table (附件2) as the mail shows it: 计划 and 实际 per level, as text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from pipeline.calendar import Quarter
from pipeline.plan_figures import TargetAndActual, attainment, number, of_cells, of_level, years_of
from pipeline.quarter_report import QuarterReport, SectorLine, TableCell


@dataclass(frozen=True, slots=True)
class Line:
    """One table line; `pairs` are 计划 and 实际, one per level and one for all levels together."""

    name: str
    note: str
    pairs: list[tuple[str, str]]
    attainment: str


@dataclass(frozen=True, slots=True)
class PlanTable:
    """The lines of each layer, of all sectors together, and of each year."""

    layers: dict[str, list[Line]]
    total: Line
    years: list[Line]


def plan_table(report: QuarterReport, levels: Sequence[str]) -> PlanTable:
    """附件2 by layer and sector, its bottom line, and the same figures by year."""
    layers = {
        layer: [_sector_line(report, levels, sector) for sector in sectors]
        for layer, sectors in groupby(report.sectors, key=lambda sector: sector.layer)
    }
    total = _line("合计", "", _pairs(report.cells, levels), (report.total.target, report.total.actual))
    return PlanTable(layers, total, [_year_line(report, levels, year) for year in years_of(report)])


def tiles(report: QuarterReport, levels: Sequence[str]) -> list[tuple[str, str, str, str]]:
    """The figures in large type at the head: (name, target, actual, attainment) of the whole and of each level."""
    pairs = [("累计", (report.total.target, report.total.actual)), *((level, of_level(report.cells, level)) for level in levels)]
    return [(name, *_shown(pair), attainment(*pair)) for name, pair in pairs]


def _sector_line(report: QuarterReport, levels: Sequence[str], sector: SectorLine) -> Line:
    cells = [cell for cell in report.cells if cell.sector == sector.sector]
    return _line(sector.wording, sector.remark, _pairs(cells, levels), (sector.target, sector.actual))


def _year_line(report: QuarterReport, levels: Sequence[str], year: int) -> Line:
    cells = [cell for cell in report.cells if cell.year == year]
    return _line(f"{year}年", _how_far(year, report.quarter), _pairs(cells, levels), of_cells(cells))


def _how_far(year: int, quarter: Quarter) -> str:
    if year == quarter.year and quarter.number < 4:
        return f"截至{quarter.months[-1].month}月底"
    return "尚未开始" if year > quarter.year else ""


def _line(name: str, note: str, levels: Sequence[TargetAndActual], whole: TargetAndActual) -> Line:
    return Line(name, note, [_shown(pair) for pair in (*levels, whole)], attainment(*whole))


def _shown(pair: TargetAndActual) -> tuple[str, str]:
    target, actual = pair
    return number(target), str(actual)


def _pairs(cells: Sequence[TableCell], levels: Sequence[str]) -> list[TargetAndActual]:
    return [of_level(cells, level) for level in levels]
