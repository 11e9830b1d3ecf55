"""The ledger's rows as frames: what passes from ledger to rules, judge and rollup."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from pipeline.calendar import Month
from pipeline.findings import Finding
from pipeline.reading import Submission
from pipeline.sheets import EXPENSES, HOUSING, SENIOR

CERTIFICATE_AWARD, TALENT_AWARD = "证书奖励", "紧缺人才"
# What can be applied for by a row of each sheet, and the fields that tell one application of a person from another.
_FORMS = {"certificate_awards": (CERTIFICATE_AWARD, ("level",)), "talent_awards": (TALENT_AWARD, ("instalment",))}
_MEASURES = {EXPENSES: ("exam_year", "fee"), SENIOR: ("title",), HOUSING: ("subsidy",)}
CLAIM_KINDS = (*_FORMS, "other_awards")

Origin = tuple[int, str, int]
ORIGIN = ("submission", "sheet", "row")  # which every frame of rows has, in order of arrival


def asked_by(kind: str) -> tuple[str, ...]:
    """The fields of a sheet that say what is applied for."""
    return _FORMS[kind][1] if kind in _FORMS else ("measure", *(name for fields in _MEASURES.values() for name in fields))


def applied_for(kind: str, row: Mapping[str, Any]) -> tuple[str, str] | None:
    """The award and the slot of it (level, instalment, title, …) that a row asks for; None where it is no claim.

    评优评先 is a list and company money is not the district's: such rows of 其他激励 are no claims.
    """
    award, fields = _FORMS.get(kind) or (row["measure"], _MEASURES.get(row["measure"], ()))
    values = [row[name] for name in fields]
    if not values or any(value is None for value in values):
        return None
    return award, "".join(f"{value:g}年" if isinstance(value, int | float) else value for value in values)


@dataclass(frozen=True, slots=True)
class Key:
    """Who asks for what: the award of one person at one level, instalment or the like, through one unit."""

    award: str
    id_number: str
    slot: str
    unit: str

    @property
    def entitlement(self) -> tuple[str, str, str]:
        """What can be granted once only, whoever applies for it."""
        return (self.award, self.id_number, self.slot)


@dataclass(frozen=True, slots=True)
class Standing:
    """What became of one claim's rows: its state and the row that speaks for it.

    `origin` is the newest sound row, `first` the one that is counted (later ones are relisted),
    `place` the claim's place in the order of arrival, `holder` the claim that this one repeats.
    """

    number: str
    key: Key
    state: str
    origin: Origin
    first: Origin
    place: int
    holder: str | None = None

    @property
    def living(self) -> bool:
        """Whether the claim is under way or granted."""
        return self.state not in ("退回", "重复", "不核准")


@dataclass(frozen=True, slots=True)
class Verdict:
    """A row of 审核意见 and whether it could be followed; `refusal` says why not (F02)."""

    submission: int
    sheet: str
    row: int
    claim: str
    stage: str
    opinion: str
    decided_on: str
    amount: float | None
    refusal: str | None = None
    repeated: bool = False  # the same decision was already entered

    @property
    def followed(self) -> bool:
        """Whether it changed the claim's state."""
        return self.refusal is None and not self.repeated


@dataclass(frozen=True, slots=True)
class Rival:
    """Another district's claim to what a claim of this district asks for; where it `holds`, this district's is the repeat."""

    district: str
    number: str
    unit: str
    month: str
    holds: bool


@dataclass(frozen=True)
class Book:
    """Everything that the ledger knows, up to some day.

    `rows` has a frame per kind of sheet, in order of arrival: submission, sheet, row, unit, month, filled_on,
    the sheet's fields and `faulty` (a cell was returned when it was read). `claim_of` maps the origin of
    a claim's row to the claim's number; `pins` a claim under decision to the row that was decided on;
    `elsewhere` the number of a claim to those of other districts of the city that ask for the same.
    """

    submissions: dict[int, Submission]
    rows: dict[str, pd.DataFrame]
    letters: dict[tuple[int, str, str], dict[str, str]]  # (submission, kind, sheet) → field → column letter
    cell_findings: list[Finding]
    claim_of: dict[tuple[int, str, int], str]
    pins: dict[str, tuple[int, str, int]]
    verdicts: list[Verdict]
    today: date
    elsewhere: Mapping[str, tuple[Rival, ...]] = field(default_factory=dict)

    def learnt(self, **facts: Any) -> Book:
        """The same rows, and what is known of them besides."""
        book = replace(self, **facts)
        book.__dict__["keys"] = self.keys  # they come from the rows alone
        return book

    def rival(self, number: str) -> Rival:
        """The claim of another district with this number."""
        return next(one for rivals in self.elsewhere.values() for one in rivals if one.number == number)

    @cached_property
    def keys(self) -> dict[Origin, Key]:
        """The key of every claim row whose person and object can be read, in order of arrival."""
        parts: list[tuple[int, int, str, Origin, Key]] = []
        for kind in CLAIM_KINDS:
            frame = self.rows[kind]
            rows = zip(origins(frame), frame["place"], records(frame, "id_number", "unit", *asked_by(kind)), strict=True)
            parts += [(origin[0], place, kind, origin, Key(asked[0], row["id_number"], asked[1], row["unit"]))
                      for origin, place, row in rows if row["id_number"] and (asked := applied_for(kind, row))]
        return {origin: key for *_, origin, key in sorted(parts, key=lambda part: part[:3])}

    def answered(self) -> set[Origin]:
        """Rows of refused decisions whose claim and stage were decided rightly later: nothing of them is left to mend."""
        last = {(one.claim, one.stage): at for at, one in enumerate(self.verdicts) if one.followed}
        return {(one.submission, one.sheet, one.row) for at, one in enumerate(self.verdicts)
                if one.refusal is not None and last.get((one.claim, one.stage), -1) > at}

    def cell(self, kind: str, submission: int, sheet: str, row: int, field: str) -> str | None:
        """The address of a field in its file, such as "D7"; None where the file has no such column."""
        letter = self.letters.get((submission, kind, sheet), {}).get(field)
        return f"{letter}{row}" if letter else None


def newest_month(book: Book) -> Month:
    """The newest month that anybody reported for; without any, the month of today."""
    months = [one.month for one in book.submissions.values() if one.month and not one.refused and one.withdrawn is None]
    return max(months, default=Month.of(book.today))


def origins(frame: pd.DataFrame) -> list[Origin]:
    """(submission, sheet, row) of every row."""
    return list(zip(*(frame[name].tolist() for name in ORIGIN), strict=True))


def records(frame: pd.DataFrame, *fields: str) -> list[dict[str, Any]]:
    """The rows as mappings from field (all, or those that are asked for) to value."""
    names = fields or tuple(frame.columns)
    values = zip(*(frame[name].tolist() for name in names), strict=True)  # to_dict takes ten times as long
    return [dict(zip(names, row, strict=True)) for row in values]


def marks(frame: pd.DataFrame, flags: Iterable[bool]) -> pd.Series[bool]:
    """Flags as a mask for the frame's rows (a bare list would, when empty, choose columns)."""
    return pd.Series(np.fromiter(flags, bool, len(frame)), index=frame.index)


def by_value(values: pd.Series[Any], function: Callable[[Any], Any]) -> pd.Series[Any]:
    """What a function makes of each value, asked once for each that occurs; blank stays blank."""
    return values.map({value: function(value) for value in values.dropna().unique()}).astype(object)
