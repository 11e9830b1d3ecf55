"""Decisions from 审核意见: stages in order, by the body that may, for a known claim (F02)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from pipeline.book import Book, Verdict, origins, records
from pipeline.claim_report import Claim
from pipeline.config import Config
from pipeline.ledger.claims import (
    APPROVED,
    FIRST_REVIEW,
    PAYMENT,
    RECOVERY,
    SECOND_REVIEW,
    awaited_stage,
    decided_states,
    may_follow,
)

_EXPECTED = {FIRST_REVIEW: "待初审", SECOND_REVIEW: "待复审", PAYMENT: "待发放", RECOVERY: "已发放"}


def judge_new(book: Book, decisions: pd.DataFrame, claims: Mapping[str, Claim], config: Config) -> list[Verdict]:
    """A verdict for every one of these rows of 审核意见 that has none yet, in order of arrival."""
    judged = {(verdict.submission, verdict.sheet, verdict.row) for verdict in book.verdicts}
    accepted = [verdict for verdict in book.verdicts if verdict.refusal is None]
    new: list[Verdict] = []
    for origin, row in zip(origins(decisions), records(decisions), strict=True):
        if origin in judged:
            continue
        verdict = Verdict(*origin, row["claim"].strip().upper(), row["stage"], row["opinion"], row["decided_on"],
                          row["amount"])
        verdict = _settled(verdict, str(book.submissions[origin[0]].unit), claims.get(verdict.claim), [*accepted, *new], config)
        new.append(verdict)
    return new


def _settled(
    verdict: Verdict, unit: str, claim: Claim | None, earlier: list[Verdict], config: Config
) -> Verdict:
    if claim is None:
        return replace(verdict, refusal=f"没有编号为“{verdict.claim}”的申请，请按审核表里的编号填写")
    own = [one for one in earlier if one.claim == verdict.claim and one.refusal is None]
    if any((one.stage, one.opinion) == (verdict.stage, verdict.opinion) for one in own):
        return replace(verdict, repeated=True)
    refusal = (
        _wrong_body(verdict, unit, claim, config)
        or _wrong_state(verdict, claim, decided_states(own).get(verdict.claim, claim.state))
        or _wrong_day(verdict, claim, own)
        or _wrong_amount(verdict, claim, own)
    )
    return replace(verdict, refusal=refusal)


def _wrong_body(verdict: Verdict, unit: str, claim: Claim, config: Config) -> str | None:
    by_first_reviewer = verdict.stage in (FIRST_REVIEW, RECOVERY)
    entitled = config.first_review_unit if by_first_reviewer else claim.payer
    if unit in (entitled, config.office_unit):
        return None
    body = entitled or "（待定的行业监管部门）"
    return f"{verdict.stage}应由{body}作出，现由{unit}报来；请由该单位或{config.office_unit}报送"


def _wrong_state(verdict: Verdict, claim: Claim, state: str) -> str | None:
    if state == "待初审" and claim.waits_for:
        return f"该申请尚在等待（{claim.waits_for}），请待情况落实后再审"
    if not may_follow(verdict.stage, state):
        due = awaited_stage(state)
        return (f"该申请现为“{state}”，{verdict.stage}须在“{_EXPECTED[verdict.stage]}”时作出；"
                f"{f'现在应作的是{due}' if due else '请核对编号和环节'}")
    if verdict.stage in (PAYMENT, RECOVERY) and verdict.opinion != APPROVED:
        return f"{verdict.stage}只能填“核准”；未{verdict.stage}的不必填报"
    return None


def _wrong_day(verdict: Verdict, claim: Claim, own: list[Verdict]) -> str | None:
    before = own[-1].decided_on if own else (claim.applied_on.isoformat() if claim.applied_on else "")
    if verdict.decided_on < before:
        return f"{verdict.stage}日期{verdict.decided_on}早于上一环节的日期{before}，请核对日期"
    return None


def _wrong_amount(verdict: Verdict, claim: Claim, own: list[Verdict]) -> str | None:
    """Paid is what was approved, approved what was applied for; where the plan sets no amount, the first decision does."""
    stated = [(f"{one.stage}金额", one.amount) for one in own if one.amount is not None]
    source, right = ("申请金额", claim.amount) if claim.amount is not None else stated[0] if stated else ("", None)
    if verdict.amount is None or right is None:
        return None
    if verdict.stage == RECOVERY:
        return None if verdict.amount <= right else f"追回金额{verdict.amount:g}元超过已发放的{right:g}元"
    return None if verdict.amount == right else f"{verdict.stage}金额{verdict.amount:g}元与{source}{right:g}元不一致，请核对"
