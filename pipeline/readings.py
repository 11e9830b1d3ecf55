"""The interpretation register: every switch with its clause, and the totals under the other reading (编制说明)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, Literal, get_args, get_origin

import pandas as pd

from pipeline.book import CLAIM_KINDS, Book
from pipeline.calendar import Quarter
from pipeline.claim_report import Claim
from pipeline.config import Config, Switches
from pipeline.judge import Judgement, judge
from pipeline.ledger.supersession import returned_when_read
from pipeline.quarter_report import Reading
from pipeline.quarter_rows import sound
from pipeline.rollup import COUNTED, holders_at, place_certificates, place_establishments
from pipeline.rule_book import Article, rule_book

# Switches that decide where sound rows are counted; the others that can move a total decide which claims are sound.
_COUNTING = {"count_basis", "count_introduced", "sector_from", "threshold_applies_to", "boundary_300", "ratio_round"}
_LIVING = ("待初审", "待复审", "待发放", "已发放", "已追回")
# The columns by which rows are placed; the others would be copied for every reading.
_OF_A_CERTIFICATE = ["id_number", "level", "sector", "survey_sector", "route", "effective_on", "registered_on", "unit", "month",
                     "filled_on", "status"]
_OF_AN_ESTABLISHMENT = ["establishment", "establishment_key", "establishment_type", "headcount", "service_staff", "surveyed_on",
                        "required_engineers", "month", "status"]
_MONEY = "申请金额（元）"


def readings(book: Book, judgement: Judgement, quarter: Quarter, config: Config) -> list[Reading]:
    """A line for every switch in the order of the rule book, with what its other values would make of the totals."""
    present = totals(judgement.rows, judgement.claims, quarter, config)
    return [Reading(name, article.id, article.clause, article.decision, written(getattr(config.switches, name)),
                    tuple(_others(name, present, book, judgement, quarter, config)))
            for name, article in _articles().items()]


def totals(rows: Mapping[str, pd.DataFrame], claims: list[Claim], quarter: Quarter, config: Config) -> dict[str, int]:
    """The report's totals: counted, 总体需求数量 and 现有数量 of the table's rows, yuan applied for."""
    placed = place_certificates(rows["certificates"][_OF_A_CERTIFICATE], quarter, config)
    surveys = place_establishments(rows["establishments"][_OF_AN_ESTABLISHMENT], quarter, config)
    present = holders_at(placed, sound(rows["leavers"]), quarter)
    return {
        "培育数量合计": int((placed["status"] == COUNTED).sum()),
        "总体需求数量": int(surveys.loc[surveys["status"] == COUNTED, "required"].sum()),
        "现有数量": int(present["table_sector"].isin(config.sector_names).sum()),
        _MONEY: _applied_for(claims, quarter),
    }


def _applied_for(claims: Iterable[Claim], quarter: Quarter) -> int:
    return int(sum(claim.amount or 0 for claim in claims
                   if claim.state in _LIVING and str(claim.month) <= str(quarter.months[-1])))


def written(value: object) -> str:
    """A switch's value as it stands in config.yaml."""
    return str(value).lower() if isinstance(value, bool) else "null" if value is None else str(value)


def _articles() -> dict[str, Article]:
    """Switch → the rule that it belongs to."""
    found: dict[str, Article] = {}
    for article in (one for chapter in rule_book() for one in chapter.rules):
        for name in article.switches:
            found.setdefault(name, article)
    return found


def _others(
    name: str, present: Mapping[str, int], book: Book, judgement: Judgement, quarter: Quarter, config: Config
) -> Iterator[tuple[str, str]]:
    """(other value, what the totals would be) for each other value that the switch may have."""
    for value in _other_values(name, config.switches):
        other = config.model_copy(update={"switches": config.switches.model_copy(update={name: value})})
        yield written(value), _effect(present, _totals_under(name, present, book, judgement, quarter, other))


def _other_values(name: str, switches: Switches) -> list[Any]:
    kind, present = Switches.model_fields[name].annotation, getattr(switches, name)
    admitted = get_args(kind) if get_origin(kind) is Literal else (True, False) if kind is bool else ()
    return [value for value in admitted if value != present]


def _totals_under(
    name: str, present: Mapping[str, int], book: Book, judgement: Judgement, quarter: Quarter, other: Config
) -> Mapping[str, int]:
    """The totals under another configuration; of the claims only those are judged again that it can concern."""
    if name in _COUNTING:
        return totals(judgement.rows, judgement.claims, quarter, other)
    persons = _concerned(name, judgement.rows)
    if not persons:
        return present
    was = _applied_for((claim for claim in judgement.claims if claim.id_number in persons), quarter)
    again = judge(_book_of(persons, book), other).claims
    now = _applied_for((claim for claim in again if claim.id_number in persons), quarter)
    return {**present, _MONEY: present[_MONEY] - was + now}


def _concerned(name: str, rows: Mapping[str, pd.DataFrame]) -> set[str]:
    """The persons whose claims another reading of the switch can judge otherwise."""
    match name:
        case "gov_eligible":
            claims = rows["certificate_awards"]
            concerned = claims[claims["employer_nature"] == "政府部门"]
        case "local_by":
            claims = pd.concat([rows[kind][["id_number", "surveyed"]] for kind in CLAIM_KINDS])
            concerned = claims[claims["surveyed"] == False]  # noqa: E712 - replaced rows have no facts
        case "bar_scope":
            concerned = rows["bar_list"]
        case "notice_overrides":
            concerned = rows["certificate_awards"].iloc[: None if len(rows["notices"]) else 0]
        case _:
            return set()
    return set(concerned["id_number"].dropna())


def _book_of(persons: set[str], book: Book) -> Book:
    """The Book of some persons, with a row of every sheet beside, so that the same sheets replace each other."""
    rows = {}
    for kind, frame in book.rows.items():
        if "id_number" in frame:
            speaks = ~frame[["submission"]].assign(faulty=returned_when_read(book, kind)).duplicated()
            frame = frame[speaks | frame["id_number"].isin(list(persons))].reset_index(drop=True)  # noqa: PLW2901
        rows[kind] = frame
    return replace(book, rows=rows)


def _effect(present: Mapping[str, int], other: Mapping[str, int]) -> str:
    moved = [f"{label} {number}→{other[label]}" for label, number in present.items() if other[label] != number]
    return "；".join(moved) or "不影响合计"
