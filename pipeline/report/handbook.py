"""规则手册: the rules as a workbook to check against the plan, and as a Markdown page."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import groupby

from xlsxwriter import Workbook

from pipeline.config import Config
from pipeline.handbook_lines import HandbookLine
from pipeline.report.ruled import TEXT_STAYS_TEXT, Page

_COLUMNS = (("编号", 7), ("条款", 16), ("计划原文", 34), ("怎样核对", 34), ("处理", 9), ("取舍", 28), ("开关（现值）", 24),
            ("通过的例子", 22), ("不通过的例子", 26), ("告诉填报单位的话", 44))
_LEFT = [2, 3, 5, 6, 7, 8, 9]
_PERIODS = (
    "以上、以下、以内、届满包括本数，不满、超过、以外不包括本数（民法典1259条）；期间开始的当天不算，月份按对应日到期，没有对应日的到月末，"
    "末日是法定休假日的顺延到次日（民法典201至203条）。",
    "申请表把证书级别称作“职称”，而附件3 二（五）说的是真正的职称；表2-1“已申请奖励”没有高级一格；正文与标题的附件号不一致：都照原样保留。",
    "本计划是征求意见稿，条文如有变化，改 config.yaml 即可。",
)


def handbook_workbook(lines: Sequence[HandbookLine], config: Config) -> bytes:
    """A sheet for all rules, filtered by chapter or rule; the same lines give the same bytes."""
    target = io.BytesIO()
    book = Workbook(target, {**TEXT_STAYS_TEXT, "in_memory": True})
    book.set_properties({"title": f"{config.plan_name} 规则手册", "company": config.office,
                         "created": datetime.combine(config.policies[0].valid_from, datetime.min.time())})
    page = Page(book, "规则手册")
    page.title(f"{config.plan_name}　规则手册", f"共 {len(lines)} 条", len(_COLUMNS) - 1)
    below = page.table(2, _COLUMNS, [_cells(line) for line in lines], _LEFT)
    page.filtered(2, below, len(_COLUMNS))
    for row, text in enumerate(_PERIODS, below + 1):
        page.sheet.merge_range(row, 0, row, len(_COLUMNS) - 1, text, page.words(text_wrap=True))
        page.sheet.set_row(row, 34)
    book.close()
    return target.getvalue()


def _cells(line: HandbookLine) -> list[str | int | float | None]:
    return [line.id, line.clause, line.words or None, line.condition, line.severity, line.decision or None,
            line.switches or None, line.passes or None, line.fails or None, "\n".join(line.messages) or None]


def handbook_markdown(lines: Sequence[HandbookLine], config: Config) -> str:
    """The same as a page of text, a heading for each chapter and rule."""
    return "\n".join([f"# {config.plan_name}　规则手册", "", *_paragraphs(lines), *(f"- {text}" for text in _PERIODS), ""])


def _paragraphs(lines: Sequence[HandbookLine]) -> Iterator[str]:
    for chapter, rules in groupby(lines, key=lambda line: line.chapter):
        yield from (f"## {chapter}", "")
        for line in rules:
            yield from (f"### {line.id}　{line.clause}", "")
            facts = (("原文", line.words), ("核对", line.condition), ("处理", line.severity), ("取舍", line.decision),
                     ("开关", line.switches), ("通过", line.passes), ("不通过", line.fails),
                     ("告知", "；".join(line.messages)))
            yield from (f"- {label}：{text}" for label, text in facts if text)
            yield ""
