"""Money per payer, award and year (F05)."""

from __future__ import annotations

from collections import defaultdict

from pipeline.quarter_report import Claim, PayerLine

UNDECIDED_PAYER = "待定"
_APPLIED = ("待初审", "待复审", "待发放", "已发放", "已追回")
_APPROVED = ("待发放", "已发放", "已追回")


def payer_lines(claims: list[Claim]) -> list[PayerLine]:
    """What each payer was asked for, approved, paid and got back, in yuan, by year of application."""
    groups: dict[tuple[str, str, int], list[Claim]] = defaultdict(list)
    for claim in claims:
        if claim.state in _APPLIED and claim.amount is not None:  # what is set elsewhere is no part of the budget
            year = claim.applied_on.year if claim.applied_on else claim.month.year
            groups[claim.payer or UNDECIDED_PAYER, claim.award, year].append(claim)
    return [_line(*key, group) for key, group in sorted(groups.items())]


def _line(payer: str, award: str, year: int, claims: list[Claim]) -> PayerLine:
    approved = [claim for claim in claims if claim.state in _APPROVED]
    paid = [claim for claim in claims if claim.paid]
    return PayerLine(
        payer=payer, award=award, year=year,
        applied=len(claims), applied_amount=_sum(claims),
        approved=len(approved), approved_amount=_sum(approved),
        paid=len(paid), paid_amount=sum(claim.paid for claim in paid),
        recovered_amount=sum(claim.recovered for claim in claims),
    )


def _sum(claims: list[Claim]) -> float:
    return sum(claim.amount or 0 for claim in claims)
