"""Damaged workbooks of every format: none stops the reading, and nothing is lost without a word."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from ruamel.yaml import YAML

from benchmarks.fuzz import REFUSED, REWRITTEN, TOLD, WHOLE, outcome, outcomes
from benchmarks.mutations import SEEDS, Mutant, mutant, mutant_of
from pipeline.intake import read
from tests.support.desk import CONFIG, ROOT
from tests.support.papers import TODAY, look_at

KEPT = YAML(typ="safe").load(ROOT / "tests" / "intake" / "fuzz.yaml")
NUMBERS = range(600)


def wrong(mutants: Sequence[Mutant]) -> list[tuple[str, str, int, str]]:
    return [(one.seed, one.damage, one.number, ending) for one, ending in outcomes(mutants, CONFIG)
            if ending not in (REFUSED, TOLD, WHOLE, REWRITTEN)]


@pytest.mark.parametrize("seed", sorted(path.name for path in SEEDS.iterdir()))
def test_every_seed_is_read_without_a_finding(seed: str):
    reading = look_at((SEEDS / seed).read_bytes(), seed)
    assert [len(table.rows) for table in reading.tables] == ([8] if seed.endswith(".csv") else [8, 4, 3])
    assert (reading.findings, reading.changes) == ([], [])


def test_hundreds_of_damaged_workbooks_are_returned_told_of_or_whole():
    assert wrong([mutant_of(number) for number in NUMBERS]) == []


def test_what_once_went_wrong_never_does_again():
    assert wrong([mutant(case["seed"], case["damage"], case["number"]) for case in KEPT]) == []


def test_a_number_always_does_the_same_damage():
    assert mutant_of(405) == mutant("sound.xlsm", "part_changed", 405) == mutant_of(405)
    assert len({mutant_of(number).content for number in NUMBERS}) > len(NUMBERS) * 0.9


def test_rows_that_are_gone_without_a_word_are_noticed():
    whole = read((SEEDS / "sound.xlsx").read_bytes(), "sound.xlsx", TODAY, CONFIG)
    lost = replace(whole, tables=whole.tables[1:])
    one = mutant("sound.xlsx", "part_changed", 1)
    assert outcome(replace(one, in_text=True), lost, whole) == "lost in silence"
    assert outcome(replace(one, in_text=False), lost, whole) == "changed in silence"
    assert outcome(one, whole, whole) == WHOLE
