"""What every unit is told of its claims: stages, reasons, and slips where another unit claims the same (R5)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path

from pipeline.book import Book, Rival, Verdict, origins
from pipeline.claim_report import Claim, ClaimProgress, EvidenceSlip
from pipeline.config import Config
from pipeline.files import take_away
from pipeline.findings import Severity
from pipeline.idnumber import masked_text
from pipeline.judge import Judgement
from pipeline.ledger.claims import REFUSED
from pipeline.report.unit_claims import unit_claims
from pipeline.written import Finish, Written


def begin_unit_papers(folder: Path, judgement: Judgement, book: Book, config: Config, memory: Written) -> list[Finish]:
    """Begin a workbook for each unit that has claims."""
    own: dict[str, list[Claim]] = defaultdict(list)
    for claim in judgement.claims:
        own[claim.unit].append(claim)
    slips = slips_of(judgement.claims, book)
    for path in folder.glob("*.xlsx"):
        if path.stem in config.unit_order and path.stem not in own:
            take_away(path)
    reached = progress_of(judgement, book)
    papers = {unit: (unit, book.today, [reached[claim.number] for claim in claims], slips.get(unit, []))
              for unit, claims in own.items()}
    return [memory.begun(folder / f"{unit}.xlsx", facts, partial(unit_claims, *facts, config)) for unit, facts in papers.items()]


def progress_of(judgement: Judgement, book: Book) -> dict[str, ClaimProgress]:
    """Number → the claim with the day and opinion of every stage, and why it waits or came back."""
    stages: dict[str, dict[str, str]] = defaultdict(dict)
    followed = [one for one in book.verdicts if one.followed]
    for one in followed:
        stages[one.claim][one.stage] = f"{one.opinion} {one.decided_on}"
    refused = _refused_because(followed, book)
    reasons: dict[tuple[int, str | None, int | None], list[str]] = defaultdict(list)
    for found in judgement.findings:
        if found.severity is Severity.RETURNED:
            reasons[found.submission, found.sheet, found.row].append(found.message)
    return {claim.number: ClaimProgress(claim, stages[claim.number], "；".join(filter(
        None, [claim.waits_for, refused.get(claim.number), *reasons[claim.submission, claim.sheet, claim.row]])))
        for claim in judgement.claims}


def _refused_because(followed: Iterable[Verdict], book: Book) -> Mapping[str, str]:
    """Number → what the deciding body wrote beside its 不核准."""
    decisions = book.rows["decisions"]
    remarks = dict(zip(origins(decisions), decisions["remark"].tolist(), strict=True))
    return {one.claim: f"不核准的原因：{masked_text(remark)}" for one in followed
            if one.opinion == REFUSED and (remark := remarks.get((one.submission, one.sheet, one.row)))}


def slips_of(claims: list[Claim], book: Book) -> Mapping[str, list[EvidenceSlip]]:
    """Unit → its slips: its own row, and of the other claim the unit, the number and the state alone."""
    known = {claim.number: claim for claim in claims}
    slips: dict[str, list[EvidenceSlip]] = defaultdict(list)
    for claim in claims:
        for rival in _rivals(claim, known, book):
            slips[claim.unit].append(EvidenceSlip(
                claim, book.submissions[claim.submission].source, f"{rival.district}{rival.unit}", rival.number,
                "在先" if rival.holds else "在后"))
        holder = known.get(claim.repeats or "")
        for own, other in ((claim, holder), (holder, claim)):
            if holder and own and other and (own is claim or own.unit != other.unit):
                slips[own.unit].append(EvidenceSlip(own, book.submissions[own.submission].source, other.unit, other.number,
                                                    other.state))
    return slips


def _rivals(claim: Claim, known: Mapping[str, Claim], book: Book) -> Sequence[Rival]:
    """The claims of other districts that a unit is told of."""
    if claim.state in ("退回", "不核准"):
        return ()
    if claim.repeats and claim.repeats not in known:
        return (book.rival(claim.repeats),)
    return book.elsewhere.get(claim.number, ())
