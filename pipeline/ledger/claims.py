"""Claims: their numbers, and who holds an award that several applied for (G01, G03, R3, R5)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace

from pipeline.book import CLAIM_KINDS, Book, Key, Origin, Rival, Standing, Verdict, origins

FIRST_REVIEW, SECOND_REVIEW, PAYMENT, RECOVERY = "初审", "复审", "发放", "追回"
APPROVED, REFUSED = "核准", "不核准"
_STATE_AFTER = {FIRST_REVIEW: "待复审", SECOND_REVIEW: "待发放", PAYMENT: "已发放", RECOVERY: "已追回"}
_AWAITS = {"待初审": FIRST_REVIEW, "待复审": SECOND_REVIEW, "待发放": PAYMENT, "已发放": RECOVERY}

def register(book: Book, prefix: str) -> dict[Origin, str]:
    """The claim numbers of the rows that have none yet, in order of arrival.

    A row goes on with its unit's open claim; after a grant or a refusal a new number begins.
    Numbers count per year of the month reported and are never given twice.
    """
    closed = {number for number, state in decided_states(book.verdicts).items() if state not in ("待复审",)}
    numbers: dict[Origin, str] = dict(book.claim_of)
    last = _last_serials(numbers.values())
    current: dict[Key, str] = {}
    for origin, key in book.keys.items():
        number = numbers.get(origin)
        if number is None:
            number = current.get(key)
        if number is None or (origin not in book.claim_of and number in closed):
            number = _next_number(prefix, book, origin, last)
        numbers[origin] = current[key] = number
    return {origin: number for origin, number in numbers.items() if origin not in book.claim_of}


def _last_serials(numbers: Iterable[str]) -> dict[str, int]:
    last: dict[str, int] = defaultdict(int)
    for number in numbers:
        year, serial = number.split("-")[1:]
        last[year] = max(last[year], int(serial))
    return last


def _next_number(prefix: str, book: Book, origin: Origin, last: dict[str, int]) -> str:
    month = book.submissions[origin[0]].month
    year = str(month.year if month else book.submissions[origin[0]].arrived_on.year)
    last[year] += 1
    return f"{prefix}-{year}-{last[year]:04d}"


def decided_states(verdicts: Iterable[Verdict]) -> dict[str, str]:
    """The state of every claim on which a decision was accepted."""
    states: dict[str, str] = {}
    for verdict in verdicts:
        if verdict.followed:
            states[verdict.claim] = _STATE_AFTER[verdict.stage] if verdict.opinion == APPROVED else REFUSED
    return states


def awaited_stage(state: str) -> str | None:
    """The stage that comes next after a state; None where nothing is awaited."""
    return None if state == "已发放" else _AWAITS.get(state)


def may_follow(stage: str, state: str) -> bool:
    """Whether a stage is the one that a claim in this state awaits (recovery follows payment)."""
    return _AWAITS.get(state) == stage


def allocate(
    live: Mapping[str, list[Origin]], sound: set[Origin], keys: Mapping[Origin, Key], book: Book, barred: set[str]
) -> dict[str, Standing]:
    """The standing of every claim that has a row left.

    `live` has each claim's rows that no newer sheet replaced, `sound` those of them without a
    finding that returns them. Decided claims keep what they have; of the others the first in order
    of arrival is the one, and the rest repeat it.
    """
    decided, places = decided_states(book.verdicts), _places(keys, book)
    standings = {}
    for number, rows in live.items():
        pin = book.pins.get(number)
        if pin is not None and number in decided:
            barring = decided[number] in ("待复审", "待发放") and keys[pin].id_number in barred
            state, origin = "退回" if barring else decided[number], pin
            first = next(row for row in rows if row in sound or row == pin)
        else:
            state, origin, first = _undecided(rows, sound)
        standings[number] = Standing(number, keys[origin], state, origin, first, places[number])
    return _mark_repeats(standings, decided, book.elsewhere)


def _undecided(rows: list[Origin], sound: set[Origin]) -> tuple[str, Origin, Origin]:
    """State, row that speaks and row that counts: the newest and the first sound one."""
    good = [row for row in rows if row in sound]
    return ("待初审", good[-1], good[0]) if good else ("退回", rows[-1], rows[-1])


def _places(keys: Mapping[Origin, Key], book: Book) -> dict[str, int]:
    """Each claim's place in the order of arrival: that of its first row, which corrections keep."""
    places: dict[str, int] = {}
    for place, origin in enumerate(keys):
        places.setdefault(book.claim_of[origin], place)
    return places


def _mark_repeats(
    standings: dict[str, Standing], decided: Mapping[str, str], elsewhere: Mapping[str, tuple[Rival, ...]]
) -> dict[str, Standing]:
    """Of the living claims to one entitlement, those with a decision come first, then the first to arrive.

    Where another district's claim holds, all that are not decided repeat that one.
    """
    rivals: dict[tuple[str, str, str], list[Standing]] = defaultdict(list)
    for standing in standings.values():
        if standing.state not in ("退回", REFUSED):
            rivals[standing.key.entitlement].append(standing)
    marked = dict(standings)
    for group in rivals.values():
        holder, *others = sorted(group, key=lambda one: (one.number not in decided, one.place))
        holding = [rival.number for one in group for rival in elsewhere.get(one.number, ()) if rival.holds]
        for one in group if holding else others:
            if one.number not in decided:
                marked[one.number] = replace(one, state="重复", holder=(holding or [holder.number])[0])
    return marked


def rows_by_claim(frame_origins: Iterable[Origin], numbers: Mapping[Origin, str]) -> dict[str, list[Origin]]:
    """The rows of each claim, in the order given."""
    grouped: dict[str, list[Origin]] = defaultdict(list)
    for origin in frame_origins:
        if origin in numbers:
            grouped[numbers[origin]].append(origin)
    return dict(grouped)


def first_application(book: Book, numbers: Mapping[Origin, str]) -> dict[str, str]:
    """The first 填报日期 of each claim, over all its rows, replaced ones included (F03)."""
    first: dict[str, str] = {}
    for kind in CLAIM_KINDS:
        frame = book.rows[kind]
        for origin, applied_on in zip(origins(frame), frame["applied_on"], strict=True):
            number = numbers.get(origin)
            if number and applied_on:
                first[number] = min(applied_on, first.get(number, applied_on))
    return first
