"""The mails' picture is drawn where its figures are new, and at no other time."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline import quarter_mails
from pipeline.calendar import Quarter
from pipeline.config import Config
from pipeline.level_trends import LevelTrend
from pipeline.quarter_mails import QuarterMails
from pipeline.rollup import roll_up
from pipeline.written import Written
from tests.support.desk import CONFIG, Desk, holder

FEW = CONFIG.model_copy(update={"leading_group": CONFIG.leading_group[:2]})


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many certificates each picture showed that was drawn."""
    shown: list[int] = []

    def chart(trends: list[LevelTrend]) -> bytes:
        shown.append(sum(trend.points[-1].actual for trend in trends))
        return f"picture of {shown[-1]}".encode()

    monkeypatch.setattr(quarter_mails, "chart", chart)
    return shown


def write(outputs: Path, certificates: int, config: Config = FEW) -> Path:
    """One run's mails; gives the picture."""
    judged = Desk().receive("练市镇", "2020-08", {"certificates": [holder(at) for at in range(1, certificates + 1)]})
    report = roll_up(judged.book, judged.judgement.rows, [], [], Quarter(2020, 3), config)
    memory, folder = Written(outputs / "ledger" / "written.json"), outputs / "2020Q3" / "mail"
    mails = QuarterMails(folder, report, config, memory)
    assert len(list(mails.write("facts", ("进度表.xlsx", b"workbook"), {}))) == 2
    memory.keep()
    return folder / "进度图.png"


def test_a_run_that_brings_no_certificate_draws_nothing(tmp_path: Path, drawn: list[int]):
    assert write(tmp_path, 1).read_bytes() == b"picture of 1"
    write(tmp_path, 1)
    assert drawn == [1]
    assert write(tmp_path, 2).read_bytes() == b"picture of 2"
    assert drawn == [1, 2]


def test_a_picture_that_was_lost_or_painted_over_is_drawn_again(tmp_path: Path, drawn: list[int]):
    picture = write(tmp_path, 1)
    picture.unlink()
    write(tmp_path, 1)
    picture.write_bytes(b"something else")
    assert write(tmp_path, 1).read_bytes() == b"picture of 1"
    assert drawn == [1, 1, 1]
    write(tmp_path, 1)
    assert drawn == [1, 1, 1]


def test_a_letter_to_whoever_left_the_leading_group_is_taken_away_and_nobody_elses(tmp_path: Path):
    folder = write(tmp_path, 1).parent
    stranger = folder / "别的.eml"
    stranger.write_bytes(b"put here by hand")
    before = {path.name for path in folder.glob("*.eml")}
    successor = FEW.leading_group[1].model_copy(update={"name": "李某"})
    changed = FEW.model_copy(update={"leading_group": [FEW.leading_group[0], successor]})
    write(tmp_path, 1, changed)
    after = {path.name for path in folder.glob("*.eml")}
    assert before - after == {f"02_副组长_{FEW.leading_group[1].name}.eml"}
    assert after - before == {"02_副组长_李某.eml"}
    assert stranger.exists()
