"""What the rules on repetition need to know: who was first (R3, R4, R5, F09, G01, G03, G04)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

import pandas as pd

from pipeline.book import AWARDS, Book, Origin, Standing
from pipeline.config import Config


def add_first_reports(holders: pd.DataFrame) -> None:
    """Add to 持证人员 who reported the same person and level first, and in what this row differs from it."""
    complete = holders[holders["id_number"].notna() & holders["level"].notna()]
    first = complete.groupby(["id_number", "level"])[["unit", "month", "row", "sector", "effective_on", "submission"]]
    earlier = first.transform("first").reindex(holders.index)
    again = (earlier["submission"] != holders["submission"]) | (earlier["row"] != holders["row"])
    told = earlier["unit"] + "于" + earlier["month"] + "报送（第" + earlier["row"].astype("string") + "行）"
    holders["first_report"] = told.where(again & earlier["unit"].notna(), None)
    holders["first_unit"] = earlier["unit"]
    holders["difference"] = [
        _difference(row) for row in zip(earlier["sector"], holders["sector"], earlier["effective_on"],
                                        holders["effective_on"], strict=True)]


def _difference(row: tuple[str | None, str | None, str | None, str | None]) -> str:
    sector, own_sector, day, own_day = row
    parts = []
    if sector and own_sector and sector != own_sector:
        parts.append(f"培育范围先报的是“{sector}”，这里是“{own_sector}”")
    if day and own_day and day != own_day:
        parts.append(f"日期先报的是{day}，这里是{own_day}")
    return "".join(f"；{part}" for part in parts)


def add_repeat_facts(
    claims: pd.DataFrame, kind: str, standings: Mapping[str, Standing], book: Book, config: Config
) -> None:
    """Add to claims `repeats` (G01, G03), `relists` (R3), `earlier_levels` (F09) and `other_measure` (G04)."""
    own = [standings.get(book.claim_of.get(origin, "")) for origin in
           zip(claims["submission"], claims["sheet"], claims["row"], strict=True)]
    origins = list(zip(claims["submission"], claims["sheet"], claims["row"], strict=True))
    by_person = _living_by_person(standings)
    facts = {
        "repeats": [_holder(one, origin, standings, book) for one, origin in zip(own, origins, strict=True)],
        "relists": [one.number if one and one.first != origin else "" for one, origin in zip(own, origins, strict=True)],
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
    holder = standings[one.holder]
    month = book.submissions[holder.first[0]].month
    return f"{holder.key.unit}于{month}（编号{holder.number}，现为“{holder.state}”）"


def _earlier(one: Standing | None, by_person: Mapping[str, list[Standing]]) -> list[Standing]:
    if one is None:
        return []
    return [other for other in by_person.get(one.key.id_number, []) if other.place < one.place]


def _other_measure(one: Standing | None, by_person: Mapping[str, list[Standing]]) -> str:
    others = [other for other in _earlier(one, by_person) if one and other.key.award != one.key.award and one.living]
    return "、".join(f"{other.key.award}（编号{other.number}）" for other in others)


def _earlier_levels(one: Standing | None, by_person: Mapping[str, list[Standing]], config: Config) -> str | None:
    if one is None or not one.living:
        return None
    award = AWARDS["certificate_awards"][0]
    levels = {other.key.slot for other in _earlier(one, by_person)
              if other.key.award == award and other.key.slot != one.key.slot}
    return "、".join(level for level in config.levels if level in levels) or "无"
