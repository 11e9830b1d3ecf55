"""Findings as values: what a rule found, where, and how much it weighs."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """What a finding does to its row (rules.md)."""

    RETURNED = "退回"
    REVIEW = "复核"
    NOTE = "提示"

    @property
    def weight(self) -> int:
        """Order of gravity, the gravest first."""
        return list(Severity).index(self)


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule's word on one row (or, without `row`, on a sheet or a file).

    `submission` is the number of the file in the ledger, `kind` the sheet's key in `sheets`,
    `sheet` its name in the file, `row` the 1-based row, `cell` an address such as "D7".
    """

    submission: int
    rule: str
    severity: Severity
    message: str
    kind: str | None = None
    sheet: str | None = None
    row: int | None = None
    cell: str | None = None


def merged(findings: list[Finding]) -> list[Finding]:
    """One entry per row and rule: messages joined, the gravest severity, the first cell."""
    grouped: dict[tuple[object, ...], Finding] = {}
    for found in findings:
        key: tuple[object, ...] = (found.submission, found.sheet, found.row, found.rule)
        if found.row is None:
            key = (*key, found.cell, found.message)
        earlier = grouped.get(key)
        grouped[key] = found if earlier is None else _joined(earlier, found)
    return list(grouped.values())


def _joined(first: Finding, second: Finding) -> Finding:
    texts = list(dict.fromkeys([first.message, second.message]))
    return Finding(
        submission=first.submission,
        rule=first.rule,
        severity=min(first.severity, second.severity, key=lambda severity: severity.weight),
        message="；".join(texts),
        kind=first.kind,
        sheet=first.sheet,
        row=first.row,
        cell=first.cell or second.cell,
    )
