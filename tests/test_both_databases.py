"""One history on SQLite and on PostgreSQL: the same figures, claim numbers, findings, rows and bytes."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pipeline import monthly, purging, signing
from pipeline.calendar import Quarter
from pipeline.demo import arrivals
from pipeline.ledger import tombstones
from pipeline.machine import as_json
from pipeline.office import Office
from pipeline.places import LedgerPlace
from pipeline.showcase import drop
from pipeline.verification import verify
from tests.support.databases import ledger_rows
from tests.support.desk import CONFIG, award, decision, holder, id_number, supervisor, survey
from tests.support.postgres import Server
from tests.support.workbooks import office, workbook

TODAY = date(2020, 10, 8)
OF_THE_DATABASE = {"ledger/ledger.sqlite", "ledger/lock", "ledger/seal.json"}


@pytest.fixture(scope="module")
def histories(tmp_path_factory: pytest.TempPathFactory, postgres: Server) -> list[dict[str, Any]]:
    return [history(tmp_path_factory.mktemp("desk"), url) for url in (CONFIG.ledger.url, postgres.database())]


def history(folder: Path, url: str) -> dict[str, Any]:
    """A messy month of the demo, then everything that an office may do; gives what was said and what is there."""
    desk = office(folder, CONFIG)
    desk = Office(desk.config.model_copy(update={"ledger": LedgerPlace(url=url)}), desk.config_source, desk.inputs, desk.outputs)
    told = []
    for arrival in arrivals(CONFIG)[:1]:
        drop(desk, arrival)
        told.append(said(monthly.run(desk, arrival.day, None, False, 1, lambda *_: None)))
    put(desk, "八月.xlsx", "练市镇", {"certificates": [holder(1), holder(2, remark="𠮷😀")],
                                "certificate_awards": [award(1), award(2, amount=1000.5)]})
    put(desk, "又八月.xlsx", "双林镇", {
        "certificates": [holder(1), holder(3, sector="其他")], "establishments": [survey(headcount=123456789012345)],
        "certificate_awards": [award(1), award(3)]})
    put(desk, "监管.xlsx", "菱湖镇", {"supervisors": [supervisor(serial=5)]})
    told.append(run(desk, TODAY))
    number = next(claim["claim"] for claim in told[-1]["claims"] if claim["state"] == "待初审" and claim["unit"] == "练市镇")
    put(desk, "意见.xlsx", "区应急管理局", {"decisions": [
        decision(number, "初审", on="2020-10-09"), decision("NX-1999-0001", "初审", on="2020-10-09")]}, "2020-10-09")
    put(desk, "更正.xlsx", "双林镇", {"certificates": [holder(3)], "certificate_awards": [award(3)]}, "2020-10-09")
    told.append(run(desk, date(2020, 10, 12)))
    _, outcome = monthly.take_back(desk, outcome_number(desk, "监管.xlsx"), "放错", date(2020, 10, 13))
    told += [said(outcome), signing.close_signed(desk, Quarter(2020, 3), date(2020, 10, 13))]
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(tombstones.secrets, "token_hex", lambda size: "5a" * size)
        told.append(said(purging.purge(desk, id_number(2), "本人要求", date(2020, 10, 14))[1]))
    told.append(said(monthly.as_of(desk, date(2020, 10, 14), TODAY, None, dry=False)))
    before = fingerprint(desk)
    told.append(run(desk, date(2020, 10, 14)))
    return {"told": told, "files": fingerprint(desk), "unchanged": before == fingerprint(desk), "rows": ledger_rows(desk),
            "faults": verify(desk)}


def put(desk: Office, name: str, unit: str, sheets: dict[str, list[dict[str, Any]]], filled_on: str = "2020-09-05") -> None:
    (desk.inputs / name).write_bytes(workbook(unit, "2020-08", sheets, filled_on))


def run(desk: Office, today: date) -> dict[str, Any]:
    return said(monthly.run(desk, today, None, False, 1, lambda *_: None))


def said(outcome: monthly.Outcome) -> dict[str, Any]:
    return json.loads(as_json(outcome.report, []))


def outcome_number(desk: Office, source: str) -> int:
    known = monthly.as_of(desk, TODAY, TODAY, None, dry=True).book.submissions.values()
    return next(one.number for one in known if one.source == source)


def fingerprint(desk: Office) -> dict[str, str]:
    files = {path.relative_to(desk.outputs).as_posix(): path for path in desk.outputs.rglob("*") if path.is_file()}
    return {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in files.items()
            if name not in OF_THE_DATABASE and not name.startswith("ledger/backups/")}


def test_every_answer_is_the_same(histories: list[dict[str, Any]]):
    on_sqlite, on_server = (one["told"] for one in histories)
    assert on_server == on_sqlite
    assert len({claim["state"] for claim in on_server[2]["claims"]}) > 2
    assert len(on_server[-1]["findings"]) > 20


def test_every_file_has_the_same_bytes_and_a_run_without_news_touches_none(histories: list[dict[str, Any]]):
    on_sqlite, on_server = (one["files"] for one in histories)
    assert on_server == on_sqlite
    assert len(on_server) > 80
    assert [one["unchanged"] for one in histories] == [True, True]


def test_every_row_of_the_ledger_is_the_same_and_replays(histories: list[dict[str, Any]]):
    on_sqlite, on_server = (one["rows"] for one in histories)
    assert on_server == on_sqlite
    assert [one["faults"] for one in histories] == [[], []]
