"""From a claim's standing to what is shown of it: content, payer, money, what it waits for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date

import pandas as pd

from pipeline.book import CLAIM_KINDS, TALENT_AWARD, Book, Origin, Standing, Verdict, marks, origins, records
from pipeline.claim_report import Claim
from pipeline.config import Config
from pipeline.findings import Finding, Severity
from pipeline.ledger import claims as ledger_claims
from pipeline.rules.review_clock import review_clock
from pipeline.sheets import HOUSING, SENIOR


def claims_of(
    live: dict[str, pd.DataFrame], standings: dict[str, Standing], findings: list[Finding],
    barred: set[str], book: Book, config: Config,
) -> list[Claim]:
    """Every claim that has a row left, in the order of the numbers."""
    waits = waits_of(findings)
    speaking = {one.origin for one in standings.values()}
    content = {origin: row for kind in CLAIM_KINDS for origin, row in _contents(live[kind], speaking)}
    followed: dict[str, dict[str, Verdict]] = defaultdict(dict)
    for verdict in book.verdicts:
        if verdict.followed:
            followed[verdict.claim][verdict.stage] = verdict
    made = [_claim(one, content[one.origin], waits.get(one.origin), one.key.id_number in barred, followed[one.number], book, config)
            for one in standings.values()]
    return sorted(made, key=lambda claim: claim.number)


def _contents(rows: pd.DataFrame, speaking: set[Origin]) -> Iterator[tuple[Origin, Mapping[str, object]]]:
    spoken = rows[marks(rows, (origin in speaking for origin in origins(rows)))]
    return zip(origins(spoken), records(spoken), strict=True)


def waits_of(findings: list[Finding]) -> dict[Origin, str]:
    """Row → why no decision may be taken on it yet."""
    return {(found.submission, str(found.sheet), int(found.row or 0)): _wait_reason(found) for found in findings
            if found.rule in ("I01", "I04", "F07") and found.severity is Severity.REVIEW}


def _wait_reason(found: Finding) -> str:
    return "单位暂无该证书信息" if found.rule == "F07" else "持证人员中还没有该证书"


def _claim(
    one: Standing, row: Mapping[str, object], waits_for: str | None, barred: bool, followed: Mapping[str, Verdict], book: Book,
    config: Config
) -> Claim:
    undecided = one.state == "待初审"
    amount = _amount(row)
    paid, recovered = _money(amount or 0.0, followed)
    month = book.submissions[one.first[0]].month
    assert month is not None  # a submission without a month is refused and has no rows
    applied_on = _text(row["applied_on"])
    clock = review_clock(one, applied_on, book, config) if applied_on else None
    return Claim(
        number=one.number, award=one.key.award, level=_text(row["level"]), instalment=_text(row.get("instalment")),
        unit=one.key.unit, month=month, name=str(row["name"] or ""), id_number=one.key.id_number,
        employer=str(row["employer"] or ""), certificate_number=_text(row.get("certificate_number")),
        applied_on=date.fromisoformat(applied_on) if applied_on else None,
        amount=amount, payer=_payer(one, row, config), state=one.state,
        awaits=ledger_claims.awaited_stage(one.state), waits_for=waits_for if undecided else None,
        submission=one.origin[0], sheet=one.origin[1], row=one.origin[2], paid=paid, recovered=recovered,
        to_recover=barred and one.state == "已发放", detail=one.key.slot if "measure" in row else None,
        clock_from=clock[0] if clock else None, review_due=clock[1] if clock else None,
        provisional=bool(clock and clock[2]), repeats=one.holder,
    )


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _amount(row: Mapping[str, object]) -> float | None:
    """Yuan asked for: a title has one amount; that of 购房租房补贴 is set elsewhere."""
    if row.get("measure") == HOUSING:
        return None
    amount = row.get("title_amount") if row["amount"] is None else row["amount"]
    return None if amount is None else float(str(amount))


def _payer(one: Standing, row: Mapping[str, object], config: Config) -> str | None:
    """F05, 三（一）to（4）: the unit that reported, the regulator named, or the body that carries the measure out."""
    policy = config.policy_on(_text(row["applied_on"]))
    if one.key.award == TALENT_AWARD:
        return config.unit_spellings.get(str(row["regulator"] or "").strip())
    carried_out_by = {SENIOR: policy.senior_award.payer, HOUSING: policy.housing_subsidy.payer}
    return carried_out_by.get(one.key.award, one.key.unit)


def _money(amount: float, followed: Mapping[str, Verdict]) -> tuple[float, float]:
    """Yuan paid and recovered, by the decision of each stage."""
    paid = amount if ledger_claims.PAYMENT in followed else 0.0
    recovery = followed.get(ledger_claims.RECOVERY)
    if recovery is None:
        return paid, 0.0
    return paid, paid if recovery.amount is None else recovery.amount
