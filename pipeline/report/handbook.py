"""规则手册.xlsx: the rules, their examples and messages, and the plan's sentences, to be checked against the plan."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime

from xlsxwriter import Workbook

from pipeline.config import Config
from pipeline.handbook_lines import HandbookLine
from pipeline.plan_text import headed_readings, passages
from pipeline.report.ruled import TEXT_STAYS_TEXT, Cell, Page

NOT_CHECKED = "不涉及核对"

_RULES = (("部分", 10), ("编号", 7), ("条款", 16), ("计划原文", 42), ("怎样核对", 36), ("处理", 11), ("取舍与开关", 34))
_EXAMPLES = (("编号", 8), ("结果", 8), ("例子（没有写到的格子都填得正确）", 136))
_MESSAGES = (("编号", 8), ("告诉填报单位的话（…处为所填内容）", 144))
_SENTENCES = (("序号", 6), ("条款", 11), ("计划原文", 82), ("核对的规则", 30), ("说明", 24))
_READINGS = (("序号", 6), ("事项", 20), ("怎样读", 126))


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
    page: Page, title: str, below: str, columns: Sequence[tuple[str, float]], rows: Sequence[Sequence[Cell]]
) -> None:
    """A page of one list; wide columns hold text."""
    page.title(title, below, len(columns) - 1)
    bottom = page.table(2, columns, rows, [at for at, (_, width) in enumerate(columns) if width > 20])
    page.filtered(2, bottom, len(columns))
