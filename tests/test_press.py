"""Papers are made beside what else is done where there are many, and nobody is left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import pytest

from pipeline.press import press

# Begins papers that take a minute and says the numbers of the processes that make them.
_MANY = """
import os, sys, time
from functools import partial
from pathlib import Path
from pipeline.press import press

def wait(folder):
    (Path(folder) / str(os.getpid())).touch()
    time.sleep(60)
    return b""

with press() as begin:
    for _ in range(4):
        begin(partial(wait, sys.argv[1]))
    time.sleep(60)
"""


def where_made(words: str) -> bytes:
    return f"{words} {os.getpid()}".encode()


def fault() -> bytes:
    raise ValueError("no such font")


def test_few_papers_are_made_here_and_many_elsewhere_each_in_its_place():
    here = str(os.getpid()).encode()
    with press() as begin:
        few = [begin(partial(where_made, words)) for words in ("one", "two")]
        assert [paper() for paper in few] == [b"one " + here, b"two " + here]
    with press() as begin:
        many = [begin(partial(where_made, str(at))) for at in range(9)]
        made = [paper().split() for paper in many]
    assert [words for words, _ in made] == [str(at).encode() for at in range(9)]
    assert here not in {process for _, process in made}


@pytest.mark.parametrize("papers", [1, 4])
def test_what_making_a_paper_raises_is_raised_where_it_is_asked_for(papers: int):
    with press() as begin:
        begun = [begin(fault) for _ in range(papers)]
        with pytest.raises(ValueError, match="no such font"):
            begun[-1]()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_a_parent_that_is_killed_leaves_no_process_behind(tmp_path: Path):
    script, seen = tmp_path / "many.py", tmp_path / "seen"
    script.write_text(_MANY, encoding="utf-8")
    seen.mkdir()
    parent = subprocess.Popen([sys.executable, str(script), str(seen)], env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[1])})
    until(lambda: any(seen.iterdir()))
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    until(lambda: not any(is_alive(int(path.name)) for path in seen.iterdir()))


def until(happened) -> None:
    """Wait ten seconds at most; raises AssertionError."""
    for _ in range(200):
        if happened():
            return
        time.sleep(0.05)
    raise AssertionError("it did not happen within ten seconds")


def is_alive(process: int) -> bool:
    try:
        return "Z" not in Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2]
    except OSError:
        return False
