"""From a claim's standing to what is shown of it: content, payer, money, what it waits for."""

from __future__ import annotations

from datetime import date

import pandas as pd

from pipeline.book import AWARDS, Book, Standing, origins, records
from pipeline.config import Config
from pipeline.findings import Finding, Severity
from pipeline.ledger import claims as ledger_claims
from pipeline.quarter_report import Claim


def claims_of(
    live: dict[str, pd.DataFrame], standings: dict[str, Standing], findings: list[Finding],
    barred: set[str], book: Book, config: Config,
) -> list[Claim]:
    """Every claim that has a row left, in the order of the numbers."""
    content = {origin: row for kind in AWARDS
               for origin, row in zip(origins(live[kind]), records(live[kind]), strict=True)}
    waits = {(found.submission, found.sheet, found.row): _wait_reason(found) for found in findings
             if found.rule in ("I01", "I04", "F07") and found.severity is Severity.REVIEW}
    made = [_claim(one, content[one.origin], waits.get(one.origin), one.key.id_number in barred, book, config)
            for one in standings.values()]
    return sorted(made, key=lambda claim: claim.number)


def _wait_reason(found: Finding) -> str:
    return "单位暂无该证书信息" if found.rule == "F07" else "持证人员中还没有该证书"


def _claim(
    one: Standing, row: dict[str, object], waits_for: str | None, barred: bool, book: Book, config: Config
) -> Claim:
    undecided = one.state == "待初审"
    amount = row["amount"]
    paid, recovered = _money(one.number, float(str(amount or 0)), book)
    month = book.submissions[one.first[0]].month
    assert month is not None  # a submission without a month is refused and has no rows
    applied_on = row["applied_on"]
    return Claim(
        number=one.number, award=one.key.award, level=_text(row["level"]), instalment=_text(row.get("instalment")),
        unit=one.key.unit, month=month, name=str(row["name"] or ""), id_number=one.key.id_number,
        employer=str(row["employer"] or ""), certificate_number=_text(row["certificate_number"]),
        applied_on=date.fromisoformat(str(applied_on)) if applied_on else None,
        amount=float(str(amount)) if amount is not None else None, payer=_payer(one, row, config), state=one.state,
        awaits=ledger_claims.awaited_stage(one.state), waits_for=waits_for if undecided else None,
        submission=one.origin[0], sheet=one.origin[1], row=one.origin[2], paid=paid, recovered=recovered,
        to_recover=barred and one.state == "已发放",
    )


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _payer(one: Standing, row: dict[str, object], config: Config) -> str | None:
    """F05: 证书奖励 is paid by the unit that reported, 紧缺人才 by the regulator named."""
    if one.key.award == "证书奖励":
        return one.key.unit
    return config.unit_spellings.get(str(row["regulator"] or "").strip())


def _money(number: str, amount: float, book: Book) -> tuple[float, float]:
    """Yuan paid and recovered."""
    accepted = {one.stage: one for one in book.verdicts
                if one.claim == number and one.refusal is None and not one.repeated}
    paid = amount if ledger_claims.PAYMENT in accepted else 0.0
    recovery = accepted.get(ledger_claims.RECOVERY)
    if recovery is None:
        return paid, 0.0
    return paid, paid if recovery.amount is None else recovery.amount
