"""What the city's job gives and its workbook lays out: the sum of all districts, and what was counted or claimed twice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from pipeline.calendar import Quarter
from pipeline.quarter_report import FileCounts, QuarterReport, SectorLine, TableCell


@dataclass(frozen=True, slots=True)
class Place:
    """Who told it: district, unit and month."""

    district: str
    unit: str
    month: str


@dataclass(frozen=True, slots=True)
class Deduction:
    """A person whom two districts count, taken out of the later one's figure; `id_number` is masked.

    `level` and `year` are None where the figure is 现有数量.
    """

    sector: str
    level: str | None
    year: int | None
    outside: bool  # the later one counts it below the table
    name: str
    id_number: str
    first: Place
    later: Place


@dataclass(frozen=True, slots=True)
class RepeatedClaim:
    """A claim to what another district's claim holds; `id_number` is masked."""

    award: str
    item: str
    name: str
    id_number: str
    first: Place
    first_number: str
    first_state: str
    later: Place
    later_number: str
    later_state: str

    @property
    def blocked(self) -> bool:
        """Whether it was sent back; otherwise both were decided on before the districts were put together."""
        return self.later_state == "重复"


@dataclass(frozen=True, slots=True)
class CityReport:
    """The city's figures of one quarter: `cells` and the like are the districts' sums, `deductions` what counts once only."""

    name: str
    office: str
    quarter: Quarter
    today: date
    districts: dict[str, QuarterReport]
    stale: list[str]  # districts whose run failed: their figures are those of their last run
    cells: list[TableCell]
    sectors: list[SectorLine]
    outside: dict[str, int]
    deductions: list[Deduction]
    repeats: list[RepeatedClaim]
    persons: int
    files: FileCounts

    @property
    def target(self) -> int:
        """The sum of the districts' totals."""
        return sum(report.total.target for report in self.districts.values())

    @property
    def summed(self) -> int:
        """The sum of the districts' actuals."""
        return sum(report.total.actual for report in self.districts.values())

    @property
    def deducted(self) -> int:
        """Certificates that a second district counts in its table."""
        return sum(one.level is not None and not one.outside for one in self.deductions)

    @property
    def actual(self) -> int:
        """Certificates in the city, each once."""
        return self.summed - self.deducted
