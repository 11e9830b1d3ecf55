"""The ledger on a PostgreSQL server: shared by machines, cut off, restored, and silent about persons."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import MetaData, create_engine, insert, select

from pipeline import monthly
from pipeline.faults import CannotGoOn
from pipeline.ledger import server
from pipeline.ledger.journal import JournalAheadError
from pipeline.ledger.lock import LedgerBusyError
from pipeline.ledger.opening import engine_for
from pipeline.ledger.server import ServerError
from pipeline.machine import as_json
from pipeline.office import Office
from pipeline.places import LedgerPlace
from pipeline.purging import purge
from pipeline.restoration import restore
from pipeline.safekeeping import OtherOutputsError, at_work
from pipeline.verification import RESTORE_ON_SERVER, verify
from tests.support.databases import change, ledger_rows
from tests.support.desk import CONFIG, ROOT, award, holder, id_number
from tests.support.postgres import Server, name_of
from tests.support.workbooks import office, workbook

TODAY = date(2020, 10, 8)
LEDGERS = Path(__file__).parent / "cases" / "ledgers"
FIGURES = ("table", "sectors", "total", "outside", "reconciliation", "claims", "missing")


def east() -> dict[str, bytes]:
    return {"练市镇.xlsx": workbook("练市镇", "2020-08", {
        "certificates": [holder(1), holder(2)], "certificate_awards": [award(1), award(2, amount=1.0)]})}


def west() -> dict[str, bytes]:
    return {"双林镇.xlsx": workbook("双林镇", "2020-08", {
        "certificates": [holder(1), holder(3)], "certificate_awards": [award(1), award(3)]})}


def drop(inputs: Path, files: dict[str, bytes]) -> None:
    inputs.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (inputs / name).write_bytes(content)


def run(desk: Office, today: date = TODAY, dry: bool = False) -> dict:
    return said(monthly.run(desk, today, None, dry, 1, lambda *_: None))


def said(outcome: monthly.Outcome) -> dict:
    return json.loads(as_json(outcome.report, []))


def known(desk: Office, today: date = TODAY) -> dict:
    """The figures as the ledger has them, without reading anything new."""
    told = said(monthly.as_of(desk, today, today, None, dry=True))
    return {key: told[key] for key in (*FIGURES, "findings")}


def kept_on(desk: Office, url: str) -> Office:
    """The same desk with its ledger elsewhere, by a config.yaml that a process can be started with."""
    text = desk.config_source.decode().replace(CONFIG.ledger.url, url)
    (desk.inputs.parent / "config.yaml").write_text(text, encoding="utf-8")
    config = desk.config.model_copy(update={"ledger": LedgerPlace(url=url)})
    return Office(config, text.encode(), desk.inputs, desk.outputs)


def started(desk: Office, inputs: Path | None = None, **pipes: int) -> subprocess.Popen[bytes]:
    """The monthly job in a process of its own."""
    return subprocess.Popen(
        [sys.executable, ROOT / "run.py", "--config", desk.inputs.parent / "config.yaml", "--inputs", inputs or desk.inputs,
         "--outputs", desk.outputs, "--today", str(TODAY), "--json"], **({"stdout": subprocess.DEVNULL} | pipes))


def files(desk: Office) -> dict[str, bytes]:
    return {path.relative_to(desk.outputs).as_posix(): path.read_bytes() for path in desk.outputs.rglob("*") if path.is_file()}


@pytest.fixture
def desk(tmp_path: Path, postgres: Server) -> Office:
    made = kept_on(office(tmp_path), postgres.database())
    drop(made.inputs, east())
    return made


class TestTwoMachinesOnOneLedger:
    @pytest.mark.parametrize("inputs", ["of their own", "the same"])
    def test_at_the_same_moment_give_what_one_after_the_other_gives(self, desk: Office, tmp_path: Path, inputs: str):
        there = desk.inputs if inputs == "the same" else tmp_path / "there"
        drop(there, west())
        both = [started(desk), started(desk, there)]
        assert [process.wait() for process in both] == [0, 0]
        assert verify(desk) == []
        orders = [[east() | west()]] if inputs == "the same" else [[east(), west()], [west(), east()]]
        assert known(desk) in [one_after_the_other(tmp_path / str(at), order) for at, order in enumerate(orders)]

    def test_the_second_waits_and_then_stops_with_a_message(self, desk: Office, monkeypatch: pytest.MonkeyPatch, caplog):
        monkeypatch.setattr(server, "_WAIT_SECONDS", 1)
        with at_work(desk), pytest.raises(LedgerBusyError, match="另一次运行"):
            run(desk)
        assert "等它结束" in caplog.text
        assert run(desk)["files"]["accepted"] == 0

    def test_a_look_does_not_wait_for_a_run(self, desk: Office):
        run(desk)
        with at_work(desk):
            assert known(desk)["total"]["actual"] == 2

    def test_a_machine_with_outputs_of_its_own_is_sent_to_the_shared_ones(self, desk: Office, tmp_path: Path):
        run(desk)
        other = replace(desk, outputs=tmp_path / "other outputs")
        with pytest.raises(OtherOutputsError, match="共享文件夹"):
            run(other)
        assert not [path for path in other.outputs.rglob("*") if path.suffix in (".xlsx", ".jsonl")]


def one_after_the_other(folder: Path, order: list[dict[str, bytes]]) -> dict:
    """What SQLite says after the same files."""
    desk = office(folder)
    for arrived in order:
        drop(desk.inputs, arrived)
        run(desk)
    return known(desk)


def test_a_run_killed_at_any_moment_and_repeated_gives_the_same(desk: Office, postgres: Server):
    drop(desk.inputs, west())
    run(desk)
    expected, rows, name = files(desk), ledger_rows(desk), name_of(desk.config.ledger.url)
    moments = random.Random(5)
    for _ in range(3):
        shutil.rmtree(desk.outputs)
        postgres.ask("postgres", f"drop database {name} with (force)")
        postgres.ask("postgres", f"create database {name} template template0")
        process = started(desk, stderr=subprocess.DEVNULL)
        time.sleep(moments.uniform(0.3, 2.5))
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        run(desk)
        assert files(desk) == expected
        assert ledger_rows(desk) == rows


def test_a_server_that_goes_away_in_mid_run_leaves_all_or_nothing(desk: Office, postgres: Server):
    def cut(stage: str, *_: int) -> None:
        if stage == "读取工作簿":
            postgres.cut_off(name_of(desk.config.ledger.url))

    with pytest.raises(ServerError, match="再运行一次"):
        monthly.run(desk, TODAY, None, False, 1, cut)
    assert known(desk)["total"]["actual"] == 0
    assert run(desk)["files"]["accepted"] + run(desk)["files"]["unchanged"] == 1
    assert verify(desk) == []


def test_looking_and_rehearsing_leave_an_empty_database_empty(desk: Office, postgres: Server):
    assert run(desk, dry=True)["total"]["actual"] == 2
    assert known(desk)["total"]["actual"] == 0
    assert postgres.ask(name_of(desk.config.ledger.url), "select count(*) from pg_tables where schemaname = 'public'") == [(0,)]
    assert not desk.outputs.exists()


class TestRestoring:
    def test_a_ledger_moves_from_a_file_to_a_server_by_journal_and_originals(self, tmp_path: Path, postgres: Server):
        before = office(tmp_path)
        drop(before.inputs, east() | west())
        run(before)
        monthly.take_back(before, 2, "放错", TODAY)
        after = kept_on(before, postgres.database())
        with pytest.raises(JournalAheadError, match="verify --restore"):
            run(after)
        assert "重做" in restore(after)[-1]
        assert verify(after) == []
        assert (ledger_rows(after), known(after)) == (ledger_rows(before), known(before))

    def test_a_lost_original_and_journal_are_mended_and_the_database_is_left_alone(self, desk: Office):
        run(desk)
        rows, lines = ledger_rows(desk), desk.journal.read_bytes()
        desk.journal.write_bytes(b"gone\n")
        min(desk.originals.iterdir()).unlink()
        assert RESTORE_ON_SERVER in verify(desk)
        assert "原样未动" in restore(desk)[-1]
        assert (verify(desk), ledger_rows(desk), desk.journal.read_bytes()) == ([], rows, lines)

    @pytest.mark.parametrize(("deed", "told"), [
        ("update rows_certificates set level = '初级' where name = '甲2'", "第 1 号报送（练市镇.xlsx）在台账中的数据行被改动过"),
        ("update submissions set unit = '双林镇'", "第 1 号报送（练市镇.xlsx）在台账中的记录被改动过"),
        ("update claim_states set amount = 9000", "重放原件得到的结果与台账不同：表 claim_states"),
    ])  # fmt: skip
    def test_a_change_in_the_database_is_told_with_its_place(self, desk: Office, deed: str, told: str):
        run(desk)
        assert change(desk, deed) > 0
        faults = verify(desk)
        assert [fault for fault in faults if told in fault]
        assert faults[-1] == RESTORE_ON_SERVER


@pytest.mark.parametrize("version", sorted(path.name for path in LEDGERS.iterdir()))
def test_a_ledger_of_an_earlier_version_is_led_to_the_present_schema(version: str, tmp_path: Path, postgres: Server):
    old = kept_on(office(tmp_path), postgres.database())
    shutil.copytree(LEDGERS / version, old.ledger, ignore=shutil.ignore_patterns("*.sqlite"))
    as_it_was = MetaData()
    source = create_engine(f"sqlite:///{LEDGERS / version / 'ledger.sqlite'}")
    as_it_was.reflect(source)
    with source.connect() as rows, create_engine(old.config.ledger.url).begin() as target:
        as_it_was.create_all(target)
        for table in as_it_was.sorted_tables:
            if held := rows.execute(select(table)).mappings().all():
                target.execute(insert(table), [dict(row) for row in held])
    assert verify(old) == []
    then = json.loads((LEDGERS / version / "said.json").read_text("utf-8"))
    now = run(old, date(2020, 10, 13))
    assert {key: now[key] for key in FIGURES} == {key: then[key] for key in FIGURES}
    assert verify(old) == []


class TestPersonalData:
    def test_what_the_server_complains_of_is_told_without_the_values(self, desk: Office):
        engine_for(desk.config.ledger.url, desk.outputs).dispose()
        change(desk, "alter table rows_certificates alter column name type integer using null")
        page = ROOT / "运行错误.txt"
        before = page.read_bytes() if page.exists() else None
        process = started(desk, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        told = b"".join(process.communicate()).decode()
        assert process.returncode == 1
        assert "InvalidTextRepresentation 22P02" in told
        assert not [word for word in ("甲1", id_number(1), "Traceback") if word in told]
        assert (page.read_bytes() if page.exists() else None) == before

    def test_nor_are_those_of_a_statement_of_its_own(self, desk: Office):
        run(desk)
        change(desk, "alter table withdrawals add constraint nothing_more check (submission > 9)")
        with pytest.raises(ServerError) as caught:
            monthly.take_back(desk, 1, "甲1说放错了", TODAY)
        assert "nothing_more" in str(caught.value)
        assert "甲1" not in str(caught.value)

    def test_a_purged_person_is_not_left_in_the_servers_tables(self, desk: Office, postgres: Server):
        drop(desk.inputs, west())
        run(desk)
        name = name_of(desk.config.ledger.url)
        assert postgres.tables_holding(name, id_number(2))
        purge(desk, id_number(2), "本人要求", TODAY)
        assert postgres.tables_holding(name, id_number(2)) == []
        assert postgres.tables_holding(name, id_number(3))
        assert verify(desk) == []


class TestReachingTheServer:
    def test_the_password_comes_from_the_keyring(self, desk: Office, postgres: Server, monkeypatch: pytest.MonkeyPatch):
        asked = []

        def get_password(service: str, user: str) -> str:
            asked.append((service, user))
            return "guess"

        monkeypatch.setattr("keyring.get_password", get_password)
        server.engine_of(postgres.url("postgres")).connect().close()
        assert asked == [("nanxun-ledger", "postgres")]
        monkeypatch.setenv("PGPASSWORD", "from the environment")
        server.engine_of(postgres.url("postgres")).connect().close()
        assert len(asked) == 1

    def test_one_that_does_not_answer_is_told_with_what_to_look_at(self, desk: Office):
        away = kept_on(desk, "postgresql+psycopg://office@127.0.0.1:1/ledger")
        with pytest.raises(ServerError, match=r"连不上台账所在的数据库服务器.*PGPASSWORD"):
            run(away)
        assert not away.outputs.exists() or not files(away)

    def test_a_database_that_cannot_hold_rare_characters_is_refused(self, desk: Office, postgres: Server):
        postgres.ask("postgres", "create database narrow template template0 encoding 'SQL_ASCII' locale_provider libc locale 'C'")
        with pytest.raises(ServerError, match="UTF8"):
            run(kept_on(desk, postgres.url("narrow")))

    def test_without_the_driver_the_command_that_installs_it_is_named(self, desk: Office, monkeypatch: pytest.MonkeyPatch):
        monkeypatch.setitem(sys.modules, "psycopg", None)
        with pytest.raises(CannotGoOn, match=r"pip install --require-hashes -r requirements-scale.txt"):
            run(desk)
