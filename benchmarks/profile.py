"""Where the time of the whole job goes, stage by stage: `python -m benchmarks.profile CORPUS`."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from contextlib import redirect_stdout
from functools import reduce, wraps
from importlib import import_module
from io import StringIO
from pathlib import Path
from typing import Any

from benchmarks.rivals.reading import calamine
from benchmarks.subjects import Desk, job

_STARTED = time.perf_counter()
# Stage by stage, foundations first: what imports a function by name must find it already timed.
_STAGES = (
    ("从台账取出 load", "pipeline.ledger.store", "load_book"),
    ("写下判定结果 store what stands", "pipeline.ledger.store", "replace_derived"),
    ("判定 judge", "pipeline.judge", "judge"),
    ("汇总 roll up", "pipeline.rollup", "roll_up"),
    ("其他口径 other readings", "pipeline.readings", "readings"),
    ("读（等子进程）read in children", "pipeline.office", "read_all"),
    ("登记、存原件 enter, keep originals", "pipeline.office", "enter"),
    ("找文件、算校验值 find, hash", "pipeline.inbox", "look_into"),
    ("变动说明 changes", "pipeline.closing", "changes_since"),
    ("季度进度表 quarter workbook", "pipeline.report.quarter_workbook", "quarter_workbook"),
    ("邮件 mails", "pipeline.mail.compose", "compose"),
    ("付款的纸 payment papers", "pipeline.payments", "begin_payment_papers"),
    ("各单位的纸 units' papers", "pipeline.unit_papers", "begin_unit_papers"),
    ("回执、收件清单，多出的等待 receipts, what is left to wait for", "pipeline.publish", "_Desk.receipts"),
    ("审核表 reviews", "pipeline.publish", "_Desk.reviews"),
)
_START, _REST = "启动、导入 start, imports", "其余：提交、备份、封签 the rest: commit, backup, seal"


class Clock:
    """Seconds of each stage, without those of stages within it."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = defaultdict(float)
        self._within: list[float] = []

    def timed(self, stage: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """The function, its time counted under the stage."""

        @wraps(function)
        def call(*arguments: Any, **named: Any) -> Any:
            self._within.append(0.0)
            start = time.perf_counter()
            try:
                return function(*arguments, **named)
            finally:
                whole = time.perf_counter() - start
                self.seconds[stage] += whole - self._within.pop()
                if self._within:
                    self._within[-1] += whole

        return call


def watch(clock: Clock) -> None:
    """Put the clock around every stage; raises AttributeError where there is no such function any more."""
    for stage, module, name in _STAGES:
        *owners, last = name.split(".")
        owner = reduce(getattr, owners, import_module(module))
        setattr(owner, last, clock.timed(stage, getattr(owner, last)))


def table(clock: Clock, whole: float, floor: float, workbooks: int) -> str:
    """The shares as Markdown, in the order of their size, and each beside merely reading the same files."""
    rest = whole - sum(clock.seconds.values())
    stages = sorted({**clock.seconds, _REST: rest}.items(), key=lambda one: -one[1])
    lines = [f"{workbooks:,} 份，`--workers {os.cpu_count()}`，全程 {whole:.2f} 秒（`python -m benchmarks.profile`）：", "",
             "| 阶段 Stage | 秒 s | 份额 Share | ÷ 底线 floor |", "|---|---:|---:|---:|",
             *(f"| {stage} | {seconds:.2f} | {seconds / whole:.0%} | {seconds / floor:.2f} |" for stage, seconds in stages)]
    return "\n".join(lines) + "\n"


def main(corpus: Path) -> None:
    """Run the job in this process, then read the same files, and print the table."""
    clock = Clock()
    watch(clock)
    from pipeline.cli import app

    with tempfile.TemporaryDirectory(dir=corpus.parent) as outputs, redirect_stdout(StringIO()):
        clock.seconds[_START] = time.perf_counter() - _STARTED
        app([*job(f"--workers={os.cpu_count()}")(Desk(corpus, Path(outputs)))[2:]], standalone_mode=False)
        whole = time.perf_counter() - _STARTED
    files = sorted((corpus / "inputs").rglob("*.xlsx"))
    start = time.perf_counter()
    for path in files:
        calamine(path)
    print(table(clock, whole, time.perf_counter() - start, len(files)))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
