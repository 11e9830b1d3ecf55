"""The plan's forms 2-1 and 2-2 filled from one claim each; ID numbers stand in them whole."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import date
from typing import Any

from docx.document import Document
from docx.oxml.ns import qn
from docx.shared import Pt
from docx.text.run import Run
from jinja2 import UndefinedError

from pipeline.book import CERTIFICATE_AWARD
from pipeline.claim_report import Claim
from pipeline.columns import choices_of
from pipeline.config import Config
from pipeline.faults import CannotGoOn
from pipeline.report.measure import width_of
from pipeline.report.word import filled, one_line, saved
from pipeline.sheets import BY_KEY

_BLANK_DAY = "      年    月    日"
_LONGEST = {"employer": 40, "address": 48, "certificate_number": 40}  # characters: more would need a second page
_LONGEST_OF_OTHERS = 20
_USUAL, _SMALL, _SIDES = 10.5, 8, 7  # points: a value's size, that of a long one, a cell's inner margins
_FIELDS = {"name": "name", "id_number": "id_number", "employer": "employer", "post": "post", "employer_phone": "employer_phone",
           "phone": "phone", "certificate_number": "certificate_number", "address": "employer_address", "checked_by": "checked_by"}
_PROOFS = ("id_copy", "certificate_copy", "contract_proof")


@dataclass(frozen=True, slots=True)
class Reviewed:
    """What a body decided, by whom and when."""

    opinion: str
    by: str
    on: date


@dataclass(frozen=True, slots=True)
class FormFacts:
    """One claim with the row that it was made by and what was decided on it so far."""

    claim: Claim
    row: Mapping[str, Any]
    first: Reviewed | None
    second: Reviewed | None


def form(facts: FormFacts, template: bytes, copies: int, config: Config) -> bytes:
    """The form on one page, so many times; raises CannotGoOn where the template asks for what the plan does not have."""
    try:
        document = filled(template, _values(facts, config))
    except UndefinedError as error:
        raise CannotGoOn(f"申请表的 Word 模板与 config.yaml 的级别、期次对不上（{error.message}）；"
                         "请换成本区的申请表，并在 config.yaml 的 forms 中写明文件名") from None
    _set_long_values_smaller(document)
    _repeat(document, copies)
    claim = facts.claim
    return saved(document, f"{claim.award}申请表 {claim.number}", config.office, claim.applied_on or claim.month.last_day)


def _values(facts: FormFacts, config: Config) -> dict[str, Any]:
    claim, row = facts.claim, facts.row
    policy = config.policy_on(claim.applied_on.isoformat() if claim.applied_on else None)
    is_award = claim.award == CERTIFICATE_AWARD
    amounts = policy.certificate_award.amounts if is_award else policy.talent_award.instalments
    asked = {claim.level if is_award else claim.instalment}
    granted = asked if facts.second and facts.second.opinion == "核准" else set()
    return {name: _short(row.get(field), _LONGEST.get(name, _LONGEST_OF_OTHERS)) for name, field in _FIELDS.items()} | {
        "district": config.district, "first_body": config.first_review_unit, "number": claim.number,
        "applied_on": _day(claim.applied_on), "blank_day": _BLANK_DAY,
        "issued_on": _day(date.fromisoformat(row["issued_on"])) if row.get("issued_on") else "",
        "nature": _boxes(_choices("employer_nature", config), {row.get("employer_nature")}),
        "elsewhere": "√" if row.get("employer_nature") == "其他" else " ",
        "earlier": _boxes(["无", *config.levels], str(row.get("earlier_awards") or "").split("、")),
        "opinion": _boxes(_choices("employer_opinion", config), {row.get("employer_opinion")}),
        "proof": _boxes(_PROOFS, [name for name in _PROOFS if row.get(name)]),
        "level": _boxes(amounts, asked), "instalment": _boxes(amounts, asked), "granted": _boxes(amounts, granted),
        "unboxed": {name: "√" if name in asked else "" for name in amounts}, "amounts": amounts,
        "first": _review(facts.first), "second": _review(facts.second),
    }


def _boxes(options: Iterable[str], chosen: Collection[object]) -> dict[str, str]:
    return {option: "■" if option in chosen else "□" for option in options}


def _choices(field: str, config: Config) -> list[str]:
    return choices_of(BY_KEY["certificate_awards"].column(field), config)


def _review(one: Reviewed | None) -> dict[str, str]:
    opinion = _boxes(("核准", "不核准"), {one.opinion} if one else ())
    return opinion | {"by": _short(one.by) if one else "", "on": _day(one.on if one else None)}


def _short(value: object, longest: int = _LONGEST_OF_OTHERS) -> str:
    text = one_line(str(value or ""))
    return text if len(text) <= longest else text[: longest - 1] + "…"


def _day(day: date | None) -> str:
    return f"{day.year}年{day.month}月{day.day}日" if day else _BLANK_DAY


def _set_long_values_smaller(document: Document) -> None:
    """What does not fit on one line of its cell."""
    for cell in document.element.body.iter(qn("w:tc")):
        room = cell.width.pt - _SIDES if cell.width else 0
        for paragraph in cell.p_lst:
            if paragraph.style == "Value" and width_of(paragraph.text) * _USUAL / 2 > room:
                for run in paragraph.r_lst:
                    Run(run, document).font.size = Pt(_SMALL)


def _repeat(document: Document, copies: int) -> None:
    """The same page again, as often as it is asked for."""
    body = document.element.body
    page = [one for one in body if one.tag != qn("w:sectPr")]
    for _ in range(copies - 1):
        twins = [deepcopy(one) for one in page]
        twins[0].get_or_add_pPr().get_or_add_pageBreakBefore()
        for twin in twins:
            body.sectPr.addprevious(twin)
