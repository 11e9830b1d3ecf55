"""What the rules on duties need to know: engineers asked for and present, a supervisor's age (D01 to D07)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd

from pipeline.book import records
from pipeline.calendar import full_years, months_after
from pipeline.config import Config
from pipeline.idnumber import birth_date
from pipeline.presence import employers, present_engineers
from pipeline.quarter_rows import newest
from pipeline.surveys import engineers_of, newest_surveys

DUTY, ENCOURAGED = "应当报考", "鼓励报考"


def add_duty_facts(
    live: Mapping[str, pd.DataFrame], sound: Mapping[str, pd.DataFrame], today: date, config: Config
) -> None:
    """Add the facts to 单位摸底 and 监管人员; `newest` is filled in the row that speaks for its establishment or person."""
    surveys, supervisors = live["establishments"], live["supervisors"]
    _mark(surveys, newest_surveys(sound["establishments"], config).index)
    here = employers(sound["certificates"], sound["leavers"], today)
    _add_engineers(surveys, present_engineers(surveys, here), config)
    _mark(supervisors, newest(sound["supervisors"], ["id_number"]).index)
    _add_ages(supervisors, config)
    supervisors["register_note"] = _register_notes(supervisors, sound["certificates"], sound["candidates"])


def _mark(frame: pd.DataFrame, rows: pd.Index[int]) -> None:
    frame["newest"] = pd.Series(1, index=rows, dtype=object).reindex(frame.index)


def _add_engineers(surveys: pd.DataFrame, present: pd.Series[int], config: Config) -> None:
    surveys["duty"] = [config.type_of(kind).duty if kind else None for kind in surveys["establishment_type"]]
    surveys["lawful"] = engineers_of(surveys, config)
    surveys["present"] = surveys["establishment_key"].map(present).fillna(0).astype(int)
    surveys["short"] = (surveys["lawful"] - surveys["present"]).clip(lower=0)


def _add_ages(supervisors: pd.DataFrame, config: Config) -> None:
    """`age_on`, `age` in full years, `at_limit` and `exam_duty` (应当 or 鼓励), blank where no age can be known."""
    ages = [_age(row, config) for row in records(supervisors, "id_number", "supervises", "filled_on", "month")]
    for at, name in enumerate(("age_on", "age", "at_limit", "exam_duty")):
        supervisors[name] = pd.Series([age[at] for age in ages], index=supervisors.index, dtype=object)


def _age(row: dict[Any, Any], config: Config) -> tuple[str | None, int | None, bool, str | None]:
    born = birth_date(row["id_number"] or "")
    if born is None or row["supervises"] != 1:
        return None, None, False, None
    switches, limit = config.switches, config.policy_on(row["filled_on"]).exam_duty_age
    day = date(int(row["month"][:4]), 12, 31) if switches.age_ref == "12-31" else date.fromisoformat(row["filled_on"])
    age = full_years(born, day)
    begun = switches.age_mode == "exact" and months_after(born, 12 * age) < day
    counted = age + begun
    young = counted < limit or (counted == limit and switches.age_40 == "duty")
    return day.isoformat(), age, counted == limit, DUTY if young else ENCOURAGED


def _register_notes(supervisors: pd.DataFrame, holders: pd.DataFrame, candidates: pd.DataFrame) -> list[str]:
    """In what 报考情况 disagrees with 持证人员 and 报考人员, "" where it does not."""
    certified = set(holders["id_number"].dropna())
    exams = candidates.dropna(subset=["id_number", "exam_year"]).sort_values("exam_year", kind="stable")
    sat = dict(zip(exams["id_number"], exams["exam_year"], strict=True))
    return [_register_note(row, row["id_number"] in certified, sat.get(row["id_number"], 0))
            for row in records(supervisors, "id_number", "month", "exam_status")]


def _register_note(row: dict[Any, Any], certified: bool, last_exam: float) -> str:
    candidate = last_exam >= int(row["month"][:4])
    match row["exam_status"]:
        case "未报考" if certified or candidate:
            return f"填“未报考”，但“{'持证人员' if certified else '报考人员'}”中已有"
        case "已取证" if not certified:
            return "填“已取证”，但“持证人员”中没有"
        case "已报考" if not (certified or candidate):
            return "填“已报考”，但当年“报考人员”中没有"
    return ""
