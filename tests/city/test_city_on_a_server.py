"""The same city on one PostgreSQL database, a schema for each district."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline import monthly
from pipeline.city.offices import City, load_city
from pipeline.city.verification import verify
from tests.support.city import DAY, EAST, LATER, WEST, asks, city, decides, go, states, write_configs
from tests.support.postgres import Server


@pytest.fixture
def made(tmp_path: Path, postgres: Server, monkeypatch: pytest.MonkeyPatch) -> City:
    monkeypatch.setattr(monthly, "published", lambda _, outcome: outcome)
    path = write_configs(tmp_path / "configs", (EAST, WEST))
    with path.open("a", encoding="utf-8") as file:
        file.write(f"ledger: {{url: '{postgres.database()}'}}\n")
    return load_city(path, tmp_path / "inputs", tmp_path / "outputs")


def test_one_database_gives_the_same_claims_and_figures_as_a_file_for_each_district(made, tmp_path, postgres):
    files = city(tmp_path / "files", (EAST, WEST))
    said = []
    for one in (files, made):
        asks(one, EAST, "练市镇")
        asks(one, WEST, "双林镇")
        go(one)
        decides(one, EAST, "区应急管理局", "DX-2024-0001", opinion="不核准")
        outcome = go(one, LATER)
        said.append((states(outcome.report), outcome.report.actual, outcome.report.deducted, outcome.report.repeats))
        assert verify(one) == []
    assert said[0] == said[1]
    assert said[1][0] == {"DX-2024-0001": "不核准", "XX-2024-0001": "待初审"}
    name = made.districts[0].config.ledger.url.partition("@/")[2].partition("?")[0]
    assert postgres.ask(name, "select schemaname from pg_tables where tablename = 'claim_rows' order by 1") == [("dx",), ("xx",)]


def test_a_dry_run_on_a_server_stores_nothing(made):
    asks(made, EAST, "练市镇")
    asks(made, WEST, "双林镇")
    assert states(go(made, DAY, dry=True).report) == {"DX-2024-0001": "待初审", "XX-2024-0001": "重复"}
    assert go(made).report.files.unchanged == 0
