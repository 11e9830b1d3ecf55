"""配置达标: what each establishment must have, has and lacks, and how fresh each unit's survey is (D01 to D05, S01)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from itertools import groupby
from typing import Any

import pandas as pd

from pipeline.book import records
from pipeline.calendar import Quarter
from pipeline.config import Config
from pipeline.presence import employers, present_engineers
from pipeline.quarter_lists import Duties, EstablishmentLine, UnitDuty
from pipeline.quarter_rows import sound, told_by
from pipeline.surveys import engineers_of, newest_surveys, sectors_of


def duty_lists(rows: Mapping[str, pd.DataFrame], quarter: Quarter, config: Config) -> Duties:
    """Every establishment by its newest survey up to the quarter, those below their duty first; and sums per unit."""
    surveys = told_by(rows["establishments"], quarter)
    here = employers(sound(rows["certificates"]), sound(rows["leavers"]), quarter.last_day)
    lines = _establishments(surveys, present_engineers(surveys, here), config)
    by_unit: dict[str, list[EstablishmentLine]] = defaultdict(list)
    for line in lines:
        by_unit[line.unit].append(line)
    newest = surveys.dropna(subset=["surveyed_on"]).groupby("unit")["surveyed_on"].max()
    came = {*surveys["unit"]}
    units = [_unit(unit.name, by_unit[unit.name], newest.get(unit.name), quarter)
             for unit in config.units if unit.reports or unit.name in came]
    return Duties(units, lines)


def _establishments(surveys: pd.DataFrame, present: pd.Series[int], config: Config) -> list[EstablishmentLine]:
    newest, history = newest_surveys(surveys, config), _histories(surveys)
    known = zip(records(newest), sectors_of(newest, config), engineers_of(newest, config), strict=True)
    lines = [_line(row, sector, lawful, int(present.get(row["establishment_key"], 0)), history[row["establishment_key"]])
             for row, sector, lawful in known if sector is not None]
    return sorted(lines, key=lambda line: (
        -line.short, not line.required, config.unit_order.get(line.unit, 0), line.establishment))


def _line(row: dict[Any, Any], sector: str, lawful: int, present: int, history: str) -> EstablishmentLine:
    given = row["required_engineers"]
    return EstablishmentLine(
        establishment=row["establishment"], kind=row["establishment_type"], sector=sector,
        headcount=int(row["headcount"]), required=lawful, reported=None if given is None else int(given),
        present=present, short=max(lawful - present, 0), surveyed_on=row["surveyed_on"], unit=row["unit"], history=history)


def _histories(surveys: pd.DataFrame) -> dict[str, str]:
    """The headcounts of each establishment over time, "" where there was only ever one."""
    counts: dict[str, list[tuple[str, int]]] = defaultdict(list)
    known = surveys.dropna(subset=["surveyed_on", "headcount"]).sort_values("surveyed_on", kind="stable")
    for row in records(known):
        counts[row["establishment_key"]].append((row["surveyed_on"], int(row["headcount"])))
    changes = {key: [next(same) for _, same in groupby(told, key=lambda one: one[1])] for key, told in counts.items()}
    return defaultdict(str, {
        key: "；".join(f"{day}为{heads}人" for day, heads in told) for key, told in changes.items() if len(told) > 1})


def _unit(unit: str, lines: list[EstablishmentLine], newest: str | None, quarter: Quarter) -> UnitDuty:
    bound = [line for line in lines if line.required]
    return UnitDuty(
        unit=unit, establishments=len(lines), bound=len(bound), below=sum(line.short > 0 for line in bound),
        required=sum(line.required for line in bound), present=sum(line.present for line in bound),
        short=sum(line.short for line in bound), newest_survey=newest,
        current=newest is not None and newest[:4] == str(quarter.year))
