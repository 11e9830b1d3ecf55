"""Money per payer, award and year (F05)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from pipeline.book import TALENT_AWARD
from pipeline.claim_report import Claim, InstalmentLine, PayerLine
from pipeline.instalments import STOPPED

UNDECIDED_PAYER = "待定"
_APPLIED = ("待初审", "待复审", "待发放", "已发放", "已追回")
_APPROVED = ("待发放", "已发放", "已追回")
Group = tuple[str, str, int]  # payer, award, year


def payer_lines(claims: Sequence[Claim], instalments: Sequence[InstalmentLine]) -> list[PayerLine]:
    """What each payer was asked for, approved, paid, got back and still owes, in yuan, by year of application.

    Instalments to come stand in the year in which they fall due; company money is no claim and never stands here.
    """
    asked: dict[Group, list[Claim]] = defaultdict(list)
    for claim in claims:
        if claim.state in _APPLIED and claim.amount is not None:  # what is set elsewhere is no part of the budget
            year = claim.applied_on.year if claim.applied_on else claim.month.year
            asked[claim.payer or UNDECIDED_PAYER, claim.award, year].append(claim)
    coming: dict[Group, list[InstalmentLine]] = defaultdict(list)
    for line in instalments:
        if line.state != STOPPED:
            coming[line.payer or UNDECIDED_PAYER, TALENT_AWARD, line.due.year].append(line)
    return [_line(group, asked.get(group, []), coming.get(group, [])) for group in sorted({*asked, *coming})]


def _line(group: Group, claims: Sequence[Claim], coming: Sequence[InstalmentLine]) -> PayerLine:
    payer, award, year = group
    approved = [claim for claim in claims if claim.state in _APPROVED]
    paid = [claim for claim in claims if claim.paid]
    return PayerLine(
        payer=payer, award=award, year=year,
        applied=len(claims), applied_amount=_sum(claims),
        approved=len(approved), approved_amount=_sum(approved),
        paid=len(paid), paid_amount=sum(claim.paid for claim in paid),
        recovered_amount=sum(claim.recovered for claim in claims),
        unpaid_amount=_sum([claim for claim in claims if claim.state == "待发放"]),
        future_amount=sum(line.amount for line in coming),
    )


def _sum(claims: Sequence[Claim]) -> float:
    return sum(claim.amount or 0 for claim in claims)
