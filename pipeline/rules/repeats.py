"""What the rules on repetition need to know: who was first (R3, R4, R5, F09, G01, G03, G04)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

import pandas as pd

from pipeline.book import CERTIFICATE_AWARD, TALENT_AWARD, Book, Origin, Standing, origins, records
from pipeline.config import Config

_STACKED = (CERTIFICATE_AWARD, TALENT_AWARD)  # measures 1 and 4, which one declaration covers (G04)


def add_first_reports(holders: pd.DataFrame) -> None:
    """Add to 持证人员 who reported the same person and level first, and in what this row differs from it."""
    first: dict[tuple[str, str], dict[Any, Any]] = {}
    fields = ("id_number", "level", "unit", "month", "row", "sector", "effective_on")
    facts = [_beside_the_first(row, first) for row in records(holders, *fields)]
    for at, name in enumerate(("first_report", "first_unit", "difference")):
        holders[name] = pd.Series([fact[at] for fact in facts], index=holders.index, dtype=object)


def _beside_the_first(
    row: dict[Any, Any], first: dict[tuple[str, str], dict[Any, Any]]
) -> tuple[str | None, str | None, str]:
    if not (row["id_number"] and row["level"]):
        return None, None, ""
    earlier = first.setdefault((row["id_number"], row["level"]), row)
    if earlier is row:
        return None, None, ""
    told = f"{earlier['unit']}于{earlier['month']}报送（第{earlier['row']}行）"
    return told, earlier["unit"], _difference(earlier, row)


def _difference(earlier: dict[Any, Any], row: dict[Any, Any]) -> str:
    labels = {"sector": "培育范围", "effective_on": "日期"}
    return "".join(
        f"；{label}先报的是“{earlier[field]}”，这里是“{row[field]}”" for field, label in labels.items()
        if earlier[field] and row[field] and earlier[field] != row[field])


def add_repeat_facts(
    claims: pd.DataFrame, kind: str, standings: Mapping[str, Standing], book: Book, config: Config
) -> None:
    """Add to claims `repeats` (G01, G03), `relists` (R3), `earlier_levels` (F09) and `other_measure` (G04)."""
    rows = origins(claims)
    own = [standings.get(book.claim_of.get(origin, "")) for origin in rows]
    by_person = _living_by_person(standings)
    facts: dict[str, list[str | None]] = {
        "repeats": [_holder(one, origin, standings, book) for one, origin in zip(own, rows, strict=True)],
        "relists": [one.number if one and one.first != origin else "" for one, origin in zip(own, rows, strict=True)],
        "other_measure": [_other_measure(one, by_person) for one in own],
    }
    if kind == "certificate_awards":
        facts["earlier_levels"] = [_earlier_levels(one, by_person, config) for one in own]
    for name, values in facts.items():
        claims[name] = pd.Series(values, index=claims.index, dtype=object)


def _living_by_person(standings: Mapping[str, Standing]) -> dict[str, list[Standing]]:
    grouped: dict[str, list[Standing]] = defaultdict(list)
    for one in standings.values():
        if one.living:
            grouped[one.key.id_number].append(one)
    return grouped


def _holder(one: Standing | None, origin: Origin, standings: Mapping[str, Standing], book: Book) -> str:
    if one is None or one.holder is None or one.first != origin:
        return ""
    if one.holder not in standings:
        rival = book.rival(one.holder)
        return f"{rival.district}{rival.unit}在{rival.month}（编号{rival.number}）"
    holder = standings[one.holder]
    month = book.submissions[holder.first[0]].month
    return f"{holder.key.unit}在{month}（编号{holder.number}，现为“{holder.state}”）"


def _earlier(one: Standing | None, by_person: Mapping[str, list[Standing]]) -> list[Standing]:
    if one is None:
        return []
    return [other for other in by_person.get(one.key.id_number, []) if other.place < one.place]


def _other_measure(one: Standing | None, by_person: Mapping[str, list[Standing]]) -> str:
    if one is None or not one.living or one.key.award not in _STACKED:
        return ""
    others = [other for other in _earlier(one, by_person)
              if other.key.award in _STACKED and other.key.award != one.key.award]
    return "、".join(f"{other.key.award}（编号{other.number}）" for other in others)


def _earlier_levels(one: Standing | None, by_person: Mapping[str, list[Standing]], config: Config) -> str | None:
    if one is None or not one.living:
        return None
    levels = {other.key.slot for other in _earlier(one, by_person)
              if other.key.award == CERTIFICATE_AWARD and other.key.slot != one.key.slot}
    return "、".join(level for level in config.levels if level in levels) or "无"
