"""规则手册.md: the handbook as a page of text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from pipeline.config import Config
from pipeline.handbook_lines import HandbookLine
from pipeline.plan_text import headed_readings, passages
from pipeline.report.handbook import NOT_CHECKED


def handbook_markdown(lines: Sequence[HandbookLine], config: Config) -> str:
    """A heading for each chapter and rule, then the plan sentence by sentence, then how it is read."""
    parts = [f"# {config.plan_name}　规则手册", "", *_rules(lines), *_sentences()]
    for heading, texts in headed_readings():
        parts += [f"## {heading}", "", *(f"- {text}" for text in texts), ""]
    return "\n".join(parts)


def _rules(lines: Sequence[HandbookLine]) -> Iterator[str]:
    for chapter, rules in groupby(lines, key=lambda line: line.chapter):
        yield from (f"## {chapter}", "")
        for line in rules:
            yield from (f"### {line.id}　{line.clause}", "")
            facts = (("原文", line.words), ("核对", line.condition), ("处理", line.severity), ("取舍", line.decision),
                     ("开关", line.switches))
            yield from (f"- {label}：{text}" for label, text in facts if text)
            yield from (f"- {outcome}：{text}" for outcome, text in line.examples)
            yield from (f"- 告知：{text}" for text in line.messages)
            yield ""


def _sentences() -> Iterator[str]:
    yield from ("## 原文对照", "", "| 条款 | 计划原文 | 核对的规则 | 说明 |", "|---|---|---|---|")
    yield from (f"| {one.at} | {one.text} | {'、'.join(one.rules) or NOT_CHECKED} | {one.note} |" for one in passages())
    yield ""
