"""The diary brought to an end: late and missing returns, decisions, claim numbers, and the order of arrival."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import PurePosixPath
from random import Random

from pipeline.calendar import Month
from pipeline.config import Config
from pipeline.demo import disputes, mishaps, slips, talents, trimmings
from pipeline.demo.cast import Cast
from pipeline.demo.diary import Application, Diary
from pipeline.demo.layout import lay_out
from pipeline.demo.pages import Printed
from pipeline.demo.paper import SLOTS, ClaimKey, Return, Row
from pipeline.demo.rows import decision_row
from pipeline.demo.story import Story

_SEED = 20190101
_LATE, _MISSING = 0.05, 0.02


@dataclass(frozen=True)
class Plan:
    """Every file in the order of arrival, the numbers of the claims, and the copies (day, path, of what)."""

    filed: list[Printed]
    numbers: dict[ClaimKey, str]
    copies: list[tuple[date, str, Return]]


def plan(config: Config) -> Plan:
    """The three years, from the first day to the last file."""
    diary = Diary(config, Random(_SEED))
    story = Story(diary)
    story.tell()
    for episodes in (slips, disputes, talents, mishaps, trimmings):
        episodes.happen(Cast(story))
    _let_some_be_late(diary)
    _declare_nil(diary)
    _decide(diary)
    filed = _in_order(diary.all(), config)
    numbers = _numbered(filed, config)
    for one in filed:
        one.sheets = {kind: [_with_number(row, numbers) for row in rows] for kind, rows in one.sheets.items()}
    return Plan([lay_out(one, config) for one in filed], numbers, diary.copies)


def _let_some_be_late(diary: Diary) -> None:
    for key, one in list(diary.returns.items()):
        chance = diary.random.random()
        if key in diary.fixed:
            continue
        if chance < _MISSING and not one.sheets:
            del diary.returns[key]
        elif chance < _LATE:
            one.arrives = next(day for day in diary.days if day > one.arrives)
            one.filled_on = one.arrives - timedelta(days=2)


def _declare_nil(diary: Diary) -> None:
    for one in diary.returns.values():
        one.nil = not one.sheets


def _decide(diary: Diary) -> None:
    """The deciding bodies' workbooks: a first review one due day after the claim, the rest one due day later."""
    files: dict[tuple[str, date], list[Row]] = defaultdict(list)
    for application in diary.applications:
        for unit, day, row in _decisions(application, diary):
            files[unit, day].append(row)
    for (unit, day), rows in files.items():
        diary.file(unit, str(Month.of(day).previous), day, {"decisions": rows})


def _decisions(application: Application, diary: Diary) -> Iterator[tuple[str, date, Row]]:
    row, unit = application.row, application.filed.unit
    claim = row.claim(application.kind, unit)
    payer = unit if application.kind == "certificate_awards" else str(row.values["regulator"])
    day, since = application.filed.arrives, application.filed.arrives
    for stage in application.stages:
        if stage != "发放":
            since, next_day = day, diary.next_due_day(day)
            if next_day is None:
                return
            day = next_day
        opinion = "不核准" if application.refused and stage == application.stages[-1] else "核准"
        amount = row.values["amount"] if stage == "发放" else None
        decided_on = since + timedelta(days=12 if stage == "发放" else 8)
        yield diary.config.first_review_unit if stage == "初审" else payer, day, decision_row(
            claim, stage, opinion, decided_on, amount)


def _in_order(filed: list[Return], config: Config) -> list[Return]:
    """The order of arrival: day, then month, unit, 填报日期 (a .csv has none), file name without its extension."""
    def place(one: Return) -> tuple[object, ...]:
        path = PurePosixPath(unicodedata.normalize("NFC", one.path))
        dated = one.filled_on if path.suffix != ".csv" else date.max
        return one.arrives, str(one.month), config.unit_order[one.unit], dated, path.stem
    return sorted(filed, key=place)


def _numbered(filed: list[Return], config: Config) -> dict[ClaimKey, str]:
    """The number of every claim: the district's prefix, the year of the month, a serial in the order of arrival."""
    numbers: dict[ClaimKey, str] = {}
    last: dict[int, int] = defaultdict(int)
    for one, kind, row in _claim_rows(filed):
        key = row.claim(kind, one.unit)
        if key and key not in numbers:
            last[one.month.year] += 1
            numbers[key] = f"{config.claim_prefix}-{one.month.year}-{last[one.month.year]:04d}"
    return numbers


def _claim_rows(filed: list[Return]) -> Iterator[tuple[Return, str, Row]]:
    """Every row that applies for something, as it arrives."""
    for one in filed:
        for kind in one.sheets:
            if kind in SLOTS and not one.refused:
                yield from ((one, kind, row) for row in one.sheets[kind])


def _with_number(row: Row, numbers: dict[ClaimKey, str]) -> Row:
    key = row.values.get("claim")
    return row.but(claim=numbers[key]) if isinstance(key, ClaimKey) else row
