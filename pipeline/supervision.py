"""监管人员: who supervises, who is certified or registered, who should be (计划二（三）, D06, D07)."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby
from typing import Any

import pandas as pd

from pipeline.book import records
from pipeline.calendar import Quarter
from pipeline.config import Config
from pipeline.idnumber import mask
from pipeline.quarter_lists import Supervision, SupervisorGroup, SupervisorLine
from pipeline.quarter_rows import newest, told_by


def supervision(rows: Mapping[str, pd.DataFrame], quarter: Quarter, config: Config) -> Supervision:
    """The supervisors by the newest row of each up to the quarter, per unit and department."""
    told = newest(told_by(rows["supervisors"], quarter), ["id_number"])
    active = sorted(records(told[told["supervises"] == 1]), key=lambda row: (
        config.unit_order.get(row["unit"], 0), row["department"] or "", row["name"] or ""))
    idle = [row for row in active if row["exam_status"] == "未报考" and not row["register_note"]]
    return Supervision(
        groups=[_group(unit, department, list(people)) for (unit, department), people in groupby(active, key=_place)],
        bound=[_line(row) for row in idle if row["exam_duty"] == "应当报考"],
        encouraged=[_line(row) for row in idle if row["exam_duty"] == "鼓励报考"],
        disagreeing=[_line(row) for row in active if row["register_note"]],
    )


def _place(row: dict[Any, Any]) -> tuple[str, str]:
    return row["unit"], row["department"] or ""


def _group(unit: str, department: str, people: list[dict[Any, Any]]) -> SupervisorGroup:
    status = [row["exam_status"] for row in people]
    duties = [row["exam_duty"] for row in people if row["exam_status"] == "未报考" and not row["register_note"]]
    return SupervisorGroup(
        unit=unit, department=department, supervisors=len(people), certified=status.count("已取证"),
        registered=status.count("已报考"), bound=duties.count("应当报考"), encouraged=duties.count("鼓励报考"))


def _line(row: dict[Any, Any]) -> SupervisorLine:
    return SupervisorLine(
        unit=row["unit"], department=row["department"] or "", name=row["name"] or "", id_number=mask(row["id_number"]),
        age=row["age"], exam_status=row["exam_status"] or "",
        note=row["register_note"] or f"年龄计算到{row['age_on']}")
