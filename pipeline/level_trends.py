"""The trend of a level over all sectors, as page and mail draw it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from pipeline.calendar import Quarter
from pipeline.quarter_report import TrendPoint


@dataclass(frozen=True, slots=True)
class LevelPoint:
    """Target and actual of a level from the plan's start to a quarter's end."""

    quarter: Quarter
    target: int
    actual: int


@dataclass(frozen=True, slots=True)
class LevelTrend:
    """A level's points, quarter by quarter."""

    level: str
    points: tuple[LevelPoint, ...]


def level_trends(points: Sequence[TrendPoint], levels: Sequence[str]) -> list[LevelTrend]:
    """One trend for each level; none where the report has no trend."""
    return [LevelTrend(level, tuple(_points(points, level))) for level in levels] if points else []


def _points(points: Sequence[TrendPoint], level: str) -> list[LevelPoint]:
    quarters = groupby((one for one in points if one.level == level), key=lambda one: one.quarter)
    return [_summed(quarter, list(same)) for quarter, same in quarters]


def _summed(quarter: Quarter, points: list[TrendPoint]) -> LevelPoint:
    return LevelPoint(quarter, sum(one.target for one in points), sum(one.actual for one in points))
