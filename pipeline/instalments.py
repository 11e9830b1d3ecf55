"""Instalments of 紧缺人才 that fall due by themselves (form 2-2, G03, 人员变动)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import pandas as pd

from pipeline.book import TALENT_AWARD, origins, records
from pipeline.calendar import months_after
from pipeline.claim_report import Claim, InstalmentLine
from pipeline.config import Config
from pipeline.quarter_rows import sound

FALLEN_DUE, STOPPED = "已到期，待申请", "停发"
_APPROVED = ("待发放", "已发放")
_ENDED = ("退回", "重复", "不核准")


def future_instalments(
    rows: Mapping[str, pd.DataFrame], claims: list[Claim], today: date, config: Config
) -> list[InstalmentLine]:
    """The instalments that nobody has applied for yet, of persons of whom an earlier one was approved, by due day.

    An instalment falls due when insurance and tax have both been paid for its months; whoever left
    before that day, or is on the bar list, gets none (停发).
    """
    content = dict(zip(origins(rows["talent_awards"]), records(rows["talent_awards"]), strict=True))
    barred = set(sound(rows["bar_list"])["id_number"].dropna())
    lines = [line for claim in _last_approved(claims, config) for line in _later_ones(
        claim, content[claim.submission, claim.sheet, claim.row], sound(rows["leavers"]), barred, today, config)]
    return sorted(lines, key=lambda line: (line.due, line.claim))


def _last_approved(claims: list[Claim], config: Config) -> Iterator[Claim]:
    """Of each person the approved claim to the latest instalment, where no later one is under way or granted."""
    order = list(config.policies[-1].talent_award.instalments)
    latest: dict[str | None, Claim] = {}
    for claim in claims:
        if claim.award == TALENT_AWARD and claim.state not in _ENDED and claim.instalment in order:
            known = latest.get(claim.id_number)
            if known is None or order.index(claim.instalment) > order.index(str(known.instalment)):
                latest[claim.id_number] = claim
    yield from (claim for claim in latest.values() if claim.state in _APPROVED)


def _later_ones(
    claim: Claim, row: Mapping[str, Any], leavers: pd.DataFrame, barred: set[str], today: date, config: Config
) -> Iterator[InstalmentLine]:
    months = dict(zip(config.policies[-1].talent_award.instalments, config.switches.instalment_months, strict=True))
    start = date.fromisoformat(max(row["insured_since"], row["taxed_since"]))
    left = leavers.loc[(leavers["id_number"] == claim.id_number) & (leavers["changed_on"] >= row["introduced_on"]), "changed_on"]
    for name in list(months)[list(months).index(str(claim.instalment)) + 1:]:
        due = months_after(start, months[name])
        stopped = claim.id_number in barred or bool((left < due.isoformat()).any())
        yield InstalmentLine(
            claim=claim.number, name=claim.name, id_number=str(claim.id_number), unit=claim.unit, payer=claim.payer,
            instalment=name, due=due, state=STOPPED if stopped else FALLEN_DUE if due <= today else "未到期",
            amount=config.policy_on(due.isoformat()).talent_award.instalments[name])
