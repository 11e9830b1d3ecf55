"""What the progress page shows only when it is asked for: lists of persons, establishments, findings and claims.

Every text stands once in `words`; a row is its cells' places in it, so that a hundred thousand rows stay small.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from pipeline.claim_report import Claim
from pipeline.finding_groups import grouped
from pipeline.findings import Severity
from pipeline.idnumber import mask, masked_text
from pipeline.plain_text import harmless
from pipeline.plan_figures import BLANK
from pipeline.quarter_report import DemandLine, QuarterReport, SourceLine

MOST_ROWS = 100_000  # of one list: more make a page that an office computer opens slowly
_PLACE = ("填报单位", "月份", "文件", "工作表", "行")
_PERSON = ("培育范围", "级别", "年度", "姓名", "身份证号码", "工作单位", "取得方式", "日期", *_PLACE)
_DEMAND = ("培育范围", "单位名称", "单位类型", "从业人员数", "应配置人数", *_PLACE)
_FINDING = ("处理", "填报单位", "月份", "文件", "工作表", "单元格", "规则", "说明")
_CLAIM = ("编号", "奖励", "级别或事项", "姓名", "身份证号码", "金额（元）", "状态", "填报单位", "月份")


def page_data(report: QuarterReport) -> dict[str, Any]:
    """`words`, and for each list its `columns`, its `rows` as places in `words`, and how many rows are `left` out."""
    words: dict[str, int] = {}
    weighty = [line for line in report.findings if line.finding.severity is not Severity.NOTE]
    lists = {
        "sources": _list(words, _PERSON, map(_person, report.sources)),
        "existing": _list(words, _PERSON, map(_person, report.existing)),
        "demand": _list(words, _DEMAND, map(_establishment, report.demand)),
        "findings": _list(words, _FINDING, (
            (one.severity, one.unit, one.month, one.file, one.sheet, "、".join(one.cells), one.rule, one.message)
            for one in grouped(weighty))),
        "claims": _list(words, _CLAIM, map(_claim, report.claims)),
    }
    return {"words": list(words), "lists": lists}


def _list(words: dict[str, int], columns: tuple[str, ...], lines: Iterable[tuple[object, ...]]) -> dict[str, Any]:
    rows = [[words.setdefault(_shown(cell), len(words)) for cell in line] for line in lines]
    whole = len(rows) <= MOST_ROWS  # part of a list would be a wrong answer
    return {"columns": columns, "rows": rows if whole else [], "left": 0 if whole else len(rows)}


@lru_cache(maxsize=1 << 18, typed=True)
def _shown(cell: object) -> str:
    return harmless(masked_text(str(cell))) if cell not in (None, "") else BLANK


def _person(one: SourceLine) -> tuple[object, ...]:
    return (one.sector, one.level, one.year, one.name, one.id_number, one.employer, one.route, one.day, *_place(one))


def _establishment(one: DemandLine) -> tuple[object, ...]:
    return (one.sector, one.establishment, one.kind, one.headcount, one.required, *_place(one))


def _place(one: SourceLine | DemandLine) -> tuple[object, ...]:
    return one.unit, one.month, one.file, one.sheet, one.row


def _claim(one: Claim) -> tuple[object, ...]:
    amount = None if one.amount is None else f"{one.amount:,.15g}"
    return (one.number, one.award, one.item, one.name, one.id_number and mask(one.id_number), amount, one.state, one.unit, one.month)
