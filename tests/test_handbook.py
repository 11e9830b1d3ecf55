"""The rule handbook: nothing of the plan is missing, nothing in it is not so."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from openpyxl import load_workbook

from pipeline.handbook import handbook, write_handbook
from pipeline.report.handbook import handbook_workbook
from pipeline.rule_book import Article, rule_book
from pipeline.rules import DUTY_RULES, REGISTER_RULES, REPEAT_RULES, RULES
from tests.support.desk import CONFIG

ROOT = Path(__file__).parents[1]
ARTICLES = [one for chapter in rule_book() for one in chapter.rules]
ENGINE = (*REGISTER_RULES, *RULES, *REPEAT_RULES, *DUTY_RULES)
PARTS = {"T": range(1, 7), "D": range(1, 9), "N": range(14), "I": range(9), "F": range(1, 10), "G": range(1, 6)}
IDS = [
    *(f"{part}{number:02}" for part, numbers in PARTS.items() for number in numbers), *(f"R{number}" for number in range(1, 6)),
    "S01", "S03", "S04", "S05", "S06", "S07", "L01",
]
# Shown as figures and lists of the workbook, or seen by the folder alone: no row can be said to pass or fail.
WITHOUT_ROWS = {"T01", "T02", "T03", "T05", "T06", "F06", "R1"}


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def test_every_rule_is_in_the_book_once_and_in_order():
    assert [one.id for one in ARTICLES] == IDS


@pytest.mark.parametrize("one", ARTICLES, ids=lambda one: one.id)
def test_the_words_of_every_rule_stand_in_the_plan(one: Article):
    plan = squeezed((ROOT / "docs" / "计划原文.txt").read_text(encoding="utf-8"))
    assert squeezed(one.words) in plan


def test_the_book_and_the_engine_agree_on_rules_and_severities():
    book = {one.id: one.severity for one in ARTICLES}
    assert [(one.id, str(one.severity)) for one in ENGINE if str(one.severity) not in book.get(one.id, [])] == []


def test_every_switch_of_the_configuration_belongs_to_a_rule():
    named = {name for one in ARTICLES for name in one.switches}
    soon = {"register_soon_days"}  # when a list warns, no reading of the plan
    assert set(type(CONFIG.switches).model_fields) - soon == named


@pytest.mark.parametrize("one", [one for one in ARTICLES if one.severity != ["名单"] and one.id not in WITHOUT_ROWS],
                         ids=lambda one: one.id)
def test_every_rule_that_makes_a_finding_has_an_example_of_either_kind(one: Article):
    line = next(line for line in handbook(CONFIG) if line.id == one.id)
    assert line.passes
    assert line.fails


def test_the_workbook_has_every_rule_with_its_example_and_the_switchs_value():
    page = load_workbook(io.BytesIO(handbook_workbook(handbook(CONFIG), CONFIG))).active
    rows = {row[0]: row for row in page.iter_rows(min_row=4, values_only=True) if row[0] in IDS}
    assert list(rows) == IDS
    assert rows["F03"][7:9] == ("满6个月当天", "超过6个月一天（退回）")
    assert rows["T05"][6] == "count_introduced=true"


def test_the_page_of_text_says_the_same_and_both_are_written_once(tmp_path: Path):
    paths = write_handbook(CONFIG, tmp_path)
    contents = [path.read_bytes() for path in paths]
    text = contents[1].decode()
    assert all(f"### {name}" in text for name in IDS)
    assert [path.read_bytes() for path in write_handbook(CONFIG, tmp_path)] == contents
