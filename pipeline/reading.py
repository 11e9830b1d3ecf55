"""What intake gives and the ledger keeps: one workbook, read."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from pipeline.calendar import Month
from pipeline.findings import Finding

# Text as str, dates as ISO text, amounts and counts as numbers, yes/no and ticks as 1/0, blank as None.
Value = str | int | float | None


@dataclass(frozen=True, slots=True)
class Cover:
    """The sheet 封面: who reports for which month."""

    unit: str | None = None
    month: Month | None = None
    filled_on: date | None = None
    filled_by: str | None = None
    nil_return: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """The located rows of one sheet, column by column.

    `letters` maps a field to its column letter in the file, `rows` are 1-based row numbers,
    `values` holds for each field of the declaration one value per row; a cell that was returned
    is None there, so that no later rule stumbles over it again.
    """

    kind: str
    sheet: str
    letters: dict[str, str]
    rows: list[int]
    values: dict[str, list[Value]]


@dataclass(frozen=True, slots=True)
class Change:
    """A cell that was accepted in another form than it was written, for the receipt."""

    sheet: str
    cell: str
    found: str
    taken: str


@dataclass(frozen=True, slots=True)
class Reading:
    """One file, read; `refused`: nothing can be taken from it (N00).

    `curable` where another day or another config.yaml may let the same bytes pass: a unit that is
    not listed yet, a month that has not begun. Findings carry submission 0: the ledger gives the number.
    """

    cover: Cover = Cover()
    tables: list[Table] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    refused: bool = False
    curable: bool = False


@dataclass(frozen=True, slots=True)
class Submission:
    """One file in the ledger: its number is its place in the order of arrival."""

    number: int
    run: int
    arrived_on: date
    source: str  # path relative to inputs/, as it was found
    sha256: str
    original: str  # name in originals/
    unit: str | None
    month: Month | None
    filled_on: date | None
    nil_return: bool
    refused: bool
    withdrawn: str | None = None  # the reason, where it was taken back
