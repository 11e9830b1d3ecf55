"""The judged rows that a quarter's lists are made of."""

from __future__ import annotations

import pandas as pd

from pipeline.calendar import Quarter


def sound(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows that were neither replaced nor returned."""
    return rows[~rows["status"].isin(["superseded", "returned"])]


def told_by(rows: pd.DataFrame, quarter: Quarter) -> pd.DataFrame:
    """The sound rows of months up to the quarter's end."""
    standing = sound(rows)
    return standing[standing["month"] <= str(quarter.months[-1])]


def newest(rows: pd.DataFrame, identity: list[str]) -> pd.DataFrame:
    """The row of the newest month for each identity, of one month the last to arrive."""
    known = rows.dropna(subset=identity)
    return known.sort_values("month", kind="stable").drop_duplicates(identity, keep="last")
