"""The districts' figures added up; who is counted in two districts counts once, for the first in order of arrival."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Any

from pipeline.book import Book, records
from pipeline.calendar import Quarter
from pipeline.city_report import Deduction, Place
from pipeline.config import Config
from pipeline.idnumber import mask
from pipeline.judge import Judgement
from pipeline.quarter_report import QuarterReport, SectorLine, TableCell
from pipeline.quarter_rows import sound
from pipeline.rollup import COUNTED, OUTSIDE, ReconciliationError, holders_at, place_certificates

# Sector (or what stands below the table), level, year, whether it stands below; 现有数量 has neither level nor year.
Figure = tuple[str, str | None, int | None, bool]


@dataclass(frozen=True, slots=True)
class Counted:
    """A person in one figure of a district, by the row that counts; `id_number` is whole."""

    figure: Figure
    id_number: str
    name: str
    place: Place
    arrived_on: date

    @property
    def thing(self) -> tuple[str, str | None]:
        """What counts once in the city: the person at a level, for 现有数量 the person."""
        return (self.id_number, self.figure[1])


def counted_in(book: Book, judgement: Judgement, quarter: Quarter, config: Config) -> list[Counted]:
    """All whom a district counts in its table, below it and in 现有数量, in order of arrival."""
    placed = place_certificates(judgement.rows["certificates"], quarter, config)
    inside = placed[placed["status"] == COUNTED]
    below = placed[(placed["status"] == OUTSIDE) & placed["place"].isin(["level", "sector"])]
    existing = holders_at(placed, sound(judgement.rows["leavers"]), quarter).sort_index()
    existing = existing[existing["table_sector"].isin(config.sector_names)]
    return [Counted(figure_of(row), row["id_number"], str(row["name"] or ""),
                    Place(config.district, str(row["unit"]), str(row["month"])),
                    book.submissions[row["submission"]].arrived_on)
            for frame, figure_of in ((inside, _cell), (below, partial(_below, other=config.other_sector)), (existing, _existing))
            for row in records(frame)]


def _cell(row: Mapping[str, Any]) -> Figure:
    return (row["table_sector"], row["level"], int(row["effective_on"][:4]), False)


def _below(row: Mapping[str, Any], other: str) -> Figure:
    label = row["level"] if row["place"] == "level" else other
    return (label, row["level"], int(row["effective_on"][:4]), True)


def _existing(row: Mapping[str, Any]) -> Figure:
    return (row["table_sector"], None, None, False)


def deductions(counted: Mapping[str, list[Counted]]) -> list[Deduction]:
    """Everybody whom a second district counts too, in order of arrival; a table's row comes before one below the table."""
    first: dict[tuple[str, str | None], Counted] = {}
    found = []
    for one in _in_order(counted):
        earlier = first.setdefault(one.thing, one)
        if earlier is not one:
            found.append(Deduction(*one.figure, one.name, mask(one.id_number), earlier.place, one.place))
    return found


def _in_order(counted: Mapping[str, list[Counted]]) -> list[Counted]:
    everybody = [one for people in counted.values() for one in people]  # by district, and there in order of arrival
    return sorted(everybody, key=lambda one: (one.figure[3], one.arrived_on))


def persons(counted: Mapping[str, list[Counted]]) -> int:
    """Distinct people in the tables."""
    return len({one.id_number for people in counted.values() for one in people
                if one.figure[1] is not None and not one.figure[3]})


def reconcile(
    districts: Mapping[str, QuarterReport], counted: Mapping[str, list[Counted]], taken_out: Iterable[Deduction]
) -> None:
    """Raise ReconciliationError unless each figure's sum over the districts, less what counts twice, is the city's own count."""
    summed: Counter[Figure] = Counter({(cell.sector, cell.level, cell.year, False): cell.actual for cell in cells_of(districts)})
    summed.update({(line.sector, None, None, False): line.existing_actual for line in sectors_of(districts)})
    summed.subtract((one.sector, one.level, one.year, False) for one in taken_out if not one.outside)
    firsts = {one.thing: one for one in reversed(_in_order(counted))}.values()
    once = Counter(one.figure for one in firsts if not one.figure[3])
    for figure in summed.keys() | once.keys():
        if summed[figure] != once[figure]:
            raise ReconciliationError(f"全市汇总勾稽不符，本次不写汇总表：{figure[:3]}，各区县之和扣除重复为{summed[figure]}，"
                                      f"逐人计为{once[figure]}")


def cells_of(districts: Mapping[str, QuarterReport]) -> list[TableCell]:
    """The sum by sector, level and year, as far as any district's plan has them; a target that is blank everywhere stays blank."""
    cells: dict[tuple[str, str, int], TableCell] = {}
    for cell in (cell for report in districts.values() for cell in report.cells):
        key = (cell.sector, cell.level, cell.year)
        so_far = cells.get(key)
        cells[key] = cell if so_far is None else replace(
            so_far, target=_plus(so_far.target, cell.target), actual=so_far.actual + cell.actual,
            introduced=so_far.introduced + cell.introduced)
    return list(cells.values())


def sectors_of(districts: Mapping[str, QuarterReport]) -> list[SectorLine]:
    """The sum by sector; wording and layer are those of the first district that has it."""
    lines: dict[str, SectorLine] = {}
    for line in (line for report in districts.values() for line in report.sectors):
        so_far = lines.get(line.sector)
        lines[line.sector] = line if so_far is None else replace(
            so_far, demand_target=_plus(so_far.demand_target, line.demand_target),
            demand_actual=so_far.demand_actual + line.demand_actual,
            existing_target=_plus(so_far.existing_target, line.existing_target),
            existing_actual=so_far.existing_actual + line.existing_actual,
            target=so_far.target + line.target, actual=so_far.actual + line.actual)
    return list(lines.values())


def outside_of(districts: Mapping[str, QuarterReport], taken_out: Iterable[Deduction]) -> dict[str, int]:
    """What stands below the tables, by level or sector, each once."""
    found: Counter[str] = Counter()
    for report in districts.values():
        found.update(report.outside)
    found.subtract(one.sector for one in taken_out if one.outside)
    return dict(found)


def _plus(one: int | None, other: int | None) -> int | None:
    return other if one is None else one if other is None else one + other
