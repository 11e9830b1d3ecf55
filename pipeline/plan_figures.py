"""Sums over the table's cells and the rate of attainment, as every paper shows them."""

from __future__ import annotations

from collections.abc import Iterable

from pipeline.quarter_report import QuarterReport, TableCell

BLANK = "—"
_NUMERALS = "零一二三四五六七八九十"

TargetAndActual = tuple[int | None, int]


def of_level(cells: Iterable[TableCell], level: str) -> TargetAndActual:
    """The sums over one level."""
    return summed([cell for cell in cells if cell.level == level])


def of_year(cells: Iterable[TableCell], year: int) -> TargetAndActual:
    """The sums over one year."""
    return summed([cell for cell in cells if cell.year == year])


def summed(cells: Iterable[TableCell]) -> TargetAndActual:
    """The targets together, None where no cell has one, and the certificates that count."""
    chosen = list(cells)
    targets = [cell.target for cell in chosen if cell.target is not None]
    return sum(targets) if targets else None, sum(cell.actual for cell in chosen)


def attainment(target: int | None, actual: int) -> str:
    """actual ÷ target as a percentage with one decimal, halves rounded up as spreadsheets do."""
    if not target:
        return BLANK
    per_mille = (2000 * actual + target) // (2 * target)
    return f"{per_mille / 10:.1f}%"


def number(target: int | None) -> str:
    """A target, or the dash of a blank cell: blank is not 0."""
    return BLANK if target is None else str(target)


def years_of(report: QuarterReport) -> list[int]:
    """The plan's years in order."""
    return sorted({cell.year for cell in report.cells})


def span(report: QuarterReport) -> str:
    """The plan's length in words: 三年."""
    return f"{_NUMERALS[len(years_of(report))]}年"
