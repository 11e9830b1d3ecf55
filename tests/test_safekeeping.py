"""Nothing that happens to the ledger's files goes unnoticed, and what can be mended is mended."""

from __future__ import annotations

import random
import shutil
import sqlite3
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from pipeline import monthly
from pipeline.ledger.backup import backups
from pipeline.ledger.journal import JournalAheadError
from pipeline.office import Office
from pipeline.replay import ReplayError
from pipeline.restoration import restore
from pipeline.safekeeping import LedgerDamagedError
from pipeline.verification import RESTORE, verify
from tests.support.ledgers import drop, kept_office, rows
from tests.support.month import TODAY, run, said

FLIPS = 60  # the reliability table makes 300


@pytest.fixture
def desk(tmp_path: Path) -> Office:
    return kept_office(tmp_path)


def flip(path: Path, place: int) -> None:
    """Change one bit."""
    content = bytearray(path.read_bytes())
    content[place // 8 % len(content)] ^= 1 << place % 8
    path.write_bytes(content)


def test_an_undamaged_ledger_has_no_faults(desk: Office):
    assert verify(desk) == []


def test_every_single_flipped_bit_is_found(desk: Office):
    files = [desk.ledger / "ledger.sqlite", desk.journal, *desk.originals.iterdir(), *desk.configs.iterdir()]
    chance = random.Random(4)
    missed = []
    for number in range(FLIPS):
        path, place = files[number % len(files)], chance.randrange(1 << 40)
        whole = path.read_bytes()
        flip(path, place)
        missed += [] if verify(desk) else [(path.name, place)]
        path.write_bytes(whole)
    assert missed == []
    assert verify(desk) == []


@pytest.mark.parametrize(("change", "told"), [
    ("update rows_certificates set level = '初级' where name = '甲51'", "第 1 号报送（一.xlsx）在台账中的数据行被改动过"),
    ("update submissions set unit = '双林镇' where number = 1", "第 1 号报送（一.xlsx）在台账中的记录被改动过"),
    ("update journal set line = replace(line, '放错', '放好') where entry = 5", "台账里的流水第 5 条被改动过"),
    ("update claim_states set amount = 9000", "重放原件得到的结果与台账不同：表 claim_states"),
    ("delete from withdrawals", "重放原件得到的结果与台账不同：表 withdrawals"),
])  # fmt: skip
def test_a_change_through_the_database_is_told_with_its_place(desk: Office, change: str, told: str):
    with sqlite3.connect(desk.ledger / "ledger.sqlite") as database:
        assert database.execute(change).rowcount > 0
    (desk.ledger / "seal.json").unlink()  # whoever changes it may also take the seal away
    faults = verify(desk)
    assert [fault for fault in faults if told in fault]
    assert faults[-1] == RESTORE


def test_no_run_starts_on_a_damaged_ledger_and_nothing_is_touched(desk: Office):
    flip(desk.ledger / "ledger.sqlite", 8 * 5000)
    before = {path: path.read_bytes() for path in desk.outputs.rglob("*") if path.is_file()}
    with pytest.raises(LedgerDamagedError, match=r"ledger.sqlite.*verify --restore"):
        run(desk)
    with pytest.raises(LedgerDamagedError):
        monthly.as_of(desk, TODAY, TODAY, None, dry=True)
    assert {path: path.read_bytes() for path in desk.outputs.rglob("*") if path.is_file()} == before


def lose(desk: Office) -> None:
    (desk.ledger / "ledger.sqlite").unlink()


def spoil_ledger(desk: Office) -> None:
    flip(desk.ledger / "ledger.sqlite", 8 * 5000)


def spoil_header(desk: Office) -> None:
    (desk.ledger / "ledger.sqlite").write_bytes(b"not a database at all")


def spoil_journal(desk: Office) -> None:
    flip(desk.journal, 8 * 300)


def spoil_original(desk: Office) -> None:
    flip(min(desk.originals.iterdir()), 8 * 300)


def lose_original(desk: Office) -> None:
    min(desk.originals.iterdir()).unlink()


def lose_journal_and_spoil_ledger(desk: Office) -> None:
    desk.journal.unlink()
    with sqlite3.connect(desk.ledger / "ledger.sqlite") as database:
        database.execute("update rows_certificates set level = '初级'")


@pytest.mark.parametrize("deed", [lose, spoil_ledger, spoil_header, spoil_journal, spoil_original, lose_original,
                                  lose_journal_and_spoil_ledger])  # fmt: skip
def test_restore_mends_it(desk: Office, deed: Callable[[Office], None]):
    before = rows(desk)
    deed(desk)
    assert verify(desk) != []
    assert restore(desk)
    assert verify(desk) == []
    assert rows(desk) == before


def test_restore_says_which_original_is_nowhere_to_be_found(desk: Office):
    (desk.inputs / "一.xlsx").unlink()
    lose_original(desk)
    with pytest.raises(ReplayError, match=r"来件“一.xlsx”"):
        restore(desk)


def test_restore_from_a_backup_names_what_its_journal_does_not_know(desk: Office):
    drop(desk, "三.xlsx", 3)
    run(desk, TODAY + timedelta(2))
    desk.journal.unlink()
    (desk.ledger / "ledger.sqlite").write_bytes(b"gone")
    done = restore(desk)
    assert [line for line in done if line.startswith("来件 000003") and "再运行一次" in line]
    assert verify(desk) == []
    files = said(run(desk, TODAY + timedelta(2)))["files"]
    assert (files["read"], files["unchanged"]) == (3, 2)


def test_an_old_copy_put_back_by_hand_is_noticed(desk: Office):
    drop(desk, "三.xlsx", 3)
    run(desk, TODAY + timedelta(2))
    before = rows(desk)
    shutil.copyfile(backups(desk.ledger / "ledger.sqlite")[0], desk.ledger / "ledger.sqlite")
    with pytest.raises(LedgerDamagedError):
        run(desk)
    (desk.ledger / "seal.json").unlink()
    with pytest.raises(JournalAheadError, match="旧的备份"):
        run(desk)
    restore(desk)
    assert rows(desk) == before


def test_the_ledger_is_kept_as_it_was_before_each_change_and_ten_times(desk: Office):
    file = desk.ledger / "ledger.sqlite"
    for serial in range(3, 16):
        before = file.read_bytes()
        drop(desk, f"{serial}.xlsx", serial)
        run(desk, TODAY + timedelta(serial))
        assert backups(file)[0].read_bytes() == before
    run(desk, TODAY + timedelta(99))
    assert backups(file)[0].read_bytes() == before
    assert len(backups(file)) == 10


def test_a_changed_config_or_day_is_judged_and_verified_by_what_held_then(desk: Office):
    later = Office(desk.config, desk.config_source + "\n# 改过\n".encode(), desk.inputs, desk.outputs)
    drop(desk, "三.xlsx", 3)
    run(later, TODAY + timedelta(40))
    assert verify(later) == []
    assert verify(desk) == []
    assert len(list(desk.configs.iterdir())) == 2
