"""Targets beside actuals: sums, shares and ranks over the plan's table (附件2, T03, T06)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from pipeline.config import Config
from pipeline.plan_figures import TargetAndActual, of_cells, rate, summed
from pipeline.quarter_report import QuarterReport, SectorLine, TableCell


@dataclass(frozen=True, slots=True)
class Score:
    """One thing's target and actual; `target` is None where the plan sets none."""

    name: str
    target: int | None
    actual: int

    @property
    def share(self) -> Fraction | None:
        """actual ÷ target, exactly; None where there is no target to divide by."""
        return Fraction(self.actual, self.target) if self.target else None

    @property
    def rate(self) -> str | None:
        """The share as every paper shows it; None where there is no target to divide by."""
        return rate(self.target, self.actual)

    @property
    def missing(self) -> int:
        """How many are still to come."""
        return max((self.target or 0) - self.actual, 0)

    @property
    def beyond(self) -> int:
        """How many there are more than the plan asks for."""
        return max(self.actual - (self.target or 0), 0)


@dataclass(frozen=True, slots=True)
class Ranked:
    """A sector's place by its share; equal shares have the same place."""

    place: int
    score: Score
    tied: bool = False


@dataclass(frozen=True, slots=True)
class Behind:
    """A sector below its targets of the years up to the quarter's, as a whole or at the `levels`."""

    score: Score
    levels: list[Score]

    @property
    def is_short(self) -> bool:
        """Whether anything is missing."""
        return bool(self.score.missing or self.levels)


@dataclass(frozen=True, slots=True)
class TableLine:
    """One row of 附件2 with what there is: demand, existing, the whole plan, and each level and year."""

    layer: str
    name: str
    remark: str
    demand: TargetAndActual
    existing: TargetAndActual
    whole: Score
    cells: list[TargetAndActual]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the plan has come at the quarter's end (before it: on the day of the report)."""

    until: date
    whole: Score
    examined: int
    levels: list[Score]
    years: list[Score]  # those that have begun
    ranking: list[Ranked]  # of the sectors that must reach their target
    suggested: list[Score]  # of the others (T06)
    behind: list[Behind]


def progress(report: QuarterReport, config: Config) -> Progress:
    """Every sum, share and rank of the quarter."""
    cells, total = report.cells, report.total
    begun = [cell for cell in cells if cell.year <= report.quarter.year]
    bound = [line for line in report.sectors if not line.suggested]
    return Progress(
        until=min(report.as_of or report.today, report.quarter.last_day),
        whole=Score("合计", total.target, total.actual), examined=total.actual - total.introduced,
        levels=[score(level, [cell for cell in cells if cell.level == level]) for level in config.target_levels],
        years=[score(f"{year}年", [cell for cell in begun if cell.year == year])
               for year in config.years if year <= report.quarter.year],
        ranking=ranked([Score(line.wording, line.target, line.actual) for line in bound if line.target]),
        suggested=[Score(line.wording, line.target, line.actual) for line in report.sectors if line.suggested],
        behind=[one for line in bound if (one := _behind(line, begun, config.target_levels)).is_short],
    )


def score(name: str, cells: Iterable[TableCell]) -> Score:
    """The sums over some cells; the target is None where all of theirs are blank."""
    return Score(name, *of_cells(cells))


def ranked(scores: Sequence[Score]) -> list[Ranked]:
    """The greatest share first; equal ones keep their order."""
    shares = [one.share or Fraction(0) for one in scores]
    placed = [Ranked(1 + sum(other > own for other in shares), one, shares.count(own) > 1)
              for one, own in zip(scores, shares, strict=True)]
    return sorted(placed, key=lambda one: one.place)


def table_lines(report: QuarterReport, config: Config) -> tuple[list[TableLine], TableLine]:
    """附件2 row by row, and 合计 below it."""
    lines = [_line(line, [cell for cell in report.cells if cell.sector == line.sector], config) for line in report.sectors]
    total = TableLine(
        "", "合计", "", summed(line.demand for line in lines), summed(line.existing for line in lines),
        Score("合计", report.total.target, report.total.actual),
        [summed(pairs) for pairs in zip(*(line.cells for line in lines), strict=True)])
    return lines, total


def _behind(line: SectorLine, begun: Sequence[TableCell], levels: Sequence[str]) -> Behind:
    own = [cell for cell in begun if cell.sector == line.sector]
    by_level = [score(level, [cell for cell in own if cell.level == level]) for level in levels]
    return Behind(score(line.wording, own), [one for one in by_level if one.missing])


def _line(line: SectorLine, cells: Sequence[TableCell], config: Config) -> TableLine:
    pairs = {(cell.level, cell.year): (cell.target, cell.actual) for cell in cells}
    return TableLine(
        line.layer, line.wording, line.remark, (line.demand_target, line.demand_actual),
        (line.existing_target, line.existing_actual), Score(line.wording, line.target, line.actual),
        [pairs[level, year] for level in config.target_levels for year in config.years])
