"""The figures of one quarter, counted from the rows that stand (which rows count: the plan's definition of actual)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from pipeline.calendar import Month, Quarter
from pipeline.config import Config
from pipeline.demo.duties import lawful
from pipeline.demo.paper import SLOTS
from pipeline.demo.standing import Entry

KINDS = ("certificates", *SLOTS, "establishments")
_STATUSES = ("counted", "outside", "duplicate", "returned", "superseded")


@dataclass(frozen=True)
class QuarterTruth:
    """What the quarter's report must say; `table` by sector, level and year, `reconciliation` by kind of sheet."""

    table: dict[tuple[str, str, int], int]
    persons: int
    outside: dict[str, int]
    existing: dict[str, int]
    demand: dict[str, int]
    reconciliation: dict[str, dict[str, int]]
    missing: set[tuple[str, str]]


def quarter_truth(
    quarter: Quarter, entries: list[Entry], claim_statuses: Mapping[Entry, str], came: set[tuple[str, Month]],
    config: Config,
) -> QuarterTruth:
    """The quarter's figures, as they are after the last file."""
    holders = _good(entries, "certificates")
    places = _placed(holders, quarter, config)
    surveys = _surveyed(_good(entries, "establishments"), quarter, config)
    statuses = dict(claim_statuses) | {one: _status(place) for one, place in places.items()} | surveys
    counted = [one for one in holders if places[one] == "counted"]
    return QuarterTruth(
        _table(counted, config), len({_text(one, "id_number") for one in counted}),
        {name: list(places.values()).count(name) for name in ("高级", config.other_sector)},
        _existing(holders, quarter, config), _demand(surveys, config),
        {kind: _reconciled([one for one in entries if one.kind == kind], statuses) for kind in KINDS},
        {(unit, str(month)) for month in quarter.months for unit in config.reporting_units
         if (unit, month) not in came},
    )


def _good(entries: list[Entry], kind: str) -> list[Entry]:
    return [one for one in entries if one.kind == kind and one.stands and not one.row.returned]


def _text(entry: Entry, field: str) -> str:
    return str(entry.row.values[field])


def _day(entry: Entry, *fields: str) -> date:
    """The first of these days that is filled in."""
    return next(day for field in fields if isinstance(day := entry.row.values[field], date))


def _effective(entry: Entry) -> date:
    return _day(entry, "introduced_on", "issued_on")


def _placed(holders: list[Entry], quarter: Quarter, config: Config) -> dict[Entry, str]:
    """Where each certificate row belongs: the best place of a person and level is taken once, by the first row."""
    places = {one: _place(one, quarter, config) for one in holders}
    ranks = {"counted": 0, "高级": 1, config.other_sector: 1, "later": 2, "baseline": 3}
    taken: set[tuple[str, str]] = set()
    for one in sorted(holders, key=lambda one: ranks[places[one]]):
        who = _text(one, "id_number"), _text(one, "level")
        if who in taken:
            places[one] = "duplicate"
        taken.add(who)
    return places


def _place(entry: Entry, quarter: Quarter, config: Config) -> str:
    if _effective(entry) <= config.switches.baseline_date:
        return "baseline"
    if _effective(entry) > quarter.last_day:
        return "later"
    if _text(entry, "level") not in config.target_levels:
        return "高级"
    return config.other_sector if _text(entry, "sector") == config.other_sector else "counted"


def _status(place: str) -> str:
    return place if place in ("counted", "duplicate") else "outside"


def _table(counted: list[Entry], config: Config) -> dict[tuple[str, str, int], int]:
    numbers = Counter((_text(one, "sector"), _text(one, "level"), _effective(one).year) for one in counted)
    return {(sector, level, year): numbers[sector, level, year] for sector in config.sector_names
            for level in config.target_levels for year in config.years}


def _existing(holders: list[Entry], quarter: Quarter, config: Config) -> dict[str, int]:
    """Persons with a certificate at the quarter's end, each in the sector of the newest."""
    newest: dict[str, Entry] = {}
    for one in holders:
        if _effective(one) <= quarter.last_day:
            known = newest.setdefault(_text(one, "id_number"), one)
            if _effective(one) > _effective(known):
                newest[_text(one, "id_number")] = one
    numbers = Counter(_text(one, "sector") for one in newest.values())
    return {sector: numbers[sector] for sector in config.sector_names}


def _surveyed(surveys: list[Entry], quarter: Quarter, config: Config) -> dict[Entry, str]:
    """The newest row of each establishment by the quarter's last month counts, if its sector has a row in the table."""
    newest: dict[str, Entry] = {}
    in_time = [one for one in surveys if one.printed.filed.month <= quarter.months[-1]]
    for one in sorted(in_time, key=lambda one: _day(one, "surveyed_on")):
        newest[_text(one, "establishment")] = one
    statuses = {one: "duplicate" if one in in_time else "outside" for one in surveys}
    for one in newest.values():
        statuses[one] = "counted" if _sector(one, config) in config.sector_names else "outside"
    return statuses


def _number(entry: Entry, field: str) -> int:
    return int(str(entry.row.values.get(field) or 0))


def _sector(entry: Entry, config: Config) -> str:
    kind = config.establishment_types[_text(entry, "establishment_type")]
    small = kind.from_headcount is not None and _number(entry, "headcount") < kind.from_headcount
    return kind.sector_below or kind.sector if small else kind.sector


def _required(entry: Entry, config: Config) -> int:
    """应配置人数 as given, else what the law asks for."""
    if entry.row.values.get("required_engineers") is not None:
        return _number(entry, "required_engineers")
    return lawful(entry, config)


def _demand(surveys: Mapping[Entry, str], config: Config) -> dict[str, int]:
    counted = [one for one, status in surveys.items() if status == "counted"]
    return {sector: sum(_required(one, config) for one in counted if _sector(one, config) == sector)
            for sector in config.sector_names}


def _reconciled(entries: list[Entry], statuses: Mapping[Entry, str]) -> dict[str, int]:
    numbers = Counter(statuses.get(one, "returned" if one.stands else "superseded") for one in entries)
    return {"read": len(entries), **{status: numbers[status] for status in _STATUSES}}
