"""The interpretation register: every switch with its clause, and the totals under the other reading (编制说明)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal, get_args, get_origin

import pandas as pd

from pipeline.book import Book
from pipeline.calendar import Quarter
from pipeline.claim_report import Claim
from pipeline.config import Config, Switches
from pipeline.judge import Judgement, judge
from pipeline.quarter_report import Reading
from pipeline.quarter_rows import sound
from pipeline.rollup import COUNTED, holders_at, place_certificates, place_establishments
from pipeline.rule_book import Article, rule_book

# Switches that decide where sound rows are counted; the others that can move a total decide what is sound.
_COUNTING = {"count_basis", "count_introduced", "sector_from", "threshold_applies_to", "boundary_300", "ratio_round"}
_JUDGING = {"gov_eligible", "local_by", "bar_scope", "notice_overrides"}
_LIVING = ("待初审", "待复审", "待发放", "已发放", "已追回")
_REGISTERS = {"bar_scope": "bar_list", "notice_overrides": "notices"}  # without rows there is nothing to read otherwise


def readings(book: Book, judgement: Judgement, quarter: Quarter, config: Config) -> list[Reading]:
    """A line for every switch in the order of the rule book, with what its other values would make of the totals."""
    present = totals(judgement.rows, judgement.claims, quarter, config)
    return [Reading(name, article.id, article.clause, article.decision, written(getattr(config.switches, name)),
                    tuple(_others(name, present, book, judgement, quarter, config)))
            for name, article in _articles().items()]


def totals(rows: Mapping[str, pd.DataFrame], claims: list[Claim], quarter: Quarter, config: Config) -> dict[str, int]:
    """The report's totals: counted, 总体需求数量 and 现有数量 of the table's rows, yuan applied for."""
    placed = place_certificates(rows["certificates"], quarter, config)
    surveys = place_establishments(rows["establishments"], quarter, config)
    present = holders_at(placed, sound(rows["leavers"]), quarter)
    money = [claim.amount or 0 for claim in claims
             if claim.state in _LIVING and str(claim.month) <= str(quarter.months[-1])]
    return {
        "培育数量合计": int((placed["status"] == COUNTED).sum()),
        "总体需求数量": int(surveys.loc[surveys["status"] == COUNTED, "required"].sum()),
        "现有数量": int(present["table_sector"].isin(config.sector_names).sum()),
        "申请金额（元）": int(sum(money)),
    }


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
        yield written(value), _effect(present, _totals_under(name, book, judgement, quarter, other))


def _other_values(name: str, switches: Switches) -> list[Any]:
    kind, present = Switches.model_fields[name].annotation, getattr(switches, name)
    admitted = get_args(kind) if get_origin(kind) is Literal else (True, False) if kind is bool else ()
    return [value for value in admitted if value != present]


def _totals_under(
    name: str, book: Book, judgement: Judgement, quarter: Quarter, other: Config
) -> dict[str, int] | None:
    """The totals under another configuration; None where the switch moves none."""
    if name in _COUNTING:
        return totals(judgement.rows, judgement.claims, quarter, other)
    if name not in _JUDGING or (name in _REGISTERS and book.rows[_REGISTERS[name]].empty):
        return None
    again = judge(book, other)
    return totals(again.rows, again.claims, quarter, other)


def _effect(present: Mapping[str, int], other: Mapping[str, int] | None) -> str:
    moved = [f"{label} {number}→{other[label]}" for label, number in present.items() if other and other[label] != number]
    return "；".join(moved) or "不影响合计"
