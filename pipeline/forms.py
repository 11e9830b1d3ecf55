"""`forms`: forms 2-1 and 2-2 filled from the claims that are under way or granted, written only where something changed.

They are a command of their own and no part of the monthly job: a form is wanted when somebody is to sign it, and whole
ID numbers are not to be strewn over a thousand files that nobody asked for.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from pipeline import monthly
from pipeline.book import CERTIFICATE_AWARD, TALENT_AWARD, Book, Origin, Verdict, origins, records
from pipeline.claim_report import Claim
from pipeline.config import Config
from pipeline.faults import CannotGoOn
from pipeline.files import TEMPLATES, write_atomically
from pipeline.ledger.store import sha256
from pipeline.office import Office
from pipeline.plain_text import in_file_name
from pipeline.report.forms import FormFacts, Reviewed, form
from pipeline.safekeeping import at_work
from pipeline.sheets import BY_KEY
from pipeline.written import Written

_KINDS = {CERTIFICATE_AWARD: "certificate_awards", TALENT_AWARD: "talent_awards"}
_ENDED = ("退回", "重复", "不核准")


class FormsError(CannotGoOn):
    """A form that was asked for cannot be made; the message says why, in Chinese."""


@dataclass
class Forms:
    """The forms that were written, and how many stand as they were."""

    written: list[Path] = field(default_factory=list)
    unchanged: int = 0


def write_forms(office: Office, today: date, numbers: Collection[str], copies: int) -> Forms:
    """The forms of all living claims or of those with these numbers, each so many times in its file.

    Forms of claims that have ended since are taken away. Raises FormsError for a number that has no form.
    """
    with at_work(office):
        outcome = monthly.as_of(office, today, today, None, dry=True)
        claims = [claim for claim in outcome.judgement.claims if not numbers or claim.number in numbers]
        _refuse_unknown(numbers, claims)
        living = [claim for claim in claims if claim.award in _KINDS and claim.state not in _ENDED]
        memory = Written(office.ledger / "written.json")
        wanted = {_path(office, one.claim): one for one in facts_of(outcome.book, living)}
        _remove(office, memory, set(wanted), numbers)
        made = _write(wanted, memory, copies, office.config)
        memory.keep()
        return made


def facts_of(book: Book, claims: Collection[Claim]) -> Iterator[FormFacts]:
    """Each claim with its row and what was decided on it."""
    rows = {origin: row for kind in _KINDS.values() for origin, row in _rows(book, kind)}
    decisions = dict(_rows(book, "decisions"))
    reviewed = {(one.claim, one.stage): _reviewed(one, decisions) for one in book.verdicts if one.followed}
    for claim in claims:
        yield FormFacts(claim, rows[claim.submission, claim.sheet, claim.row],
                        reviewed.get((claim.number, "初审")), reviewed.get((claim.number, "复审")))


def remove_forms(office: Office, numbers: Collection[str]) -> None:
    """Take away the forms of these claims, for good; `at_work`."""
    memory = Written(office.ledger / "written.json")
    if numbers:
        _remove(office, memory, set(), numbers)
        memory.keep()


def _write(wanted: dict[Path, FormFacts], memory: Written, copies: int, config: Config) -> Forms:
    templates, made = _templates(config), Forms()
    of_config = [config.district, config.office, config.first_review_unit, config.policies]
    for path, facts in wanted.items():
        template = templates[facts.claim.award]
        if memory.is_stale(path, [facts, copies, sha256(template), of_config]):
            made.written.append(write_atomically(path, form(facts, template, copies, config)))
        else:
            made.unchanged += 1
    return made


def _templates(config: Config) -> dict[str, bytes]:
    try:
        return {award: (TEMPLATES / name).read_bytes() for award, name in config.forms.items()}
    except OSError as error:
        raise FormsError(f"找不到申请表的 Word 模板“{error.filename}”；请核对 config.yaml 中的 forms") from None


def _refuse_unknown(numbers: Collection[str], claims: Collection[Claim]) -> None:
    known = {claim.number: claim for claim in claims}
    for number in numbers:
        claim = known.get(number)
        if claim is None:
            raise FormsError(f"没有编号为{number}的申请；编号见“奖励发放”表或各单位的“办理情况”")
        if claim.award not in _KINDS:
            raise FormsError(f"{number}是{claim.award}，计划没有规定它的申请表")
        if claim.state in _ENDED:
            raise FormsError(f"{number}现为“{claim.state}”，不再出申请表")


def _remove(office: Office, memory: Written, current: Collection[Path], numbers: Collection[str]) -> None:
    """Forms that the program wrote and that are not current any more: all, or those of these claims."""
    for path in (office.outputs / "forms").glob("*/*.docx"):
        asked = not numbers or path.stem.partition("_")[0] in numbers
        if asked and path not in current and memory.wrote(path):
            path.unlink()
            memory.forget(path)


def _path(office: Office, claim: Claim) -> Path:
    return office.outputs / "forms" / claim.unit / f"{claim.number}_{in_file_name(claim.name)}.docx"


def _rows(book: Book, kind: str) -> Iterator[tuple[Origin, dict[str, Any]]]:
    frame = book.rows[kind]
    yield from zip(origins(frame), records(frame[BY_KEY[kind].fields]), strict=True)


def _reviewed(one: Verdict, decisions: dict[Origin, dict[str, Any]]) -> Reviewed:
    by = decisions[one.submission, one.sheet, one.row]["decided_by"]
    return Reviewed(one.opinion, str(by or ""), date.fromisoformat(one.decided_on))
