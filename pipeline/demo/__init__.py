"""A fictional district's three years: what its units hand in, messy on purpose, and what must be found in it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from pipeline.config import Config
from pipeline.demo.months import plan
from pipeline.demo.truth import Truth, truth_of
from pipeline.demo.writers import content_of

__all__ = ["Arrival", "Truth", "arrivals", "truth"]


@dataclass(frozen=True)
class Arrival:
    """What is dropped into inputs/ on one day: path relative to inputs/ → content."""

    day: date
    files: dict[str, bytes]


def arrivals(config: Config) -> list[Arrival]:
    """Every day's files, in the order of the days; the same configuration gives the same bytes."""
    planned = plan(config)
    files: dict[date, dict[str, bytes]] = defaultdict(dict)
    for printed in planned.filed:
        files[printed.filed.arrives][printed.filed.path] = content_of(printed)
    for day, path, original in planned.copies:
        files[day][path] = files[original.arrives][original.path]
    return [Arrival(day, files[day]) for day in sorted(files)]


def truth(config: Config) -> Truth:
    """What the job must find after the last day's files, asked for any quarter."""
    return truth_of(plan(config), config)
