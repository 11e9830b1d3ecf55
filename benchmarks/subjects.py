"""What is run on the same workbooks: the whole job, the floor, and what one would otherwise do."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks import TODAY

SMALL, MIDDLING = 100, 1000  # workbooks up to which a size is small, or middling


@dataclass(frozen=True)
class Desk:
    """A corpus and where the results go."""

    corpus: Path
    outputs: Path

    @property
    def inputs(self) -> Path:
        """The folder that the job reads."""
        return self.corpus / "inputs"


@dataclass(frozen=True)
class Subject:
    """Something to measure: its name in the table, its command, and how often at small, middling and large sizes."""

    key: str
    name: str
    command: Callable[[Desk], list[str]]
    rounds: tuple[int, int, int]
    cores: int | None = None
    is_job: bool = False

    def times(self, workbooks: int) -> int:
        """How often it is run on so many workbooks."""
        return self.rounds[0 if workbooks <= SMALL else 1 if workbooks <= MIDDLING else 2]


def job(*options: str) -> Callable[[Desk], list[str]]:
    """The monthly job from the shell prompt, with nothing turned off."""
    return lambda desk: [
        sys.executable, "run.py", "--config", str(desk.corpus / "config.yaml"), "--inputs", str(desk.inputs),
        "--outputs", str(desk.outputs), "--today", TODAY, *options]


def _rival(module: str, *arguments: str) -> Callable[[Desk], list[str]]:
    return lambda desk: [
        sys.executable, "-m", f"benchmarks.rivals.{module}", str(desk.corpus),
        *(argument.format(outputs=desk.outputs) for argument in arguments)]


SUBJECTS = (
    Subject("one", "**本项目全程，一个核** whole job, one core", job("--workers", "1"), (5, 3, 1), cores=1, is_job=True),
    Subject("default", "**本项目全程，不加选项** whole job, no option", job(), (5, 3, 0), is_job=True),
    Subject("two", "**本项目全程，两个进程** whole job, `--workers 2`", job("--workers", "2"), (5, 3, 1), is_job=True),
    Subject("floor", "**底线：calamine 读成行** the floor: calamine to rows", _rival("reading", "calamine"), (5, 3, 2)),
    Subject("unzip", "只解压 unzip alone", _rival("reading", "unzip"), (3, 1, 1)),
    Subject("pandas", "pandas + calamine 读成表 to frames", _rival("reading", "pandas_calamine"), (3, 1, 0)),
    Subject("openpyxl", "openpyxl（只读方式）读成行 to rows", _rival("reading", "openpyxl"), (3, 1, 0)),
    Subject("script", "惯用脚本，只出汇总 usual script, summary", _rival("office_script", "{outputs}.xlsx"), (3, 1, 0)),
    Subject("script_full", "惯用脚本，另列全部行 usual script, all rows", _rival("office_script", "{outputs}.xlsx", "full"), (3, 1, 0)),
    Subject("frictionless", "frictionless 校验 validates", _rival("frictionless_validation"), (3, 1, 0)),
    Subject("pandera", "pandera 逐表校验 validates each frame", _rival("pandera_validation", "each"), (3, 1, 0)),
    Subject("pandera_joined", "pandera 合并后校验 validates joined frames", _rival("pandera_validation", "joined"), (3, 1, 0)),
)
ALONE = Subject("alone", "这 25 份单独来，空台账 the same 25 alone", job(), (3, 3, 1))
INCREMENTAL = Subject("incremental", "再来 25 份 25 new among the known", job(), (3, 3, 1))
NOTHING_NEW = Subject("nothing", "没有新文件 nothing new", job(), (3, 3, 1))
QUARTER = Subject("quarter", "只出季度报告（`--as-of`）a quarter's report alone", job("--as-of", TODAY), (3, 3, 1))
AFTERWARDS = (ALONE, INCREMENTAL, NOTHING_NEW, QUARTER)
HELP = Subject("help", "`--help`", lambda _: [sys.executable, "run.py", "--help"], (7, 0, 0))
FIRST_LINE = Subject("first_line", "到第一行进度 to the first line of progress", job(), (3, 0, 0))
