"""A workbook that kills, stops or fills the process that reads it costs nothing but itself."""

from __future__ import annotations

import faulthandler
import os
import signal
import time
from datetime import date
from pathlib import Path

import pytest

from pipeline.intake import sandbox
from pipeline.intake.sandbox import Readers
from pipeline.reading import Reading
from tests.support.desk import CONFIG
from tests.support.papers import HOLDER, holder, paper

TODAY = date(2020, 10, 8)
SOUND = paper({"持证人员": [HOLDER, holder(1), holder(2)]})
QUICK = CONFIG.model_copy(update={"limits": CONFIG.limits.model_copy(update={"seconds": 1, "memory_mb": 300})})


def abort() -> None:
    """As a panicking parser ends, but without pytest's report of it."""
    faulthandler.disable()
    os.abort()


# What a parser may do to its process, by the name of the file that makes it do so.
DEEDS = {
    "kill.xlsx": lambda: os.kill(os.getpid(), signal.SIGKILL),
    "abort.xlsx": abort,
    "hang.xlsx": lambda: time.sleep(60),
    "spin.xlsx": lambda: all(iter(lambda: True, False)),
    "fill.xlsx": lambda: bytearray(1 << 30),
    "raise.xlsx": lambda: {}["nothing"],
}

pytestmark = pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="memory is limited on Linux alone")


@pytest.fixture(autouse=True)
def parser_that_does_what_the_file_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """The children are forked, so that they inherit a reader that first does the deed."""
    honest = sandbox.read

    def read(content: bytes, source: str, today: date, config: object) -> Reading:
        DEEDS.get(source, lambda: None)()
        return honest(content, source, today, config)

    monkeypatch.setattr(sandbox, "read", read)


def outcomes(names: list[str], workers: int = 1) -> list[bool]:
    """Whether each file was taken."""
    with Readers(QUICK, TODAY, workers) as readers:
        readings = list(readers.read_all([(name, SOUND) for name in names]))
    assert all([one.rule for one in reading.findings] == ["N00"] for reading in readings if reading.refused)
    return [not reading.refused for reading in readings]


@pytest.mark.parametrize("workers", [1, 2, 3])
@pytest.mark.parametrize("deed", DEEDS)
def test_the_file_at_fault_goes_back_and_the_others_are_read(deed: str, workers: int):
    assert outcomes(["a.xlsx", deed, "b.xlsx", "c.xlsx"], workers) == [True, False, True, True]


def test_every_file_at_fault_is_found_among_many():
    names = [name for deed in ("kill.xlsx", "abort.xlsx", "raise.xlsx") for name in (deed, "sound.xlsx")] * 3
    assert outcomes(names, 2) == [False, True] * 9


@pytest.mark.parametrize(("deed", "word"), [
    ("kill.xlsx", "读取程序中断"), ("hang.xlsx", "超过 1 秒"), ("fill.xlsx", "300 MB 内存"), ("raise.xlsx", "KeyError")])
def test_the_reason_is_told_with_the_remedy(deed: str, word: str):
    with Readers(QUICK, TODAY, 1) as readers:
        (reading,) = readers.read_all([(deed, SOUND)])
    assert word in reading.findings[0].message
    assert "另存为 .xlsx 再报" in reading.findings[0].message


def test_a_reader_that_died_once_gets_the_file_a_second_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    mark = tmp_path / "died"

    def die_once() -> None:
        if not mark.exists():
            mark.touch()
            abort()

    monkeypatch.setitem(DEEDS, "unlucky.xlsx", die_once)
    assert outcomes(["unlucky.xlsx", "b.xlsx"]) == [True, True]


def test_the_children_end_with_the_pool_and_with_their_parent():
    with Readers(QUICK, TODAY, 2) as readers:
        list(readers.read_all([("a.xlsx", SOUND)]))
        children = [child.process for child in readers._children]
        assert all(child.is_alive() for child in children)
    assert not any(child.is_alive() for child in children)
    parent = os.fork()
    if parent == 0:
        readers = Readers(QUICK, TODAY, 1)
        os.write(writer_of_pid(), str(readers._children[0].process.pid).encode())
        os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(parent, 0)
    orphan = int(os.read(_PIPE[0], 20))
    for _ in range(50):
        if not Path(f"/proc/{orphan}").exists() or " Z " in Path(f"/proc/{orphan}/stat").read_text(encoding="utf-8"):
            break
        time.sleep(0.1)
    else:
        pytest.fail("the child outlives its parent")


_PIPE = os.pipe()


def writer_of_pid() -> int:
    return _PIPE[1]
