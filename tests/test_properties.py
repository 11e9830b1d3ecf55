"""What holds whatever comes in: the promises of contract.md as properties over made-up histories."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline import monthly
from pipeline.calendar import Quarter
from pipeline.rollup import roll_up
from tests.support.desk import CONFIG, Desk, award, holder, id_number
from tests.support.workbooks import office, workbook

Q3, DAY = Quarter(2020, 3), date(2020, 9, 5)
UNITS, MONTHS, LEVELS = ("练市镇", "双林镇", "菱湖镇", "千金镇"), ("2020-07", "2020-08"), ("初级", "中级", "高级")
AMOUNTS = {"初级": 1000.0, "中级": 2000.0, "高级": 2000.0}
FEW = settings(max_examples=8, deadline=None, derandomize=True,
               suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])

# (person, level, whether an award is claimed, whether the row is sound)
people = st.tuples(st.integers(1, 5), st.sampled_from(LEVELS), st.booleans(), st.just(True))
faulty_people = st.tuples(st.integers(1, 5), st.sampled_from(LEVELS), st.booleans(), st.booleans())
# unit → its people; each person and level once in a unit, as a list without repetitions has it
lists = st.dictionaries(st.sampled_from(UNITS), st.lists(people, min_size=1, max_size=4, unique_by=lambda one: one[:2]), min_size=1)


def certificates(rows: list[tuple]) -> list[dict[str, Any]]:
    return [holder(serial, level=level, certificate_number=f"Z{serial}{level}") for serial, level, *_ in rows]


def awards(rows: list[tuple]) -> list[dict[str, Any]]:
    return [award(serial, level=level, certificate_number=f"Z{serial}{level}", amount=AMOUNTS[level] if sound else 7.0,
                  applied_on="2020-07-20") for serial, level, claimed, sound in rows if claimed]


def sheets(rows: list[tuple]) -> dict[str, list[dict[str, Any]]]:
    return {"certificates": certificates(rows), "certificate_awards": awards(rows)}


def totals(desk: Desk) -> dict[str, Any]:
    """Every total that contract.md promises: the table, sectors, persons, what stands outside, and what may be paid."""
    report = roll_up(desk.book, desk.judgement.rows, desk.judgement.claims, desk.judgement.findings, Q3, CONFIG)
    return {
        "table": [(cell.sector, cell.level, cell.year, cell.actual) for cell in report.cells],
        "sectors": [(one.sector, one.existing_actual, one.actual) for one in report.sectors],
        "total": asdict(report.total), "outside": report.outside, "payable": payable(desk),
    }


def payable(desk: Desk) -> Counter[tuple[str, str, str]]:
    """Living claims by what they ask for."""
    return Counter((claim.award, claim.id_number, str(claim.level)) for claim in desk.judgement.claims
                   if claim.state not in ("退回", "重复", "不核准"))


def told(parts: list[tuple[str, str, dict[str, Any]]]) -> Desk:
    """A desk that received these (unit, month, sheets), one a day."""
    desk = Desk()
    for at, (unit, month, found) in enumerate(parts):
        desk.enter(unit, month, found, (DAY + timedelta(at)).isoformat(), filled_on="2020-09-05")
    return desk.settle(DAY + timedelta(len(parts)))


def whole(reports: dict[str, list[tuple]]) -> list[tuple[str, str, dict[str, Any]]]:
    return [(unit, "2020-08", sheets(rows)) for unit, rows in reports.items()]


@FEW
@given(lists, st.randoms(use_true_random=False))
def test_no_order_of_arrival_changes_a_total(reports, chance):
    other = whole(reports)
    chance.shuffle(other)
    assert totals(told(other)) == totals(told(whole(reports)))


@FEW
@given(lists)
def test_a_workbook_split_by_its_sheets_gives_the_same_totals(reports):
    split = [(unit, month, {kind: rows}) for unit, month, found in whole(reports) for kind, rows in found.items()]
    assert totals(told(split)) == totals(told(whole(reports)))


@FEW
@given(lists, st.data())
def test_a_units_rows_split_over_months_give_the_same_totals(reports, data):
    split = []
    for unit, rows in reports.items():
        months = [data.draw(st.sampled_from(MONTHS)) for _ in rows]
        for month in MONTHS:
            split.append((unit, month, sheets([row for row, its in zip(rows, months, strict=True) if its == month])))
    assert totals(told(split)) == totals(told(whole(reports)))


@FEW
@given(lists, st.integers(0, 3), st.sampled_from(UNITS))
def test_the_same_rows_again_from_the_same_or_another_unit_change_no_total(reports, again, other):
    first = whole(reports)
    unit, month, found = first[again % len(first)]
    assert totals(told([*first, (unit, month, found)])) == totals(told(first))
    if other not in reports:
        assert totals(told([*first, (other, month, found)])) == totals(told(first))


SPELLINGS = {
    "as it is": lambda number: number,
    "full-width": lambda number: "".join(chr(ord(sign) + 0xFEE0) for sign in number),
    "spaces": lambda number: f" {number[:6]} {number[6:14]}  {number[14:]} ",
    "zero-width": lambda number: f"{number[:3]}\u200b{number[3:]}\ufeff",
    "apostrophe": lambda number: f"'{number}",
    "hyphens": lambda number: f"{number[:6]}-{number[6:14]}-{number[14:]}",
    "lower x": lambda number: number.lower(),
    "15 digits": lambda number: number[:6] + number[8:17],
}
X_SERIAL = next(serial for serial in range(1, 99) if id_number(serial).endswith("X"))


@settings(FEW, max_examples=12)
@given(first=st.sampled_from(sorted(SPELLINGS)), second=st.sampled_from(sorted(SPELLINGS)), serial=st.sampled_from((1, X_SERIAL)))
def test_a_second_claim_never_becomes_payable_whatever_the_spelling_of_the_id(tmp_path_factory, first, second, serial):
    desk = office(tmp_path_factory.mktemp("spelling"))
    for unit, spelling in (("练市镇", first), ("双林镇", second)):
        written = {"id_number": SPELLINGS[spelling](id_number(serial))}
        (desk.inputs / f"{unit}.xlsx").write_bytes(workbook(unit, "2020-08", {
            "certificates": [holder(serial, **written)], "certificate_awards": [award(serial, **written)]}))
    outcome = monthly.run(desk, date(2020, 10, 8), None, True, 1, lambda *_: None)
    assert sorted(claim.state for claim in outcome.judgement.claims) == ["待初审", "重复"]
    assert outcome.report.total.actual == 1


def test_the_order_of_files_within_a_run_follows_the_covers_alone(tmp_path: Path):
    rows = {unit: [(1, "中级", True, True), (2, "初级", True, True)] for unit in UNITS}
    answers = []
    for at, names in enumerate((UNITS, UNITS[::-1])):
        desk = office(tmp_path / str(at))
        for place, unit in enumerate(names):
            (desk.inputs / f"{place}.xlsx").write_bytes(workbook(unit, "2020-08", sheets(rows[unit])))
        claims = monthly.run(desk, date(2020, 10, 8), None, True, 1, lambda *_: None).judgement.claims
        answers.append([(claim.number, claim.unit, claim.state) for claim in claims])
    assert answers[0] == answers[1]
    assert [state for *_, state in answers[0]] == ["待初审"] * 2 + ["重复"] * 6

