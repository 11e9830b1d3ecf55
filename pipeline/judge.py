"""From rows to what stands: replaced rows out, rules asked, claims allocated, repeats told apart.

A pure function of the Book and the configuration: undecided claims are judged anew each time,
decided ones keep what they have.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import pandas as pd

from pipeline.book import CLAIM_KINDS, Book, Origin, Standing, marks, origins
from pipeline.claim_facts import REGISTERS, add_claim_facts
from pipeline.claim_lines import claims_of, waits_of
from pipeline.claim_report import Claim
from pipeline.config import Config
from pipeline.finding_numbers import numbered
from pipeline.findings import Finding, Severity, merged
from pipeline.ledger import claims as ledger_claims
from pipeline.ledger.supersession import corrections, returned_when_read, superseded
from pipeline.rules import DUTY_RULES, REGISTER_RULES, REPEAT_RULES, RULES
from pipeline.rules.duty_facts import add_duty_facts
from pipeline.rules.engine import check
from pipeline.rules.facts import add_holder_facts, establishment_keys, survey_sectors
from pipeline.rules.people import add_people_facts
from pipeline.rules.repeats import add_first_reports, add_repeat_facts
from pipeline.rules.review_clock import add_review_clock
from pipeline.sheets import BY_KEY

SUPERSEDED, RETURNED, DUPLICATE, STANDS = "superseded", "returned", "duplicate", "stands"


@dataclass(frozen=True)
class Judgement:
    """What stands: findings, claims, and every row with its `status` (and the facts that rules added)."""

    findings: list[Finding]
    claims: list[Claim]
    rows: dict[str, pd.DataFrame]
    numbers: dict[Finding, str]  # of the findings that a person must look at
    closed: int  # findings on which there is a conclusion


def judge(book: Book, config: Config) -> Judgement:
    """The judgement over everything in the Book; every claim row must have its number (`claim_of`)."""
    faulty = {kind: returned_when_read(book, kind) for kind in book.rows}
    gone = {kind: superseded(book, kind, faulty[kind]) for kind in book.rows}
    live = {kind: frame[~gone[kind]].assign(faulty=faulty[kind][~gone[kind]]) for kind, frame in book.rows.items()}
    findings = [*_cell_findings(book, gone), *corrections(book, gone), *_refusals(book)]
    for kind, frame in live.items():
        findings += check(REGISTER_RULES, kind, frame, book, config)
    findings += _first_round(live, _returned_by(findings), book, config)
    findings = _spare_decided(findings, book)

    barred = set(_sound(live["bar_list"], _returned_by(findings))["id_number"].dropna())
    standings = _standings(live, _returned_by(findings), barred, book)
    findings += _second_round(live, findings, standings, book, config)
    findings += _duties(live, _returned_by(findings), book, config)
    findings = merged(_in_order(findings))
    claims = claims_of(live, standings, findings, barred, book, config)
    rows = _with_status(book, live, findings, standings)
    conclusions = _sound(live["resolutions"], _returned_by(findings))["finding"].dropna()
    concluded = {number.strip().upper() for number in conclusions}
    numbers = numbered(findings, book)
    still_open = [found for found in findings if numbers.get(found) not in concluded]
    return Judgement(still_open, claims, rows, numbers, len(findings) - len(still_open))


def _returned_by(findings: Iterable[Finding]) -> set[Origin]:
    return {(found.submission, found.sheet, found.row) for found in findings
            if found.severity is Severity.RETURNED and found.row is not None and found.sheet is not None}


def _cell_findings(book: Book, gone: dict[str, pd.Series[bool]]) -> list[Finding]:
    """What was found while reading, but for what has been replaced or taken back since."""
    replaced = {origin for kind, frame in book.rows.items() for origin in origins(frame[gone[kind]])}
    remaining = {number for kind, frame in book.rows.items() for number in frame.loc[~gone[kind], "submission"]}
    emptied = {origin[0] for origin in replaced} - remaining | _passed_since(book)
    return [
        found for found in book.cell_findings
        if (found.submission, found.sheet, found.row) not in replaced and found.submission not in emptied
        and book.submissions[found.submission].withdrawn is None
    ]


def _passed_since(book: Book) -> set[int]:
    """Refused files whose same bytes were taken later, when their unit was listed or their month had begun."""
    taken = {one.sha256 for one in book.submissions.values() if not one.refused}
    return {number for number, one in book.submissions.items() if one.refused and one.sha256 in taken}


def _refusals(book: Book) -> list[Finding]:
    """F02: decisions that could not be followed."""
    return [
        Finding(one.submission, "F02", Severity.RETURNED, one.refusal, "decisions", one.sheet, one.row,
                book.cell("decisions", one.submission, one.sheet, one.row, "claim"))
        for one in book.verdicts if one.refusal is not None
    ]


def _sound(frame: pd.DataFrame, returned: set[Origin]) -> pd.DataFrame:
    return frame[marks(frame, (origin not in returned for origin in origins(frame)))]


def _first_round(live: dict[str, pd.DataFrame], returned: set[Origin], book: Book, config: Config) -> list[Finding]:
    """The rules that judge a row by itself and beside the registers."""
    live["establishments"]["establishment_key"] = establishment_keys(live["establishments"])
    sectors = survey_sectors(_sound(live["establishments"], returned), config)
    add_people_facts(live)
    add_holder_facts(live["certificates"], sectors)
    found = [finding for kind in ("certificates", "establishments") for finding in check(
        RULES, kind, live[kind], book, config)]
    holders = _sound(live["certificates"], returned | _returned_by(found))
    sound = live | {kind: _sound(live[kind], returned) for kind in REGISTERS} | {"certificates": holders}
    add_claim_facts(live, sound, sectors, book, config)
    others = [kind for kind in live if kind not in ("certificates", "establishments")]
    return found + [finding for kind in others for finding in check(RULES, kind, live[kind], book, config)]


def _spare_decided(findings: list[Finding], book: Book) -> list[Finding]:
    """Claims under decision are not changed by rules: what these find is reported, as 复核."""
    pinned = set(book.pins.values())
    decided = ledger_claims.decided_states(book.verdicts)
    pending = {origin for number, origin in book.pins.items() if decided.get(number) in ("待复审", "待发放")}
    return [
        replace(found, severity=Severity.REVIEW, message=f"（已进入审核，不自动改变）{found.message}")
        if (origin := (found.submission, found.sheet, found.row)) in pinned and found.severity is Severity.RETURNED
        and not (found.rule == "G02" and origin in pending) else found
        for found in findings
    ]


def _standings(
    live: dict[str, pd.DataFrame], returned: set[Origin], barred: set[str], book: Book
) -> dict[str, Standing]:
    standing = {origin for kind in CLAIM_KINDS for origin in origins(live[kind])}
    rows = ledger_claims.rows_by_claim((origin for origin in book.keys if origin in standing), book.claim_of)
    return ledger_claims.allocate(rows, standing - returned, book.keys, book, barred)


def _second_round(
    live: dict[str, pd.DataFrame], earlier: list[Finding], standings: dict[str, Standing], book: Book, config: Config
) -> list[Finding]:
    """The rules on repetition, asked of the rows that stand."""
    found: list[Finding] = []
    returned, waiting = _returned_by(earlier), set(waits_of(earlier))
    holders = _sound(live["certificates"], returned).copy()
    add_first_reports(holders)
    found += check(REPEAT_RULES, "certificates", holders, book, config)
    for kind in CLAIM_KINDS:
        rows = _sound(live[kind], returned).copy()
        add_repeat_facts(rows, kind, standings, book, config)
        add_review_clock(rows, standings, waiting, book, config)
        found += check(REPEAT_RULES, kind, rows, book, config)
    return found


def _duties(
    live: dict[str, pd.DataFrame], returned: set[Origin], book: Book, config: Config
) -> list[Finding]:
    """The rules on who must have an engineer or sit the exam."""
    add_duty_facts(live, {kind: _sound(frame, returned) for kind, frame in live.items()}, book.today, config)
    return [finding for kind in ("establishments", "supervisors") for finding in check(
        DUTY_RULES, kind, live[kind], book, config)]


def _in_order(findings: list[Finding]) -> list[Finding]:
    return sorted(findings, key=lambda found: (
        found.submission, found.sheet or "", found.row or 0, found.severity.weight, found.rule, found.cell or ""))


def _with_status(
    book: Book, live: dict[str, pd.DataFrame], findings: list[Finding], standings: dict[str, Standing]
) -> dict[str, pd.DataFrame]:
    """Every row with its `status`; rows that were replaced have no facts."""
    returned = _returned_by(findings)
    repeated = {one.first for one in standings.values() if one.state == "重复"}
    counted = {one.first for one in standings.values()} - repeated
    return {
        kind: frame.join(live[kind][live[kind].columns.difference(frame.columns)]).assign(
            status=_statuses(kind, frame, live[kind], returned, counted, repeated, book)).astype(object)
        for kind, frame in book.rows.items()
    }


def _statuses(
    kind: str, frame: pd.DataFrame, live: pd.DataFrame, returned: set[Origin], counted: set[Origin],
    repeated: set[Origin], book: Book,
) -> list[str]:
    remaining = set(live.index)
    seen: set[tuple[object, ...]] = set()
    already = {(one.submission, one.sheet, one.row) for one in book.verdicts if one.repeated}
    statuses = []
    identities = frame[list(BY_KEY[kind].identity)].itertuples(index=False, name=None)
    for index, origin, identity in zip(frame.index, origins(frame), identities, strict=True):
        if index not in remaining:
            statuses.append(SUPERSEDED)
        elif origin in returned and origin not in repeated:
            statuses.append(RETURNED)
        elif origin in book.claim_of:
            statuses.append(STANDS if origin in counted else DUPLICATE)
        elif kind in ("certificates", "establishments", "decisions"):
            statuses.append(DUPLICATE if origin in already else STANDS)
        else:
            statuses.append(DUPLICATE if identity in seen else STANDS)
            seen.add(identity)
    return statuses
