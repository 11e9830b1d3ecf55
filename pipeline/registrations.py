"""注册与继续教育: who is overdue with registration, who soon will be, who lacks hours (三（五）, S05)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pandas as pd

from pipeline.book import records
from pipeline.calendar import Quarter, deadline
from pipeline.config import Config
from pipeline.idnumber import mask
from pipeline.presence import present_holders
from pipeline.quarter_lists import PersonLine, Registrations
from pipeline.quarter_rows import sound


def registrations(rows: Mapping[str, pd.DataFrame], quarter: Quarter, today: date, config: Config) -> Registrations:
    """Every holder by the newest certificate, on the quarter's last day or, before it is over, today."""
    day, switches = min(quarter.last_day, today), config.switches
    holders = _newest_certificates(present_holders(sound(rows["certificates"]), sound(rows["leavers"]), day))
    registered = _registered(holders, day)
    due = sorted((_due(row, switches.register_within_months) for row in records(holders[~registered])),
                 key=lambda line: (line.day, line.unit, line.name))
    now, soon = day.isoformat(), (day + timedelta(days=switches.register_soon_days)).isoformat()
    hours = holders[registered & holders["ce_hours"].notna()]
    return Registrations(
        registered=int(registered.sum()), holders=len(holders),
        hours_unknown=int((registered & holders["ce_hours"].isna()).sum()),
        overdue=[line for line in due if line.day[:10] < now],
        due_soon=[line for line in due if now <= line.day[:10] <= soon],
        few_hours=[_few_hours(row) for row in records(hours[hours["ce_hours"] < switches.ce_hours])])


def _newest_certificates(holders: pd.DataFrame) -> pd.DataFrame:
    """A row for each person, of the newest certificate; a blank in a later report takes nothing back."""
    ordered = holders.dropna(subset=["id_number", "level", "issued_on"]).sort_values("filled_on", kind="stable")
    merged = ordered.groupby(["id_number", "level"], as_index=False).last()
    return merged.sort_values(["effective_on", "issued_on"], kind="stable").drop_duplicates("id_number", keep="last")


def _registered(holders: pd.DataFrame, day: date) -> pd.Series[bool]:
    """Registered by `day`; a number without a day is taken at its word."""
    dated = holders["registered_on"].fillna("9999") <= day.isoformat()
    return dated | (holders["registered_on"].isna() & holders["registration_number"].notna())


def _due(row: dict[Any, Any], months: int) -> PersonLine:
    last, provisional = deadline(date.fromisoformat(row["issued_on"]), months)
    return _person(row, f"{last.isoformat()}{'（暂定）' if provisional else ''}", f"{row['issued_on']}发证")


def _few_hours(row: dict[Any, Any]) -> PersonLine:
    return _person(row, row["registered_on"] or "", f"{row['ce_hours']:g}学时")


def _person(row: dict[Any, Any], day: str, fact: str) -> PersonLine:
    return PersonLine(unit=row["unit"], name=row["name"] or "", id_number=mask(row["id_number"]),
                      employer=row["employer"] or "", level=row["level"], day=day, fact=fact)
