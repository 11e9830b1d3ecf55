"""Periods of months over columns of ISO days, which compare like the days themselves."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd

from pipeline.book import by_value
from pipeline.calendar import deadline, months_after


def months_later(days: pd.Series[str], months: int) -> pd.Series[str]:
    """The corresponding day so many months later (民法典 202)."""
    return by_value(days, lambda day: months_after(date.fromisoformat(day), months).isoformat())


def day_after(days: pd.Series[str]) -> pd.Series[str]:
    """The next day: a contract's last day counts, so it is over on the day after."""
    return by_value(days, lambda day: (date.fromisoformat(day) + timedelta(days=1)).isoformat())


def last_day_to_apply(days: pd.Series[str], months: int) -> pd.Series[str]:
    """The end of a period of months, moved past holidays (民法典 203), marked 暂定 where they are not known yet."""
    return by_value(days, lambda day: _written(*deadline(date.fromisoformat(day), months)))


def _written(day: date, provisional: bool) -> str:
    return f"{day.isoformat()}（暂定）" if provisional else day.isoformat()
