"""Which of the story's applications nobody has reviewed in time, by its own books."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from chinese_calendar import is_workday

from pipeline.config import Config
from pipeline.demo.paper import SLOTS, ClaimKey
from pipeline.demo.standing import Entry

_WAITS = {("I01", "复核"), ("I04", "复核"), ("F07", "复核")}  # rules by which an application waits


def overdue(
    entries: list[Entry], states: Mapping[str, str], numbers: Mapping[ClaimKey, str], today: date, config: Config
) -> Iterator[Entry]:
    """The newest row of every application whose first review is overdue on `today`."""
    rows: dict[str, list[Entry]] = {}
    for entry in entries:
        if entry.stands and entry.kind in SLOTS and not entry.row.returned:
            key = entry.row.claim(entry.kind, entry.printed.filed.unit)
            if key is not None:
                rows.setdefault(numbers[key], []).append(entry)
    for number, own in rows.items():
        waits = any((fault.rule, str(fault.severity)) in _WAITS for fault in own[-1].row.faults)
        allowed = config.policies[-1].review.first_review_days
        if states[number] == "待初审" and not waits and _working_days(own[0].printed.filed.arrives, today) > allowed:
            yield own[-1]


def _working_days(received: date, today: date) -> int:
    """Working days after the day of receipt; one more where today is a day off after the last of them."""
    days = [received + timedelta(days=number + 1) for number in range((today - received).days)]
    return int(sum(map(is_workday, days))) + (bool(days) and not is_workday(today))
