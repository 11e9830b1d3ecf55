"""A ledger of another version: an earlier one is taken over with its figures and claims, a later one is left alone."""

from __future__ import annotations

import json
import shutil
import sqlite3
from datetime import date, timedelta
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine

from pipeline.faults import CannotGoOn
from pipeline.ledger import opening, schema
from pipeline.office import Office
from pipeline.verification import verify
from tests.support.ledgers import drop, kept_office, rows
from tests.support.month import TODAY, run, said
from tests.support.workbooks import office

LEDGERS = Path(__file__).parent / "cases" / "ledgers"


@pytest.fixture
def desk(tmp_path: Path) -> Office:
    return kept_office(tmp_path)


@pytest.mark.parametrize("version", sorted(path.name for path in LEDGERS.iterdir()))
class TestALedgerOfAnEarlierVersion:
    @pytest.fixture
    def old(self, version: str, tmp_path: Path) -> Office:
        made = office(tmp_path)
        shutil.copytree(LEDGERS / version, made.ledger)
        return made

    def test_is_sound_for_the_present_one_and_is_left_as_it_is_by_a_look(self, version: str, old: Office):
        assert verify(old) == []
        assert (old.ledger / "ledger.sqlite").read_bytes() == (LEDGERS / version / "ledger.sqlite").read_bytes()

    def test_gives_the_figures_and_claims_that_it_gave_then(self, version: str, old: Office):
        then = json.loads((LEDGERS / version / "said.json").read_text("utf-8"))
        now = said(run(old, date(2020, 10, 13)))
        for key in ("table", "sectors", "total", "outside", "reconciliation", "claims", "missing"):
            assert now[key] == then[key]
        assert verify(old) == []
        before = json.loads((LEDGERS / version / "schema.json").read_text("utf-8"))
        assert (old.ledger / "backups" / f"before_upgrade_from_{before}.sqlite").is_file() == (before != schema.REVISION)

    def test_has_the_present_schema_afterwards(self, version: str, old: Office):
        engine = opening.engine_for(old.config.ledger.url, old.outputs)
        with engine.connect() as connection:
            context = MigrationContext.configure(connection)
            assert compare_metadata(context, schema.metadata) == []
        engine.dispose()

    def test_takes_new_files_and_goes_on_with_its_claims(self, version: str, old: Office):
        drop(old, "新.xlsx", 7)
        report = said(run(old, date(2020, 10, 14)))
        assert [claim["claim"] for claim in report["claims"]][-1] == "NX-2020-0006"
        assert verify(old) == []


def test_a_column_that_is_declared_later_is_added_by_itself(desk: Office):
    before = rows(desk)
    with sqlite3.connect(desk.ledger / "ledger.sqlite") as database:
        database.execute("alter table rows_certificates drop column trainer")
    (desk.ledger / "seal.json").unlink()
    assert verify(desk) == []
    run(desk, TODAY + timedelta(1))
    assert verify(desk) == []
    assert len(rows(desk)) == len(before)


def test_the_newest_migration_is_the_one_that_the_schema_names():
    scripts = ScriptDirectory(str(Path(opening.__file__).parent / "migrations"))
    assert scripts.get_current_head() == schema.REVISION


def test_a_ledger_of_a_later_version_is_left_alone(desk: Office):
    with sqlite3.connect(desk.ledger / "ledger.sqlite") as database:
        database.execute("update alembic_version set version_num = '9999'")
    with pytest.raises(CannotGoOn, match="改用新版程序"):
        opening.engine_for(desk.config.ledger.url, desk.outputs)


def test_an_empty_database_file_becomes_a_ledger(tmp_path: Path):
    engine = opening.engine_for("sqlite:///{outputs}/new.sqlite", tmp_path)
    engine.dispose()
    with create_engine(f"sqlite:///{tmp_path}/new.sqlite").connect() as connection:
        assert opening.revision(connection) == schema.REVISION
