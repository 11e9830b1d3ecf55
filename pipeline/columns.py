"""What a sheet and a column of the intake workbook are; `sheets` declares which there are."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from itertools import combinations
from typing import Literal

from pipeline.config import Config


class Kind(StrEnum):
    """How a cell is read, checked, written into templates and stored."""

    TEXT = "text"
    NAME = "name"
    ID = "id"
    CODE = "code"  # numbers of papers: text, however many digits
    PHONE = "phone"
    USCC = "uscc"
    DATE = "date"
    MONTH = "month"
    YEAR = "year"
    COUNT = "count"
    MONEY = "money"
    HOURS = "hours"
    CHOICE = "choice"
    YESNO = "yesno"
    TICK = "tick"


NUMERIC = {Kind.YEAR, Kind.COUNT, Kind.MONEY, Kind.HOURS, Kind.YESNO, Kind.TICK}
# A merged range of these belongs to its first row alone (intake.md).
ONE_PER_ROW = {Kind.NAME, Kind.ID, Kind.MONEY}

ChoicesFrom = Literal["levels", "sectors", "establishment_types", "instalments", "earlier_levels"]


@dataclass(frozen=True)
class Column:
    """One column: its English field, Chinese label, kind and what may stand in it."""

    field: str
    label: str
    kind: Kind = Kind.TEXT
    required: bool = False
    choices: tuple[str, ...] = ()
    choices_from: ChoicesFrom | None = None
    aliases: tuple[str, ...] = ()
    default: str | None = None
    hint: str = ""
    example: str = ""
    single: bool = False  # a merged range of it belongs to its first row alone
    # Required where that field has one of these values; none: a type that needs a share of its staff.
    required_if: tuple[str, tuple[str, ...]] | None = None

    @property
    def one_per_row(self) -> bool:
        """Whether a merged range holds for its first row only."""
        return self.single or self.kind in ONE_PER_ROW


@dataclass(frozen=True)
class Sheet:
    """One kind of sheet; `identity` are the fields that make two rows the same thing."""

    key: str
    label: str
    columns: tuple[Column, ...]
    identity: tuple[str, ...]
    deciding: bool = False  # sent in by deciding bodies: only ever adds

    def column(self, field: str) -> Column:
        """The column of a field; raises KeyError for an unknown one."""
        return self._by_field[field]

    @property
    def fields(self) -> list[str]:
        """The fields in the order of the columns."""
        return [column.field for column in self.columns]

    @cached_property
    def _by_field(self) -> dict[str, Column]:
        return {column.field: column for column in self.columns}


def choices_of(column: Column, config: Config) -> list[str]:
    """The values of a drop-down, in the district's order; empty where any value may stand."""
    match column.choices_from:
        case "levels":
            return list(config.levels)
        case "sectors":
            return [*config.sector_names, config.other_sector]
        case "establishment_types":
            return list(config.establishment_types)
        case "instalments":
            return list(config.policies[-1].talent_award.instalments)
        case "earlier_levels":
            below = config.levels[:-1]  # nobody applies for a level below the one that was granted
            return ["无", *("、".join(some) for size in range(1, len(below) + 1) for some in combinations(below, size))]
        case None:
            return list(column.choices)


def required_where(column: Column, config: Config) -> tuple[str, tuple[str, ...]]:
    """The field that decides whether a column is required, and the values for which it is."""
    decider, values = column.required_if or ("", ())
    shared = tuple(name for name, kind in config.establishment_types.items() if kind.required_percent)
    return decider, values or shared


def spellings_of(column: Column, config: Config) -> dict[str, str]:
    """Every accepted spelling of a choice and the value that it stands for."""
    accepted = {choice: choice for choice in choices_of(column, config)}
    if column.choices_from == "sectors":
        accepted |= {sector.wording: sector.name for sector in config.sectors}
    return accepted
