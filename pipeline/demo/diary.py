"""The district's diary: which return every unit owes, on which days files come in, and what was added to them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import PurePosixPath
from random import Random

from pipeline.calendar import Month
from pipeline.config import Config
from pipeline.demo.paper import Cell, Fault, Return, Row
from pipeline.demo.people import Registry
from pipeline.demo.styles import habit_of
from pipeline.findings import Severity
from pipeline.sheets import BY_KEY

# Days beside the due days on which late and corrected files are brought in.
_EXTRA_DAYS = (date(2019, 7, 22), date(2020, 3, 20), date(2020, 10, 20), date(2021, 6, 21), date(2022, 1, 20))


@dataclass(frozen=True)
class Application:
    """A claim's row, in which return it was handed in, and how far it is to get: the stages it passes."""

    row: Row
    kind: str
    filed: Return
    stages: tuple[str, ...]
    refused: bool = False


class Diary:
    """Everything that is handed in, in the making."""

    def __init__(self, config: Config, random: Random) -> None:
        self.config, self.random, self.people = config, random, Registry(random)
        self.months = [Month(year, month) for year in config.years for month in range(1, 13)]
        self.due_days = [month.due(config.due_day) for month in self.months]
        self.days = sorted([*self.due_days, *_EXTRA_DAYS])
        self.returns = {(unit, month): self._ordinary(unit, month)
                        for month in self.months for unit in config.reporting_units}
        self.extra: list[Return] = []
        self.fixed: set[tuple[str, Month]] = set()
        self.applications: list[Application] = []
        self.copies: list[tuple[date, str, Return]] = []

    def _ordinary(self, unit: str, month: Month) -> Return:
        day = month.due(self.config.due_day)
        return Return(unit, month, day, day - timedelta(days=1 + len(unit) % 3), "")

    def of(self, unit: str, month: str) -> Return:
        """A return in which something happens: it comes, and on time."""
        key = unit, self.month(month)
        self.fixed.add(key)
        return self.returns[key]

    @staticmethod
    def month(text: str) -> Month:
        """The month written 2020-08."""
        return Month(int(text[:4]), int(text[5:]))

    def file(self, unit: str, month: str, arrives: date, sheets: dict[str, list[Row]], *, nil: bool = False,
             filled_on: date | None = None, cover: dict[str, Cell] | None = None) -> Return:
        """One more file of a unit's month beside its ordinary return."""
        more = Return(unit, self.month(month), arrives, filled_on or arrives - timedelta(days=1), "", sheets, nil,
                      cover or {})
        self.extra.append(more)
        return more

    def corrected(self, first: Return, arrives: date, **sheets: list[Row]) -> Return:
        """A later version of some sheets of a return; whom it no longer names must be asked about (R2)."""
        newer = self.file(first.unit, str(first.month), arrives, dict(sheets), nil=not sheets)
        for kind in sheets or first.sheets:
            if _missing(first.sheets.get(kind, []), sheets.get(kind, []), kind):
                newer.faults.append((kind if sheets else None, Fault("R2", Severity.REVIEW)))
        return newer

    def apply(self, filed: Return, kind: str, row: Row, *stages: str, refused: bool = False) -> Row:
        """Hand in a claim that is to pass these stages (and be refused at the last of them)."""
        filed.add(kind, row)
        self.applications.append(Application(row, kind, filed, stages, refused))
        return row

    def next_due_day(self, after: date) -> date | None:
        """The next of the monthly days on which files come in."""
        return next((day for day in self.due_days if day > after), None)

    def all(self) -> list[Return]:
        """Every file, with its path."""
        filed = [part for one in (*self.returns.values(), *self.extra) for part in _files_of(one, self.config)]
        taken: set[str] = set()
        for one in filed:
            one.path = one.path or _free(_path(one, self.config), taken)
            taken.add(one.path)
        return filed


def _files_of(filed: Return, config: Config) -> list[Return]:
    """One file, or one for each sheet where the unit exports CSV."""
    if len(filed.sheets) < 2 or habit_of(filed, config).format != "csv":
        return [filed]
    return [replace(filed, sheets={kind: rows}) for kind, rows in filed.sheets.items()]


def _missing(before: list[Row], after: list[Row], kind: str) -> bool:
    fields = BY_KEY[kind].identity
    if "id_number" not in BY_KEY[kind].fields:
        return False
    kept = {tuple(row.values[field] for field in fields) for row in after}
    lost = {tuple(row.values[field] for field in fields) for row in before if row.readable("id_number")}
    return not lost <= kept


def _path(filed: Return, config: Config) -> str:
    habit, month = habit_of(filed, config), filed.month
    label = BY_KEY[next(iter(filed.sheets))].label if filed.sheets else ""
    names = {"unit": filed.unit, "month": month, "year": month.year, "number": month.month, "label": label}
    if "decisions" in filed.sheets:
        return f"审核意见/{month}/{filed.unit}_审核意见.{'ods' if habit.format == 'ods' else 'xlsx'}"
    return habit.path.format(**names)


def _free(path: str, taken: set[str]) -> str:
    """The path, marked as a correction where there is such a file already."""
    pure, number = PurePosixPath(path), 1
    while path in taken:
        path = str(pure.with_stem(f"{pure.stem}（更正{number if number > 1 else ''}）"))
        number += 1
    return path
