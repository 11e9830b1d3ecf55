"""Why a figure is another than in the report before."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Thing:
    """One of the things that a figure counts, with the row that speaks for it; `weight` is what it adds."""

    who: str  # masked
    weight: int
    submission: int
    sheet: str
    row: int
    day: str


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One thing that came into a figure or went out of it; `difference` is what it adds or takes away."""

    figure: str
    before: int
    after: int
    kind: str  # 新增, 更正, 撤回, 退回, 改归, 时点, 退出
    difference: int
    who: str
    unit: str
    month: str
    file: str
    sheet: str
    row: int


@dataclass(frozen=True, slots=True)
class Changes:
    """All that changed since an earlier report, and which one that was."""

    since: str
    lines: list[ChangeLine] = field(default_factory=list)
