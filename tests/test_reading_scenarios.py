"""The scenarios of tests/cases/reading.yaml on real workbooks, those of repetition.yaml at the desk."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from pipeline.findings import Finding
from pipeline.inbox import Inbox, noticed
from pipeline.rule_book import rule_book
from tests.support import desk as rows
from tests.support.desk import Desk
from tests.support.papers import AWARD, COVER, HOLDER, award, holder, look_at, paper

FOLDER = Path(__file__).with_name("cases")
READING, REPETITION = (YAML(typ="safe").load(FOLDER / f"{name}.yaml") for name in ("reading", "repetition"))


def scenarios(cases: dict[str, Any]) -> list[Any]:
    return [pytest.param(rule, case, id=f"{rule} {case['case']}") for rule, its in cases.items() for case in its]


@pytest.mark.parametrize("cases", [READING, REPETITION], ids=["reading", "repetition"])
def test_every_rule_has_a_scenario_that_passes_and_one_that_does_not(cases: dict[str, Any]):
    assert [rule for rule, its in cases.items() if {bool(case["says"]) for case in its} != {True, False}] == []


@pytest.mark.parametrize(("rule", "case"), scenarios(READING))
def test_what_is_written_gets_what_the_scenario_expects(rule: str, case: dict[str, Any]):
    severities = [str(one.severity) for one in _read(case) if one.rule == rule]
    assert severities == ([case["says"]] if case["says"] else [])


def _read(case: dict[str, Any]) -> list[Finding]:
    if "award" in case:
        sheets = {"证书奖励申请": [AWARD, award(**case["award"])]}
    else:
        extra = [case["column"]] if "column" in case else []
        sheets = {"持证人员": [HOLDER + extra, holder(**case.get("cell", {})) + ["甲"] * len(extra)]}
    return look_at(paper(sheets, COVER | case.get("cover", {}))).findings


@pytest.mark.parametrize(("rule", "case"), scenarios(REPETITION))
def test_papers_one_after_another_get_what_the_scenario_expects(rule: str, case: dict[str, Any]):
    severities = [severity for found, severity in _received(case).rules() if found == rule]
    assert severities == ([case["says"]] if case["says"] else [])


def _received(case: dict[str, Any]) -> Desk:
    desk = Desk()
    for sent in case["papers"]:
        sheets = {kind: [made(dict(row)) for row in sent[name]] for name, (kind, made) in _MAKERS.items() if name in sent}
        desk.receive(sent["unit"], sent["month"], sheets, today="2020-09-05", filled_on=sent.get("filled_on"))
    return desk


def test_units_are_told_what_the_rule_book_says_that_they_are_told():
    found = [one for its in READING.values() for case in its for one in _read(case)]
    found += [one for its in REPETITION.values() for case in its for one in _received(case).judgement.findings]
    twice = noticed(Inbox([], set(), 2, [("乙.xlsx", "甲.xlsx")], [], []), Desk().receive("练市镇", "2020-08", {}).book)
    found += [line.finding for line in twice]
    promised = [(one.id, text) for chapter in rule_book() for one in chapter.rules for text in one.told]
    assert [(rule, text) for rule, text in promised if not any(
        one.rule == rule and re.fullmatch(re.escape(text).replace("…", ".*"), one.message) for one in found)] == []


def _person(row: dict[str, Any]) -> dict[str, Any]:
    birth = row.pop("birth", None)
    return {"id_number": rows.id_number(row["serial"], birth)} if birth else {}


_MAKERS = {
    "certificates": ("certificates", lambda row: rows.holder(**{**_person(row), **row})),
    "candidates": ("candidates", lambda row: rows.candidate(**row)),
    "awards": ("certificate_awards", lambda row: rows.award(**row)),
    "others": ("other_awards", lambda row: rows.other(row.pop("measure"), **row)),
    "decisions": ("decisions", lambda row: rows.decision(row.pop("claim"), row.pop("stage"), **row)),
}
