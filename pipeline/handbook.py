"""`rules`: the rule book beside the engine's messages, the switches' values and the scenarios."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from pipeline.config import Config
from pipeline.files import write_if_changed
from pipeline.handbook_lines import HandbookLine
from pipeline.readings import written
from pipeline.report.handbook import handbook_markdown, handbook_workbook
from pipeline.rule_book import Article, rule_book
from pipeline.rules import DUTY_RULES, REGISTER_RULES, REPEAT_RULES, RULES

_CASES = Path(__file__).parents[1] / "tests" / "cases"
_FIELD = re.compile(r"\{[^}]*\}")


def write_handbook(config: Config, outputs: Path) -> list[Path]:
    """The handbook as workbook and as Markdown page; gives their paths."""
    lines = handbook(config)
    return [write_if_changed(outputs / "规则手册.xlsx", handbook_workbook(lines, config)),
            write_if_changed(outputs / "规则手册.md", handbook_markdown(lines, config).encode())]


def handbook(config: Config) -> list[HandbookLine]:
    """Every rule of the book with what is said of it and an example of either kind, in the plan's order."""
    scenarios, messages = _scenarios(), _messages()
    return [_line(chapter.chapter, one, scenarios, messages, config) for chapter in rule_book() for one in chapter.rules]


def _line(
    chapter: str, one: Article, scenarios: Mapping[str, list[dict[str, Any]]], messages: Mapping[str, list[str]],
    config: Config,
) -> HandbookLine:
    cases = scenarios.get(one.example or one.id, [])
    return HandbookLine(
        chapter=chapter, id=one.id, clause=one.clause, words=one.words, condition=one.condition,
        severity="、".join(one.severity), decision=one.decision,
        switches="；".join(f"{name}={written(getattr(config.switches, name))}" for name in one.switches),
        passes=next((case["case"] for case in cases if not case["says"]), ""),
        fails=next((f"{case['case']}（{case['says']}）" for case in cases if case["says"]), ""),
        messages=tuple(messages.get(one.id, ())),
    )


def _scenarios() -> dict[str, list[dict[str, Any]]]:
    """Rule → its scenarios, from every file of cases; nothing where the tests were not installed."""
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for path in sorted(_CASES.glob("*.yaml")):
        for rule, cases in YAML(typ="safe").load(path.read_text(encoding="utf-8")).items():
            found[rule] += cases
    return found


def _messages() -> dict[str, list[str]]:
    """Rule → what a unit is told, with … where the row's own values stand."""
    told: dict[str, list[str]] = defaultdict(list)
    for one in (*REGISTER_RULES, *RULES, *REPEAT_RULES, *DUTY_RULES):
        text = _FIELD.sub("…", one.message)
        if text not in told[one.id]:
            told[one.id].append(text)
    return told
