"""Who still holds a certificate in the district, and where they work (人员变动)."""

from __future__ import annotations

from datetime import date

import pandas as pd

from pipeline.calendar import Month

_MOVED, _CANCELLED = "调入新单位", "证书注销"


def present_holders(holders: pd.DataFrame, leavers: pd.DataFrame, day: date) -> pd.DataFrame:
    """The rows of 持证人员 that are valid on `day`, of persons who have not left or lost the certificate by then."""
    changes = _standing_changes(holders, leavers, day)
    gone = changes.loc[changes["change"] != _MOVED, "id_number"]
    return holders[~holders["id_number"].isin(gone) & (holders["effective_on"].fillna("9999") <= day.isoformat())]


def employers(holders: pd.DataFrame, leavers: pd.DataFrame, day: date) -> pd.Series[str]:
    """ID number → present employer of everybody with a valid certificate, "" where it is not known."""
    valid = present_holders(holders, leavers, day).dropna(subset=["id_number"])
    newest = valid.sort_values("filled_on", kind="stable").drop_duplicates("id_number", keep="last")
    changes = _standing_changes(holders, leavers, day)
    moves = changes[changes["change"] == _MOVED].set_index("id_number")["new_employer"]
    reported = newest.set_index("id_number")["employer"]
    known = moves[moves.index.isin(reported.index)]
    at: pd.Series[str] = pd.concat([reported.drop(known.index), known]).fillna("").str.strip()
    return at


def present_engineers(surveys: pd.DataFrame, employed: pd.Series[str]) -> pd.Series[int]:
    """`establishment_key` → how many of `employers` work there, under whichever of its names."""
    named = surveys.dropna(subset=["establishment"])
    key_of = dict(zip(named["establishment"].str.strip(), named["establishment_key"], strict=True))
    return employed.map(key_of).value_counts()


def _standing_changes(holders: pd.DataFrame, leavers: pd.DataFrame, day: date) -> pd.DataFrame:
    """Each person's newest change by `day`, unless a return filled in afterwards shows the person again."""
    known = leavers.dropna(subset=["id_number", "change", "changed_on"])
    past = known[known["changed_on"] <= day.isoformat()]
    past = past.assign(cancelled=past["change"] == _CANCELLED, moved=past["change"] == _MOVED)
    newest = past.sort_values(["changed_on", "moved"], kind="stable").drop_duplicates(
        ["id_number", "cancelled"], keep="last")
    return newest[~newest.index.isin(_shown_again(newest, holders, day))]


def _shown_again(changes: pd.DataFrame, holders: pd.DataFrame, day: date) -> pd.Series[int]:
    """The changes after which the person is reported anew; the same unit's list of that month does not say so."""
    reports = holders.loc[holders["month"] <= str(Month.of(day)), ["id_number", "unit", "month", "filled_on"]]
    both = changes.assign(at=changes.index).merge(reports, on="id_number", suffixes=("", "_shown"))
    elsewhere = (both["unit_shown"] != both["unit"]) | (both["month_shown"] > both["month"])
    return both.loc[elsewhere & (both["filled_on_shown"] > both["changed_on"]), "at"]
