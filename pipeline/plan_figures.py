"""Sums over the table's cells and the rate of attainment, as every paper shows them."""

from __future__ import annotations

from collections.abc import Iterable

from pipeline.quarter_report import QuarterReport, TableCell

BLANK = "—"
_NUMERALS = "零一二三四五六七八九十"

TargetAndActual = tuple[int | None, int]  # the target is None where the plan has none


def of_level(cells: Iterable[TableCell], level: str) -> TargetAndActual:
    """The sums over one level."""
    return of_cells(cell for cell in cells if cell.level == level)


def of_year(cells: Iterable[TableCell], year: int) -> TargetAndActual:
    """The sums over one year."""
    return of_cells(cell for cell in cells if cell.year == year)


def of_cells(cells: Iterable[TableCell]) -> TargetAndActual:
    """The sums over these cells."""
    return summed((cell.target, cell.actual) for cell in cells)


def summed(pairs: Iterable[TargetAndActual]) -> TargetAndActual:
    """The targets together, None where there is none among them, and the certificates that count."""
    known = list(pairs)
    targets = [target for target, _ in known if target is not None]
    return sum(targets) if targets else None, sum(actual for _, actual in known)


def rate(target: int | None, actual: int) -> str | None:
    """actual ÷ target as a percentage with one decimal, halves rounded up as spreadsheets do; None without a target."""
    if not target:
        return None
    per_mille = (2000 * actual + target) // (2 * target)
    return f"{per_mille / 10:.1f}%"


def attainment(target: int | None, actual: int) -> str:
    """The rate, or the dash where there is no target to divide by."""
    return rate(target, actual) or BLANK


def number(target: int | None) -> str:
    """A target, or the dash of a blank cell: blank is not 0."""
    return BLANK if target is None else str(target)


def years_of(report: QuarterReport) -> list[int]:
    """The plan's years in order."""
    return sorted({cell.year for cell in report.cells})


def span(report: QuarterReport) -> str:
    """The plan's length in words: 三年."""
    return f"{_NUMERALS[len(years_of(report))]}年"
