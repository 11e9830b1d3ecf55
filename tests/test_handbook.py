"""The rule handbook: nothing of the plan is missing, nothing in it is not so."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import pytest
from openpyxl import load_workbook

import pipeline.rules
from pipeline.examples import told
from pipeline.handbook import handbook, write_handbook
from pipeline.idnumber import masked_text
from pipeline.plan_text import Passage, beginnings, passages
from pipeline.report.handbook import handbook_workbook
from pipeline.rule_book import Article, rule_book
from pipeline.rules import DUTY_RULES, REGISTER_RULES, REPEAT_RULES, RULES
from pipeline.rules.engine import Rule
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
    assert [one.id for one in ARTICLES] == IDS, "a new id goes into pipeline/rule_book.yaml and into PARTS or IDS of this test"


def test_every_rule_that_a_module_declares_is_asked():
    modules = [import_module(f"pipeline.rules.{one.name}") for one in iter_modules(pipeline.rules.__path__)]
    asked = set(map(id, ENGINE))
    forgotten = [one.holds.__name__ for module in modules for one in vars(module).values()
                 if isinstance(one, Rule) and id(one) not in asked]
    assert forgotten == [], "list them in RULES or REPEAT_RULES of their module"


@pytest.mark.parametrize("one", ARTICLES, ids=lambda one: one.id)
def test_the_words_of_every_rule_stand_in_the_plan(one: Article):
    plan = squeezed((ROOT / "docs" / "计划原文.txt").read_text(encoding="utf-8"))
    assert [part for part in one.words.split("…") if squeezed(part) not in plan] == []


def test_the_book_and_the_engine_agree_on_rules_and_severities():
    book = {one.id: one.severity for one in ARTICLES}
    unknown = [(one.id, str(one.severity)) for one in ENGINE if str(one.severity) not in book.get(one.id, [])]
    assert unknown == [], "give them a line, or their severity, in pipeline/rule_book.yaml"


def test_every_switch_of_the_configuration_belongs_to_a_rule():
    named = {name for one in ARTICLES for name in one.switches}
    soon = {"register_soon_days"}  # when a list warns, no reading of the plan
    assert set(type(CONFIG.switches).model_fields) - soon == named


@pytest.mark.parametrize("one", [one for one in ARTICLES if one.severity != ["名单"] and one.id not in WITHOUT_ROWS],
                         ids=lambda one: one.id)
def test_every_rule_that_makes_a_finding_has_an_example_of_either_kind(one: Article):
    outcomes = {outcome for line in handbook(CONFIG) if line.id == one.id for outcome, _ in line.examples}
    assert "通过" in outcomes, f"write a scenario of {one.id} that passes into tests/cases/rules.yaml"
    assert outcomes - {"通过"}, f"write a scenario of {one.id} that does not pass into tests/cases/rules.yaml"
    assert outcomes <= {"通过", *one.severity}, f"scenarios of {one.id} say what its line in pipeline/rule_book.yaml does not"


@pytest.mark.parametrize(("case", "sentence"), [
    ({"case": "超过一天", "sheet": "certificate_awards", "change": {"collected_on": "2020-02-19", "signed": 0}},
     "超过一天：“证书奖励申请”领取日期 2020-02-19，声明签字 否"),
    ({"case": "没有登记", "sheet": "certificate_awards", "change": {}, "register": None}, "没有登记：“持证人员”中没有"),
    ({"case": "另一口径", "sheet": "certificate_awards", "change": {}, "switches": {"gov_eligible": False}},
     "另一口径：开关 gov_eligible=false"),
    ({"case": "末位写错", "cell": {"身份证号码": "330503198501010011"}}, "末位写错：身份证号码 330503********0011"),
    ({"case": "又报", "papers": [{"unit": "练市镇", "month": "2020-07", "awards": [{"serial": 1, "amount": 1.0}]},
                               {"unit": "双林镇", "month": "2020-08", "awards": [{"serial": 1}]}]},
     "又报：练市镇2020-07 “证书奖励申请”第1人，申请金额 1 → 双林镇2020-08 “证书奖励申请”第1人"),
])
def test_an_example_says_in_words_what_stands_in_the_rows(case: dict, sentence: str):
    assert told(case) == sentence


def test_a_scenario_that_the_handbook_has_no_words_for_is_not_left_half_told():
    with pytest.raises(KeyError):
        told({"case": "某事", "weather": "雨"})


def test_every_word_of_the_plan_stands_in_the_comparison_once_and_in_order():
    plan = (ROOT / "docs" / "计划原文.txt").read_text(encoding="utf-8").replace("[bookmark: _GoBack]", "")
    assert squeezed("".join(one.text for one in passages())) == squeezed(plan)


@pytest.mark.parametrize("one", passages(), ids=lambda one: one.text[:12])
def test_every_sentence_of_the_plan_has_its_rules_or_the_reason_why_there_is_nothing_to_check(one: Passage):
    assert one.rules or one.note
    assert set(one.rules) <= set(IDS)
    sentences = [part for part in re.split("[。；](?!）?$)", one.text) if part]
    assert len(sentences) == 1 or one.at.startswith("表") or not one.rules, "one sentence at a time"


@pytest.mark.parametrize("article", [one for one in ARTICLES if one.words], ids=lambda one: one.id)
def test_every_rule_is_named_beside_the_sentences_that_it_quotes(article: Article):
    own = squeezed("".join(one.text for one in passages() if article.id in one.rules))
    missing = [part for part in article.words.split("…") if squeezed(part) not in own]
    assert missing == [], f"name {article.id} in pipeline/plan_text.yaml beside these words"


def test_a_sentence_that_is_not_in_the_plan_or_out_of_order_is_refused():
    with pytest.raises(ValueError, match="丙"):
        list(beginnings("甲乙", ["甲", "丙"]))
    with pytest.raises(ValueError, match="乙"):
        list(beginnings("甲乙", ["乙", "甲"]))


def test_the_workbook_has_every_rule_with_its_examples_its_messages_and_the_switchs_value():
    book = load_workbook(io.BytesIO(handbook_workbook(handbook(CONFIG), CONFIG)))
    assert book.sheetnames == ["规则手册", "例子", "告知", "原文对照", "读法"]
    rows = {row[1]: row for row in book["规则手册"].iter_rows(min_row=4, values_only=True)}
    assert list(rows) == IDS
    assert rows["T05"][6] == "引进人员计入\n开关 count_introduced=true"
    examples = list(book["例子"].iter_rows(min_row=4, values_only=True))
    assert ("F03", "退回", "超过6个月一天：“证书奖励申请”领取日期 2020-02-19，填报日期 2020-08-20") in examples
    assert ("N01", "…：必填项没有填；请补填") in list(book["告知"].iter_rows(min_row=4, values_only=True))


def test_the_row_of_every_sheet_can_be_shown_whole():
    book = load_workbook(io.BytesIO(handbook_workbook(handbook(CONFIG), CONFIG)))
    assert max(size.height or 0 for page in book for size in page.row_dimensions.values()) < 409


def test_the_page_of_text_says_the_same_and_both_are_written_once(tmp_path: Path):
    paths = write_handbook(CONFIG, tmp_path)
    contents = [path.read_bytes() for path in paths]
    text = contents[1].decode()
    assert all(f"### {name}" in text for name in IDS)
    assert "- 退回：超过6个月一天：“证书奖励申请”领取日期 2020-02-19，填报日期 2020-08-20" in text
    assert f"| {'、'.join(passages()[2].rules)} |" in text
    assert [path.read_bytes() for path in write_handbook(CONFIG, tmp_path)] == contents


def test_no_full_id_number_stands_in_the_handbook(tmp_path: Path):
    _, page = write_handbook(CONFIG, tmp_path)
    text = page.read_text(encoding="utf-8")
    assert masked_text(text) == text


def test_without_the_scenarios_the_handbook_says_so():
    bare = [replace(line, examples=()) for line in handbook(CONFIG)]
    book = load_workbook(io.BytesIO(handbook_workbook(bare, CONFIG)))
    assert book["例子"]["A2"].value == "例子没有随程序安装"
