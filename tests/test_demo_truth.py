"""The fictional district's three years through the real job: every figure of every quarter is the story's own."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from pipeline import monthly
from pipeline.calendar import Quarter
from pipeline.config_file import load
from pipeline.demo import Truth, arrivals, truth
from pipeline.findings import Severity
from pipeline.machine import as_json
from pipeline.office import Office
from pipeline.quarter_report import QuarterReport
from pipeline.safekeeping import at_work
from pipeline.showcase import drop

CONFIG = load(Path(__file__).parents[1] / "config.yaml")
QUARTERS = [f"{year}Q{number}" for year in CONFIG.years for number in range(1, 5)]
KINDS = ["certificates", "certificate_awards", "talent_awards", "establishments"]


@dataclass(frozen=True)
class Told:
    """What the job says about every quarter after the last file, and what it should say."""

    reports: dict[str, QuarterReport]
    spoken: dict[str, dict[str, Any]]
    truth: Truth


def run_demo(folder: Path) -> dict[str, QuarterReport]:
    """Bring the files in day by day with a run of the job after each; then every quarter is asked for."""
    office = Office(CONFIG, b"demo", folder / "inputs", folder / "outputs")
    days = arrivals(CONFIG)
    for arrival in days:
        drop(office, arrival)
        with at_work(office):
            monthly.take_in(office, arrival.day, None, False, 1, lambda *_: None)
    return {name: monthly.take_in(office, days[-1].day, Quarter.parse(name), True, 1, lambda *_: None).report
            for name in QUARTERS}


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    reports = run_demo(tmp_path_factory.mktemp("demo"))
    return Told(reports, {name: json.loads(as_json(report, [])) for name, report in reports.items()}, truth(CONFIG))


@pytest.mark.parametrize("quarter", QUARTERS)
def test_every_cell_of_the_table_is_the_storys(told, quarter):
    table = {(cell["sector"], cell["level"], cell["year"]): cell["actual"] for cell in told.spoken[quarter]["table"]}
    assert table == told.truth.quarters[quarter].table


@pytest.mark.parametrize("quarter", QUARTERS)
def test_demand_holders_persons_and_what_is_outside_agree(told, quarter):
    spoken, expected = told.spoken[quarter], told.truth.quarters[quarter]
    assert {line["sector"]: line["demand_actual"] for line in spoken["sectors"]} == expected.demand
    assert {line["sector"]: line["existing_actual"] for line in spoken["sectors"]} == expected.existing
    assert spoken["total"]["actual"] == sum(expected.table.values())
    assert spoken["total"]["persons"] == expected.persons
    assert spoken["outside"] == expected.outside


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("quarter", QUARTERS)
def test_the_reconciliation_agrees(told, quarter, kind):
    assert told.spoken[quarter]["reconciliation"][kind] == told.truth.quarters[quarter].reconciliation[kind]


@pytest.mark.parametrize("quarter", QUARTERS)
def test_the_same_returns_are_missing(told, quarter):
    missing = {(one["unit"], one["month"]) for one in told.spoken[quarter]["missing"]}
    assert missing == told.truth.quarters[quarter].missing


def test_the_same_returns_were_late(told):
    late = {(line.unit, str(line.month)) for report in told.reports.values() for line in report.returns
            if line.state == "迟报"}
    assert late == told.truth.late


def test_every_claim_has_its_number_and_its_state(told):
    assert {claim["claim"]: claim["state"] for claim in told.spoken[QUARTERS[-1]]["claims"]} == told.truth.claims


@pytest.mark.parametrize("quarter", QUARTERS)
def test_a_quarter_tells_the_claims_of_its_own_time_and_before(told, quarter):
    states = {claim["claim"]: claim["state"] for claim in told.spoken[quarter]["claims"]}
    assert states.items() <= told.truth.claims.items()
    assert not [number for number in states if number.split("-")[1] > quarter[:4]]


def findings(told: Told) -> set[tuple[Any, ...]]:
    return {(one["file"], one["rule"], one["severity"], one["sheet"], one["cell"])
            for one in told.spoken[QUARTERS[-1]]["findings"]}


def test_every_fault_that_was_put_in_is_found_at_its_cell(told):
    assert sorted(told.truth.findings - findings(told), key=str) == []


def test_nothing_is_returned_or_to_be_looked_at_that_was_not_put_in(told):
    grave = {one for one in findings(told) if one[2] != Severity.NOTE}
    assert sorted(grave - told.truth.findings, key=str) == []
