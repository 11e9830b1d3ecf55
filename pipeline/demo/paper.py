"""What a unit puts on paper: rows, workbooks, and the faults that were put into them on purpose."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import NamedTuple

from pipeline.calendar import Month
from pipeline.findings import Severity


@dataclass(frozen=True)
class Formula:
    """A formula that was saved without its value."""

    text: str


class ClaimKey(NamedTuple):
    """One application: the award of a person at a level or instalment through a unit; `again` counts fresh ones."""

    award: str
    id_number: str
    slot: str
    unit: str
    again: int


Cell = str | int | float | date | Formula | None
Value = Cell | ClaimKey
SLOTS = {"certificate_awards": ("证书奖励", "level"), "talent_awards": ("紧缺人才", "instalment")}
_UNREADABLE = {"N01", "N02", "N03", "N08"}
_REPEAT_RULES = {"G01", "G03"}


@dataclass(frozen=True)
class Fault:
    """What must be found: the rule, its severity, and the field (None: the sheet or the file) that it points at."""

    rule: str
    severity: Severity
    field: str | None = None

    @property
    def repeats(self) -> bool:
        """Whether this says that somebody else was first, which is no fault of the row itself."""
        return self.rule in _REPEAT_RULES and self.field == "id_number"


@dataclass(frozen=True)
class Row:
    """One row: what is meant, what stands there instead, and what must be found in it."""

    values: Mapping[str, Value]
    written: Mapping[str, Cell] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()
    again: int = 0

    def at_fault(self, rule: str, severity: Severity, where: str, **written: Cell) -> Row:
        """The same row with one more fault and the cells that make it."""
        faults = (*self.faults, Fault(rule, severity, where))
        return replace(self, written={**self.written, **written}, faults=faults)

    def but(self, **values: Value) -> Row:
        """The same row with other values."""
        return replace(self, values={**self.values, **values})

    @property
    def returned(self) -> bool:
        """Whether the row counts for nothing."""
        return any(fault.severity is Severity.RETURNED and not fault.repeats for fault in self.faults)

    @property
    def repeats(self) -> bool:
        """Whether the row asks for what was asked for before."""
        return any(fault.repeats for fault in self.faults)

    @property
    def returned_as_read(self) -> bool:
        """Whether a cell of it cannot be taken (the N rules that return)."""
        return any(fault.severity is Severity.RETURNED and fault.rule.startswith("N") for fault in self.faults)

    def readable(self, *fields: str) -> bool:
        """Whether none of these cells was returned."""
        return not any(fault.field in fields and fault.rule in _UNREADABLE and fault.severity is Severity.RETURNED
                       for fault in self.faults)

    def claim(self, kind: str, unit: str) -> ClaimKey | None:
        """The application that the row of a kind of sheet makes, None where nobody can say whose it is."""
        award, slot = SLOTS[kind]
        if not self.readable("id_number", slot):
            return None
        return ClaimKey(award, str(self.values["id_number"]), str(self.values[slot]), unit, self.again)


@dataclass(frozen=True)
class Merge:
    """A vertical merge over data rows `first` to `last` (0-based) of one sheet."""

    kind: str
    field: str
    first: int
    last: int


@dataclass
class Return:
    """One file: who sends it for which month, when it comes, and what stands in it.

    `faults` are those of the file (kind None) or of a sheet; `refused` files give no rows, and
    `content` is what lies in inputs/ where it is no workbook at all.
    """

    unit: str
    month: Month
    arrives: date
    filled_on: date
    path: str
    sheets: dict[str, list[Row]] = field(default_factory=dict)
    nil: bool = False
    cover: dict[str, Cell] = field(default_factory=dict)
    faults: list[tuple[str | None, Fault]] = field(default_factory=list)
    merges: list[Merge] = field(default_factory=list)
    tricks: frozenset[str] = frozenset()
    refused: bool = False
    content: bytes | None = None

    def add(self, kind: str, *rows: Row) -> None:
        """More rows for one of the sheets."""
        self.sheets.setdefault(kind, []).extend(rows)
