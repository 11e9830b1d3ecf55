"""What a rule is, and how rules are put to a frame of rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from string import Formatter
from typing import Any

import pandas as pd

from pipeline.book import Book, by_value, origins, records
from pipeline.config import Config
from pipeline.findings import Finding, Severity
from pipeline.idnumber import masked_text
from pipeline.policy import Policy


@dataclass(frozen=True)
class Terms:
    """The numbers and switches that a rule may use: the plan's, and those of the row's own day."""

    config: Config
    policy: Policy


Holds = Callable[[pd.DataFrame, Terms], "pd.Series[bool]"]


@dataclass(frozen=True)
class Rule:
    """A sentence of the plan; `holds` is True where a row satisfies it.

    It is asked only of rows in which all `cells` are filled; `at` is the field that it points at.
    """

    id: str
    clause: str
    severity: Severity
    sheets: tuple[str, ...]
    cells: tuple[str, ...]
    at: str
    message: str
    holds: Holds

    @property
    def words(self) -> str:
        """The plan's words, from the function's docstring."""
        return (self.holds.__doc__ or "").strip()

    @cached_property
    def told(self) -> tuple[str, ...]:
        """The fields of a row that its message tells."""
        names = {(name or "").split(".")[0] for _, name, _, _ in Formatter().parse(self.message)}
        return tuple(sorted(names - {"", "policy", "config"}))


def rule(
    id: str, *, clause: str, severity: Severity, sheets: tuple[str, ...], cells: tuple[str, ...], message: str,
    at: str | None = None,
) -> Callable[[Holds], Rule]:
    """Make a Rule of a function whose docstring quotes the plan."""
    return lambda holds: Rule(id, clause, severity, sheets, cells, at or cells[0], message, holds)


def check(rules: Iterable[Rule], kind: str, frame: pd.DataFrame, book: Book, config: Config) -> list[Finding]:
    """The findings of the rules on rows of one kind of sheet, each row by the policy of its own day."""
    found: list[Finding] = []
    for terms, rows in _by_policy(frame, config):
        for one in rules:
            if kind in one.sheets:
                found += _violations(one, kind, rows, terms, book)
    return found


def _by_policy(frame: pd.DataFrame, config: Config) -> Iterator[tuple[Terms, pd.DataFrame]]:
    if len(config.policies) == 1:
        yield Terms(config, config.policies[0]), frame
        return
    days = frame["applied_on"].fillna(frame["filled_on"]) if "applied_on" in frame else frame["filled_on"]
    versions = by_value(days, lambda day: config.policies.index(config.policy_on(day)))
    for version, rows in frame.groupby(versions):
        yield Terms(config, config.policies[int(version)]), rows


def _violations(one: Rule, kind: str, rows: pd.DataFrame, terms: Terms, book: Book) -> Iterator[Finding]:
    filled = rows[one.cells[0]].notna()
    for cell in one.cells[1:]:
        filled &= rows[cell].notna()
    asked = rows if filled.all() else rows[filled]
    if asked.empty:
        return
    held = one.holds(asked, terms).astype(bool)
    if held.all():
        return
    failing = asked[~held]
    for origin, row in zip(origins(failing), records(failing, *one.told), strict=True):
        yield Finding(
            submission=origin[0], rule=one.id, severity=one.severity, kind=kind, sheet=origin[1], row=origin[2],
            message=_on_one_line(one.message.format(**_shown(row), policy=terms.policy, config=terms.config)),
            cell=book.cell(kind, *origin, one.at),
        )


def _on_one_line(message: str) -> str:
    """A cell may hold line breaks, a message none; nor a whole ID number."""
    return masked_text(" ".join(message.split()))


def _shown(row: dict[Any, Any]) -> dict[str, str]:
    """A row's values as they stand in a message."""
    return {key: f"{value:g}" if isinstance(value, float) else str(value) for key, value in row.items()}
