"""The measures of 附件3 beside the district's money: lists, what is passed on, company money (I03, I06, I07, I08)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from pipeline.book import records
from pipeline.calendar import Quarter
from pipeline.claim_report import Claim, MeasureLine
from pipeline.sheets import ALLOWANCE, BONUS, EXCELLENCE, HOUSING

LISTED = (EXCELLENCE, HOUSING, BONUS, ALLOWANCE)


def measure_lines(rows: pd.DataFrame, claims: list[Claim], quarter: Quarter) -> list[MeasureLine]:
    """The sound rows of these measures up to the quarter's end, by measure, then in order of arrival."""
    standing = rows[(rows["status"] == "stands") & (rows["month"] <= str(quarter.months[-1]))]
    states = {(claim.submission, claim.sheet, claim.row): claim.state for claim in claims}
    lines = [_line(row, states) for row in records(standing) if row["measure"] in LISTED]
    return sorted(lines, key=lambda line: LISTED.index(line.measure))


def _line(row: Mapping[str, Any], states: Mapping[tuple[int, str, int], str]) -> MeasureLine:
    return MeasureLine(
        measure=row["measure"], unit=row["unit"], month=row["month"], name=row["name"] or "",
        id_number=row["id_number"], employer=row["employer"] or "", item=row["subsidy"] or row["fee"] or row["level"] or "",
        amount=row["amount"], guideline=row["allowance"] if row["measure"] == ALLOWANCE else None,
        eligible=bool(row["supervisor"] and row["examined"]),
        state=states.get((row["submission"], row["sheet"], row["row"]), ""),
    )
