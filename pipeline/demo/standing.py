"""Every row as it arrived, and which of them a later file of the same unit and month replaced."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pipeline.calendar import Month
from pipeline.demo.pages import Printed
from pipeline.demo.paper import Row
from pipeline.sheets import BY_KEY


@dataclass(frozen=True, eq=False)
class Entry:
    """One row: its file's place in the order of arrival, its own place on its sheet, and whether it still stands."""

    place: int
    printed: Printed
    kind: str
    at: int
    row: Row
    stands: bool = True


def entries_of(filed: list[Printed]) -> list[Entry]:
    """Every row that was ever read, in the order of arrival."""
    replaced = _replaced(filed)
    return [Entry(place, printed, kind, at, row, (place, kind) not in replaced)
            for place, printed, kind in _sheets(filed) for at, row in enumerate(printed.filed.sheets[kind])]


def _sheets(filed: Iterable[Printed]) -> Iterator[tuple[int, Printed, str]]:
    for place, printed in enumerate(filed):
        if not printed.filed.refused:
            yield from ((place, printed, kind) for kind, rows in printed.filed.sheets.items() if rows)


def _replaced(filed: list[Printed]) -> set[tuple[int, str]]:
    """(file, kind) of every replaced sheet: the newest of which any row can be taken stands."""
    versions: dict[tuple[str, Month, str], dict[int, bool]] = defaultdict(dict)
    for place, printed, kind in _sheets(filed):
        if not BY_KEY[kind].deciding:
            taken = any(not row.returned_as_read for row in printed.filed.sheets[kind])
            versions[printed.filed.unit, printed.filed.month, kind][place] = taken
    nil = {(one.filed.unit, one.filed.month): place for place, one in enumerate(filed)
           if one.filed.nil and not one.filed.refused}
    replaced = set()
    for (unit, month, kind), usable in versions.items():
        newest = max([place for place, good in usable.items() if good] or usable)
        last = max(newest, nil.get((unit, month), 0))
        replaced |= {(place, kind) for place in usable if place < last}
    return replaced
