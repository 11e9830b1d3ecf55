"""Every difference between the figures of two reports, explained thing by thing (变动说明)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from pipeline.book import ORIGIN, Book, records
from pipeline.calendar import Quarter
from pipeline.change_lines import ChangeLine, Changes, Thing
from pipeline.config import Config
from pipeline.idnumber import mask
from pipeline.quarter_rows import sound
from pipeline.rollup import COUNTED, OUTSIDE, ReconciliationError, holders_at, place_certificates, place_establishments

# What is told of a thing; a month's rows have three times as many columns.
_OF_A_PERSON = (*ORIGIN, "table_sector", "level", "effective_on", "id_number", "name")
_OF_AN_ESTABLISHMENT = (*ORIGIN, "table_sector", "establishment", "establishment_key", "required", "surveyed_on")
Figures = Mapping[str, Mapping[str, Thing]]


@dataclass(frozen=True)
class Basis:
    """What a report was made of: the ledger's rows as judged then, and the quarter."""

    book: Book
    rows: Mapping[str, pd.DataFrame]
    quarter: Quarter


def changes_between(before: Basis, after: Basis, since: str, config: Config) -> Changes:
    """The lines for every figure that differs; raises ReconciliationError where they do not add up to the difference."""
    earlier, later = figures_of(before, config), figures_of(after, config)
    lines: list[ChangeLine] = []
    for figure in dict.fromkeys([*earlier, *later]):
        lines += _differences(figure, earlier, later, before, after)
    return Changes(since, lines)


def figures_of(basis: Basis, config: Config) -> Figures:
    """Figure → the things that it counts, for the table's cells, what stands below it, 现有数量 and 总体需求数量."""
    placed = place_certificates(basis.rows["certificates"], basis.quarter, config)
    surveys = place_establishments(basis.rows["establishments"], basis.quarter, config)
    figures: dict[str, dict[str, Thing]] = {}
    for row in records(placed[placed["status"] == COUNTED], *_OF_A_PERSON):
        figure = f"{row['table_sector']} {row['level']} {row['effective_on'][:4]}年"
        figures.setdefault(figure, {})[f"{row['id_number']} {row['level']}"] = _person(row)
    for row in records(placed[(placed["status"] == OUTSIDE) & placed["place"].isin(["level", "sector"])], *_OF_A_PERSON, "place"):
        figure = f"合计之外 {row['level'] if row['place'] == 'level' else config.other_sector}"
        figures.setdefault(figure, {})[f"{row['id_number']} {row['level']}"] = _person(row)
    for row in records(holders_at(placed, sound(basis.rows["leavers"]), basis.quarter), *_OF_A_PERSON):
        figures.setdefault(f"{row['table_sector']} 现有数量", {})[row["id_number"]] = _person(row)
    for row in records(surveys[surveys["status"] == COUNTED], *_OF_AN_ESTABLISHMENT):
        figures.setdefault(f"{row['table_sector']} 总体需求数量", {})[row["establishment_key"]] = _establishment(row)
    return figures


def _person(row: Mapping[str, object]) -> Thing:
    return _thing(row, f"{row['name'] or ''} {mask(str(row['id_number']))}", 1, str(row["effective_on"]))


def _establishment(row: Mapping[str, object]) -> Thing:
    return _thing(row, str(row["establishment"]), int(str(row["required"])), str(row["surveyed_on"]))


def _thing(row: Mapping[str, object], who: str, weight: int, day: str) -> Thing:
    return Thing(who, weight, int(str(row["submission"])), str(row["sheet"]), int(str(row["row"])), day)


def _differences(figure: str, earlier: Figures, later: Figures, before: Basis, after: Basis) -> list[ChangeLine]:
    old, new = earlier.get(figure, {}), later.get(figure, {})
    sums = sum(one.weight for one in old.values()), sum(one.weight for one in new.values())
    lines = []
    for key in dict.fromkeys([*old, *new]):
        was, now = old.get(key), new.get(key)
        difference = (now.weight if now else 0) - (was.weight if was else 0)
        if difference:
            kind = _kind(figure, key, was, now, earlier, later, before, after)
            shown = now or was
            assert shown is not None  # the key came from one of the two
            lines.append(_line(figure, sums, kind, difference, shown, after.book))
    if sum(line.difference for line in lines) != sums[1] - sums[0]:
        raise ReconciliationError(f"变动说明不符：{figure}由{sums[0]}变为{sums[1]}，逐条相加不等")
    return lines


def _kind(  # noqa: PLR0913, PLR0917 - both sides of the comparison, whole
    figure: str, key: str, was: Thing | None, now: Thing | None, earlier: Figures, later: Figures, before: Basis, after: Basis
) -> str:
    """In one word why a thing came into a figure or went out of it."""
    if was and now:
        return "更正"
    sort = figure.rsplit(" ", 1)[-1] if figure.endswith("数量") else ""
    others = (name for name in (earlier if now else later) if name != figure and name.endswith(sort))
    if any(key in (earlier if now else later)[name] for name in others if sort or not name.endswith("数量")):
        return "改归"
    return _came(now, before) if now else _went(was, after)


def _came(now: Thing, before: Basis) -> str:
    if now.submission not in before.book.submissions:
        return "新增"
    return "时点" if now.day > before.quarter.last_day.isoformat() else "更正"


def _went(was: Thing | None, after: Basis) -> str:
    if was is None:
        return "退出"
    if after.book.submissions[was.submission].withdrawn is not None:
        return "撤回"
    for kind in ("certificates", "establishments"):
        frame = after.rows[kind]
        here = frame[(frame["submission"] == was.submission) & (frame["sheet"] == was.sheet) & (frame["row"] == was.row)]
        for status in here["status"]:
            return {"superseded": "更正", "returned": "退回"}.get(status, "退出")
    return "退出"


def _line(figure: str, sums: tuple[int, int], kind: str, difference: int, shown: Thing, book: Book) -> ChangeLine:
    one = book.submissions[shown.submission]
    return ChangeLine(figure, *sums, kind, difference, shown.who, str(one.unit or ""), str(one.month or ""), one.source,
                      shown.sheet, shown.row)
