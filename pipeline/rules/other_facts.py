"""What the rules on 其他激励 need to know beside a row (I02, I03, I05, I08, G02)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from pipeline.book import applied_for, asked_by, records
from pipeline.config import Config
from pipeline.sheets import ALLOWANCE, BONUS, HOUSING, SENIOR

# 四（三）names 证书奖励 and 职称补贴; with `bar_scope: all` every award that the district grants is meant.
_NAMED_IN_THE_BAR = (SENIOR,)
_COMPANY_MONEY = (BONUS, ALLOWANCE)
_FOR_ENTERPRISES = (SENIOR, HOUSING)  # supervisors' departments stand in no survey


def add_measure_terms(
    rows: pd.DataFrame, holders: pd.DataFrame, supervisors: pd.DataFrame, surveyed: Mapping[str, str], config: Config
) -> None:
    """Add to 其他激励 `supervisor`, `examined`, `surveyed`, `title_amount`, `allowance` and `asked_for`."""
    watching = set(supervisors.loc[supervisors["supervises"].astype(float) == 1, "id_number"])
    examined = set(holders.loc[holders["route"] == "考试取得", "id_number"])
    rows["supervisor"] = rows["id_number"].isin(list(watching))
    rows["examined"] = rows["id_number"].isin(list(examined))
    rows["surveyed"] = rows["employer"].isin(list(surveyed)) | ~rows["measure"].isin(_FOR_ENTERPRISES)
    policies = [config.policy_on(day) for day in rows["applied_on"]]
    rows["title_amount"] = _blank_without(rows, [
        policy.senior_award.amounts.get(title) if measure == SENIOR else None
        for policy, title, measure in zip(policies, rows["title"], rows["measure"], strict=True)])
    rows["allowance"] = _blank_without(rows, [
        policy.company_allowance.get(level) for policy, level in zip(policies, rows["level"], strict=True)])
    asked = [applied_for("other_awards", row) for row in records(rows, *asked_by("other_awards"))]
    rows["asked_for"] = _blank_without(rows, [one[1] if one else None for one in asked])


def _blank_without(rows: pd.DataFrame, values: Sequence[object]) -> pd.Series[Any]:
    return pd.Series(values, index=rows.index, dtype=object)


def spare_from_the_bar(rows: pd.DataFrame, config: Config) -> None:
    """Blank `barred_on` where 四（三） does not reach: company money, and by `bar_scope: named` what it does not name."""
    reached = ~rows["measure"].isin(_COMPANY_MONEY)
    if config.switches.bar_scope == "named":
        reached = rows["measure"].isin(_NAMED_IN_THE_BAR)
    rows["barred_on"] = rows["barred_on"].where(reached, "")
