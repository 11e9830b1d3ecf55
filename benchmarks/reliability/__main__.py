"""Every fault, tried as often as asked for, and the table of what came of it: `python -m benchmarks.reliability`.

`--times 25` tries each a twentieth as often; without it docs/reliability.md is written.
"""

from __future__ import annotations

import platform
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from benchmarks.reliability.damage import fuzzed
from benchmarks.reliability.disk import can_mount, full_disks
from benchmarks.reliability.flips import flips
from benchmarks.reliability.kills import closing, first_month, later_month, withdrawal
from benchmarks.reliability.mails import mails
from benchmarks.reliability.stage import ROOT, Tally
from benchmarks.reliability.together import cut_copies, two_at_once
from pipeline import __version__

_TIMES = 500
_HEAD = """# 可靠性：人为制造的故障和结果

这张表由一条命令写成（两个处理器约半小时）：

    python -m benchmarks.reliability

每种故障都作用在演示地区的真实工作簿和真实台账上。“丢失”“重复”是与没有受干扰的运行逐行比较台账（邮件则逐封比较）得出的，
输出文件还要逐字节相同；“残缺”是故障之后、再次运行之前，能看到的既不是旧版也不是新版的文件。任何一格不是 0，程序就有错。
翻转一栏，verify 没有说出来的算“丢失”；变异的工作簿一栏，既没退回也没提示、内容却变了的算“丢失”。

| 故障 | 次数 | 丢失 | 重复 | 残缺 |
|---|---:|---:|---:|---:|
"""


# How often each fault is tried, of a hundred kills of jobs.
_TRIALS: dict[Callable[[Path, int], Tally], float] = {
    first_month: 0.40, later_month: 0.40, withdrawal: 0.10, closing: 0.10, mails: 0.20,
    full_disks: 0.05, two_at_once: 0.05, cut_copies: 0.05, flips: 0.60, fuzzed: 60.0,
}


def trials(folder: Path, times: int) -> Iterator[Tally]:
    """Each fault's tally; `times` is the number of kills of jobs, the others follow from it."""
    with ProcessPoolExecutor(2) as pool:
        yield from pool.map(_tried, [(fault, folder, max(2, round(times * share))) for fault, share in _TRIALS.items()])


def _tried(task: tuple[Callable[[Path, int], Tally], Path, int]) -> Tally:
    fault, folder, times = task
    own = folder / fault.__name__
    own.mkdir()
    return fault(own, times)


def main(times: int) -> int:
    """Print the table, write it where all was tried, and give 1 where a figure is not 0."""
    if not can_mount():
        raise SystemExit("a small tmpfs cannot be mounted here: run it where `unshare -m` may mount")
    lines, begun, harmed = [], time.perf_counter(), 0
    with tempfile.TemporaryDirectory() as folder:
        for one in trials(Path(folder), times):
            lines.append(f"| {one.fault} | {one.tried} | {one.lost} | {one.doubled} | {one.torn} |")
            harmed += one.lost + one.doubled + one.torn
            print(lines[-1], flush=True)
    foot = (f"\n程序 {__version__}，Python {platform.python_version()}，SQLite {sqlite3.sqlite_version}，{platform.system()}，"
            f"用时 {(time.perf_counter() - begun) / 60:.0f} 分钟。\n")
    if times == _TIMES:
        (ROOT / "docs" / "reliability.md").write_text(_HEAD + "\n".join(lines) + "\n" + foot, encoding="utf-8")
    return int(harmed > 0)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[2]) if sys.argv[1:2] == ["--times"] else _TIMES))
