"""规则手册.xlsx: the rules, their examples and messages, and the plan's sentences, to be checked against the plan."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime

from xlsxwriter import Workbook

from pipeline.config import Config
from pipeline.handbook_lines import HandbookLine
from pipeline.plan_text import headed_readings, passages
from pipeline.report.ruled import TEXT_STAYS_TEXT, Cell, Column, Page

NOT_CHECKED = "不涉及核对"

_RULES = (("部分", "month"), ("编号", "rule"), ("条款", "clause"), ("计划原文", "words"), ("怎样核对", "words"), ("处理", "state"),
          ("取舍与开关", "words"))
_EXAMPLES = (("编号", "rule"), ("结果", "level"), ("例子（没有写到的格子都填得正确）", "words"))
_MESSAGES = (("编号", "rule"), ("告诉填报单位的话（…处为所填内容）", "words"))
_SENTENCES = (("序号", "serial"), ("条款", "day"), ("计划原文", "words"), ("核对的规则", "switch"), ("说明", "note"))
_READINGS = (("序号", "serial"), ("事项", "switch"), ("怎样读", "words"))


def handbook_workbook(lines: Sequence[HandbookLine], config: Config) -> bytes:
    """Five sheets, each with filters; the same lines give the same bytes."""
    target = io.BytesIO()
    book = Workbook(target, {**TEXT_STAYS_TEXT, "in_memory": True})
    book.set_properties({"title": f"{config.plan_name} 规则手册", "company": config.office,
                         "created": datetime.combine(config.policies[0].valid_from, datetime.min.time())})
    _list(Page(book, "规则手册"), f"{config.plan_name}　规则手册", f"共 {len(lines)} 条", _RULES,
          [_rule(line) for line in lines])
    examples: list[list[Cell]] = [[line.id, *example] for line in lines for example in line.examples]
    _list(Page(book, "例子"), "规则的例子", f"共 {len(examples)} 个" if examples else "例子没有随程序安装", _EXAMPLES, examples)
    messages: list[list[Cell]] = [[line.id, text] for line in lines for text in line.messages]
    _list(Page(book, "告知"), "告诉填报单位的话", f"共 {len(messages)} 句", _MESSAGES, messages)
    sentences = _sentences()
    _list(Page(book, "原文对照"), f"{config.plan_name}　逐句对照", f"共 {len(sentences)} 句", _SENTENCES, sentences)
    readings: list[list[Cell]] = [[number, heading, text] for heading, texts in headed_readings()
                                  for number, text in enumerate(texts, 1)]
    _list(Page(book, "读法"), "计划怎样读", "条文如有变化，以正式文本为准", _READINGS, readings)
    book.close()
    return target.getvalue()


def _rule(line: HandbookLine) -> list[Cell]:
    switches = f"开关 {line.switches}" if line.switches else ""
    decision = "\n".join(filter(None, [line.decision, switches]))
    return [line.chapter, line.id, line.clause, line.words or None, line.condition, line.severity, decision or None]


def _sentences() -> list[list[Cell]]:
    return [[number, one.at, one.text, "、".join(one.rules) or NOT_CHECKED, one.note or None]
            for number, one in enumerate(passages(), 1)]


def _list(
    page: Page, title: str, below: str, columns: Sequence[Column], rows: Sequence[Sequence[Cell]]
) -> None:
    """A page of one list."""
    page.grid([kind for _, kind in columns])
    page.title(title, below)
    page.listing(columns, rows)
