"""What claims are judged beside: registers, the ledger's earlier decisions, the terms of their own day."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from pipeline.book import CERTIFICATE_AWARD, TALENT_AWARD, Book, origins
from pipeline.config import Config
from pipeline.ledger.claims import decided_states, first_application
from pipeline.rules.facts import add_award_terms, add_exclusions, add_register_facts, add_talent_terms
from pipeline.rules.other_facts import add_measure_terms, spare_from_the_bar

# Sheets that claims are held against; only their sound rows count.
REGISTERS = ("bar_list", "outside_awards", "supervisors", "leavers", "notices")


def add_claim_facts(
    live: Mapping[str, pd.DataFrame], sound: Mapping[str, pd.DataFrame], sectors: Mapping[str, str], book: Book,
    config: Config,
) -> None:
    """Add to the rows of the three sheets of claims every fact that their rules ask for."""
    awards, talents, others = live["certificate_awards"], live["talent_awards"], live["other_awards"]
    for rows, asked in ((awards, pd.Series(CERTIFICATE_AWARD, index=awards.index)),
                        (talents, pd.Series(TALENT_AWARD, index=talents.index)), (others, others["measure"])):
        add_exclusions(rows, asked, sound["bar_list"], sound["outside_awards"])
    for rows in (awards, talents):
        add_register_facts(rows, sound["certificates"], live["certificates"], sectors)
    add_award_terms(awards, _numbers(awards, book), first_application(book, book.claim_of), sound["notices"], config)
    add_talent_terms(talents, _approved_instalments(book), sound["certificates"], sound["leavers"], config)
    add_measure_terms(others, sound["certificates"], sound["supervisors"], sectors, config)
    spare_from_the_bar(others, config)


def _numbers(rows: pd.DataFrame, book: Book) -> pd.Series[str]:
    return pd.Series([book.claim_of.get(origin) for origin in origins(rows)], index=rows.index, dtype=object)


def _approved_instalments(book: Book) -> set[tuple[str, str]]:
    keys, states = book.keys, decided_states(book.verdicts)
    granted = {number for number, state in states.items() if state in ("待发放", "已发放")}
    return {(key.id_number, key.slot) for origin, key in keys.items()
            if key.award == TALENT_AWARD and book.claim_of[origin] in granted}
