"""What a letter says to a town or department of its own: its figures, its returned rows, its claims.

Claims are told by their numbers alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.claim_report import Claim
from pipeline.config import Config
from pipeline.finding_groups import grouped
from pipeline.findings import Severity
from pipeline.plain_text import harmless
from pipeline.plan_figures import BLANK
from pipeline.quarter_report import QuarterReport, UnitLine

_MOST = 10  # lines of a list in a letter; the rest stands in receipts and reviews
_CELLS = 4
_LONGEST = 240  # characters of a message; a cell that it quotes may hold a novel


@dataclass(frozen=True, slots=True)
class Listed:
    """A list's heading, its columns, its first lines, and where the rest stands ("" where all are shown)."""

    heading: str
    columns: tuple[str, ...]
    lines: list[tuple[str, ...]]
    rest: str


@dataclass(frozen=True, slots=True)
class OwnSection:
    """One unit's part of its letter; `short` is for the preview of the mailbox."""

    unit: str
    sentences: list[str]
    lists: list[Listed]
    short: str


def own_section(report: QuarterReport, config: Config, unit: str) -> OwnSection | None:
    """The part for a unit of 附件1; None for whom the report has no line."""
    line = next((one for one in report.units if one.unit == unit), None)
    if line is None:
        return None
    returned = _returned(report, unit)
    own = [claim for claim in report.claims if claim.unit == unit and claim.awaits]
    asked = [claim for claim in report.claims if claim.body(config.first_review_unit, config.office_unit) == unit]
    lists = [
        _listed(f"退回待改{len(returned)}项", ("月份、工作表", "单元格", "说明"), returned, "见发回的回执"),
        _listed(f"本单位报来、正在办理的申请{len(own)}件", _CLAIM, _claims(own), "见申请办理情况表"),
        _listed(f"等待本单位办理的申请{len(asked)}件", _CLAIM, _claims(asked), "见待办审核表"),
    ]
    return OwnSection(unit, [_figures(line), *_months(report, unit)], [one for one in lists if one.lines],
                      _short(unit, len(returned), len(asked)))


_CLAIM = ("编号", "奖励", "申请金额", "所处环节")


def _returned(report: QuarterReport, unit: str) -> list[tuple[str, ...]]:
    lines = [line for line in report.findings if line.unit == unit and line.finding.severity is Severity.RETURNED]
    return [(harmless(f"{one.month or BLANK} {one.sheet}"), _cells(one.cells), _cut(harmless(one.message))) for one in grouped(lines)]


def _cut(message: str) -> str:
    return message if len(message) <= _LONGEST else f"{message[:_LONGEST]}…"


def _cells(cells: Sequence[str]) -> str:
    return "、".join(cells[:_CELLS]) + (f"等{len(cells)}处" if len(cells) > _CELLS else "") or BLANK


def _claims(claims: Sequence[Claim]) -> list[tuple[str, ...]]:
    return [(claim.number, f"{claim.award}{claim.item and f'（{harmless(claim.item)}）'}",
             BLANK if claim.amount is None else f"{claim.amount:,.15g}元", f"{claim.state}{_waits(claim)}") for claim in claims]


def _waits(claim: Claim) -> str:
    return f"（{claim.waits_for}）" if claim.waits_for else ""


def _listed(heading: str, columns: tuple[str, ...], lines: list[tuple[str, ...]], place: str) -> Listed:
    left = len(lines) - _MOST
    return Listed(heading, columns, lines[:_MOST], f"其余{left}条{place}。" if left > 0 else "")


def _figures(line: UnitLine) -> str:
    counted = "、".join(f"{level}{number}名" for level, number in line.counted.items())
    claims = f"有效奖励申请{line.claims}件、{line.claimed_amount:,.15g}元" if line.claims else "没有有效的奖励申请"
    return f"{line.unit}报来并计入计划的{counted}；{claims}。"


def _months(report: QuarterReport, unit: str) -> list[str]:
    said = "、".join(f"{due.month.month}月{due.state}" for due in report.returns if due.unit == unit)
    return [f"本季度月报：{said}。"] if said else []


def _short(unit: str, returned: int, asked: int) -> str:
    parts = [f"退回待改{returned}项" if returned else "", f"待办申请{asked}件" if asked else ""]
    return f"{unit}{'、'.join(filter(None, parts))}。" if any(parts) else ""
