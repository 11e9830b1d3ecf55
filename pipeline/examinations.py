"""报考与通过: registered, sat, passed, become holders; the trainers' share (三（二）, 三（三）, S04, S07)."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product
from typing import Any

import pandas as pd

from pipeline.book import marks, records
from pipeline.calendar import Quarter
from pipeline.config import Config
from pipeline.idnumber import mask
from pipeline.presence import present_holders
from pipeline.quarter_lists import Examinations, ExamLine, PersonLine
from pipeline.quarter_rows import newest, sound, told_by

_PASSED, _FAILED = "通过", "未通过"


def examinations(rows: Mapping[str, pd.DataFrame], quarter: Quarter, config: Config) -> Examinations:
    """The candidates by the newest row for each (ID, level, year) up to the quarter."""
    told = told_by(rows["candidates"], quarter)
    candidates = newest(told, ["id_number", "level", "exam_year"])
    holders = sound(rows["certificates"])
    certified = set(zip(holders["id_number"], holders["level"], strict=True))
    linked = candidates.assign(certified=marks(candidates, (
        key in certified for key in zip(candidates["id_number"], candidates["level"], strict=True))))
    present = present_holders(holders, sound(rows["leavers"]), quarter.last_day)
    waiting = linked[(linked["exam_result"] == _PASSED) & ~linked["certified"]]
    return Examinations(
        _lines(linked, config), [_unreported(row) for row in records(waiting)],
        _trainers(candidates), _trainers(present))


def _lines(candidates: pd.DataFrame, config: Config) -> list[ExamLine]:
    years = sorted({int(year) for year in candidates["exam_year"]}, reverse=True)
    cells = product(years, config.levels, [*config.sector_names, config.other_sector])
    return [line for cell in cells if (line := _line(candidates, *cell)).registered]


def _line(candidates: pd.DataFrame, year: int, level: str, sector: str) -> ExamLine:
    here = candidates[(candidates["exam_year"] == year) & (candidates["level"] == level)
                      & (candidates["sector"] == sector)]
    passed = here["exam_result"] == _PASSED
    return ExamLine(
        year=year, level=level, sector=sector, registered=len(here),
        sat=int(here["exam_result"].isin([_PASSED, _FAILED]).sum()), passed=int(passed.sum()),
        certified=int((passed & here["certified"]).sum()), trained=int((here["attended_training"] == 1).sum()),
        trainers=int((here["trainer"] == 1).sum()))


def _unreported(row: dict[Any, Any]) -> PersonLine:
    return PersonLine(
        unit=row["unit"], name=row["name"] or "", id_number=mask(row["id_number"]), employer=row["employer"] or "",
        level=row["level"], day=str(int(row["exam_year"])), fact=row["sector"])


def _trainers(people: pd.DataFrame) -> tuple[int, int]:
    """Trainers among persons, and persons."""
    return people.loc[people["trainer"] == 1, "id_number"].nunique(), people["id_number"].nunique()
