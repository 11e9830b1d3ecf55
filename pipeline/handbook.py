"""`rules`: the rule book beside the engine's messages, the switches' values and the scenarios."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

from pipeline.config import Config
from pipeline.examples import Case, scenarios, told
from pipeline.files import write_if_changed
from pipeline.handbook_lines import HandbookLine
from pipeline.readings import written
from pipeline.report.handbook import handbook_workbook
from pipeline.report.handbook_page import handbook_markdown
from pipeline.rule_book import Article, rule_book
from pipeline.rules import DUTY_RULES, REGISTER_RULES, REPEAT_RULES, RULES

FIELD = re.compile(r"\{[^}]*\}")


def write_handbook(config: Config, outputs: Path) -> list[Path]:
    """The handbook as workbook and as Markdown page; gives their paths."""
    lines = handbook(config)
    return [write_if_changed(outputs / "规则手册.xlsx", handbook_workbook(lines, config)),
            write_if_changed(outputs / "规则手册.md", handbook_markdown(lines, config).encode())]


def handbook(config: Config) -> list[HandbookLine]:
    """Every rule of the book with what is said of it and its examples, in the plan's order."""
    cases, messages = scenarios(), _messages()
    return [_line(chapter.chapter, one, cases.get(one.example or one.id, []), messages.get(one.id, []), config)
            for chapter in rule_book() for one in chapter.rules]


def _line(
    chapter: str, one: Article, cases: Sequence[Case], messages: Sequence[str], config: Config
) -> HandbookLine:
    return HandbookLine(
        chapter=chapter, id=one.id, clause=one.clause, words=one.words, condition=one.condition,
        severity="、".join(one.severity), decision=one.decision,
        switches="；".join(f"{name}={written(getattr(config.switches, name))}" for name in one.switches),
        examples=tuple((case["says"] or "通过", told(case)) for case in sorted(cases, key=lambda case: bool(case["says"]))),
        messages=(*one.told, *messages),
    )


def _messages() -> Mapping[str, list[str]]:
    """Rule → what a unit is told, with … where the row's own values stand."""
    found: dict[str, list[str]] = defaultdict(list)
    for one in (*REGISTER_RULES, *RULES, *REPEAT_RULES, *DUTY_RULES):
        text = FIELD.sub("…", one.message)
        if text not in found[one.id]:
            found[one.id].append(text)
    return found
