"""What must be found after the last file: the story's own books, kept without any part of the pipeline."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from pipeline.calendar import Month, Quarter
from pipeline.config import Config
from pipeline.demo.clock import overdue
from pipeline.demo.duties import short_of_engineers
from pipeline.demo.months import Plan
from pipeline.demo.pages import Printed
from pipeline.demo.paper import SLOTS, ClaimKey, Fault
from pipeline.demo.quarters import QuarterTruth, quarter_truth
from pipeline.demo.standing import Entry, entries_of
from pipeline.sheets import BY_KEY, COVER_LABEL

# File, rule, severity, sheet, cell.
ExpectedFinding = tuple[str, str, str, str | None, str | None]
_AFTER = {"初审": "待复审", "复审": "待发放", "发放": "已发放", "追回": "已追回"}


@dataclass(frozen=True)
class Truth:
    """The truth after the last file: by quarter ("2020Q3"), claim number → state, what must be found, who was late."""

    quarters: dict[str, QuarterTruth]
    claims: dict[str, str]
    findings: set[ExpectedFinding]
    late: set[tuple[str, str]]


def truth_of(plan: Plan, config: Config) -> Truth:
    """The truth of a plan."""
    entries = entries_of(plan.filed)
    states, statuses = _claims(entries, plan.numbers)
    came = _came(plan.filed)
    quarters = [Quarter(year, number) for year in config.years for number in range(1, 5)]
    return Truth(
        {str(quarter): quarter_truth(quarter, entries, statuses, set(came), config) for quarter in quarters},
        states, {*_findings(plan, entries), *_duties(entries, config), *_clock(entries, states, plan, config)},
        {(unit, str(month)) for (unit, month), day in came.items()
         if day > month.due(config.due_day) and unit in config.reporting_units},
    )


def _claims(entries: list[Entry], numbers: Mapping[ClaimKey, str]) -> tuple[dict[str, str], dict[Entry, str]]:
    """The state of every claim that has a row left, and what became of each of these rows."""
    decided, counted = _decided(entries), set()
    states: dict[str, str] = {}
    statuses: dict[Entry, str] = {}
    for entry in entries:
        if not entry.stands or entry.kind not in SLOTS:
            continue
        key = entry.row.claim(entry.kind, entry.printed.filed.unit)
        again = entry.row.repeats or key in counted
        statuses[entry] = "returned" if entry.row.returned else "duplicate" if again else "counted"
        if key is None:
            continue
        if not entry.row.returned:
            counted.add(key)
            states[numbers[key]] = "重复" if entry.row.repeats else "待初审"
        states.setdefault(numbers[key], "退回")
    return states | {number: state for number, state in decided.items() if number in states}, statuses


def _decided(entries: list[Entry]) -> dict[str, str]:
    """The state in which the accepted decisions leave a claim."""
    states = {}
    for entry in entries:
        if entry.kind == "decisions" and not entry.row.faults:
            values = entry.row.values
            states[str(values["claim"])] = _AFTER[str(values["stage"])] if values["opinion"] == "核准" else "不核准"
    return states


def _came(filed: list[Printed]) -> dict[tuple[str, Month], date]:
    """The day on which the first readable return of each unit and month came; decisions alone are none."""
    came: dict[tuple[str, Month], date] = {}
    for printed in filed:
        only_decides = bool(printed.filed.sheets) and all(BY_KEY[kind].deciding for kind in printed.filed.sheets)
        if not printed.filed.refused and not only_decides:
            came.setdefault((printed.filed.unit, printed.filed.month), printed.filed.arrives)
    return came


def _findings(plan: Plan, entries: list[Entry]) -> Iterator[ExpectedFinding]:
    for _, path, _ in plan.copies:
        yield path, "R1", "提示", None, None
    for printed in plan.filed:
        for kind, fault in printed.filed.faults:
            yield (printed.filed.path, fault.rule, str(fault.severity), *_place(printed, kind, fault))
    for entry in entries:
        if entry.stands:
            yield from _findings_in(entry)


def _findings_in(entry: Entry) -> Iterator[ExpectedFinding]:
    """One finding for each rule, the gravest."""
    gravest: dict[str, Fault] = {}
    for fault in sorted(entry.row.faults, key=lambda fault: fault.severity.weight):
        gravest.setdefault(fault.rule, fault)
    for fault in gravest.values():
        cell = entry.printed.cells[entry.kind, entry.at, str(fault.field)]
        yield entry.printed.filed.path, fault.rule, str(fault.severity), entry.printed.names[entry.kind], cell


def _duties(entries: list[Entry], config: Config) -> Iterator[ExpectedFinding]:
    """Establishments without their engineers were not put in on purpose; they follow from the story."""
    for entry, rule, field in short_of_engineers(entries, config):
        cell = entry.printed.cells[entry.kind, entry.at, field]
        yield entry.printed.filed.path, rule, "复核", entry.printed.names[entry.kind], cell


def _clock(entries: list[Entry], states: Mapping[str, str], plan: Plan, config: Config) -> Iterator[ExpectedFinding]:
    """Applications that nobody has reviewed in time on the day of the last file."""
    today = max(printed.filed.arrives for printed in plan.filed)
    for entry in overdue(entries, states, plan.numbers, today, config):
        cell = entry.printed.cells[entry.kind, entry.at, "applied_on"]
        yield entry.printed.filed.path, "F01", "复核", entry.printed.names[entry.kind], cell


def _place(printed: Printed, kind: str | None, fault: Fault) -> tuple[str | None, str | None]:
    """Sheet and cell of what is found about a file (kind None), its cover ("") or a whole sheet."""
    if kind is None:
        return None, None
    return (COVER_LABEL, printed.cells["", 0, str(fault.field)]) if kind == "" else (printed.names[kind], None)
