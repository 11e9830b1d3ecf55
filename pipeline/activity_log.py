"""工作举措: the class before each exam, and what each unit did (三（三）, 三（五）, S03, S06)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd

from pipeline.book import records
from pipeline.calendar import Quarter
from pipeline.config import Config
from pipeline.quarter_lists import Activities, ActivityCount, ActivityLine, ClassLine
from pipeline.quarter_rows import newest, told_by

_CLASS = "专题培训班"


def activity_lists(rows: Mapping[str, pd.DataFrame], quarter: Quarter, today: date, config: Config) -> Activities:
    """The classes of each exam year up to the quarter's, the counts of each unit, and the log, the newest first."""
    held = newest(told_by(rows["activities"], quarter), ["unit", "held_on", "activity", "topic"])
    held = held[held["held_on"] <= quarter.last_day.isoformat()]
    exams = newest(told_by(rows["exam_dates"], quarter), ["exam_year", "level"])
    day = min(quarter.last_day, today).isoformat()
    classes = records(held[held["activity"] == _CLASS].sort_values("held_on", kind="stable"))
    lines = [_class(row, classes, day) for row in records(exams) if row["exam_year"] <= quarter.year]
    return Activities(
        classes=sorted(lines, key=lambda line: (-line.year, config.levels.index(line.level))),
        counts=_counts(held, config),
        log=[_logged(row) for row in records(held.sort_values("held_on", kind="stable", ascending=False))])


def _class(exam: dict[Any, Any], classes: list[dict[Any, Any]], day: str) -> ClassLine:
    """The last class before an exam in its calendar year, of its level or of no one level."""
    fitting = [row for row in classes if row["held_on"][:4] == exam["held_on"][:4]
               and row["held_on"] < exam["held_on"] and row["level"] in (None, exam["level"])]
    held = fitting[-1] if fitting else {}
    missed = "未办" if exam["held_on"] <= day else "待办"
    return ClassLine(
        year=int(exam["exam_year"]), level=exam["level"], exam_on=exam["held_on"],
        held_on=held.get("held_on"), topic=held.get("topic"), state="已办" if held else missed)


def _counts(held: pd.DataFrame, config: Config) -> list[ActivityCount]:
    groups = held.assign(participants=held["participants"].fillna(0)).groupby(["unit", "activity"])["participants"]
    lines = [ActivityCount(str(unit), str(activity), len(group), int(group.sum()))
             for (unit, activity), group in groups]
    return sorted(lines, key=lambda line: (config.unit_order.get(line.unit, 0), line.activity))


def _logged(row: dict[Any, Any]) -> ActivityLine:
    return ActivityLine(
        held_on=row["held_on"], unit=row["unit"], activity=row["activity"], topic=row["topic"], level=row["level"],
        participants=None if row["participants"] is None else int(row["participants"]))
