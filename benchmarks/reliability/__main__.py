"""Every fault, tried as often as asked for, and the table of what came of it: `python -m benchmarks.reliability`.

`--times 25` tries each a twentieth as often; without it docs/reliability.md is written.
"""

from __future__ import annotations

import platform
import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.reliability.disk import can_mount, full_disks
from benchmarks.reliability.flips import flips
from benchmarks.reliability.fuzz import fuzzed
from benchmarks.reliability.kills import kills
from benchmarks.reliability.mails import mails
from benchmarks.reliability.stage import ROOT, Tally
from benchmarks.reliability.together import cut_copies, two_at_once
from pipeline import __version__

_TIMES = 500
_HEAD = """# 可靠性：人为制造的故障和结果

这张表由一条命令写成（约四十分钟）：

    python -m benchmarks.reliability

每种故障都作用在演示地区的真实工作簿和真实台账上。“丢失”“重复”是与没有受干扰的运行逐行比较台账（邮件则逐封比较）得出的，
输出文件还要逐字节相同；“残缺”是故障之后、再次运行之前，能看到的既不是旧版也不是新版的文件。任何一格不是 0，程序就有错。
翻转一栏，verify 没有说出来的算“丢失”；变异的工作簿一栏，没有提示就少了行的算“丢失”。

| 故障 | 次数 | 丢失 | 重复 | 残缺 |
|---|---:|---:|---:|---:|
"""


def trials(folder: Path, times: int) -> Iterator[Tally]:
    """Each fault's tally; `times` is the number of kills of jobs, the others follow from it."""
    yield from kills(folder, times)
    yield mails(folder, max(2, times // 5))
    yield full_disks(folder, max(2, times // 20))
    yield two_at_once(folder, max(2, times // 20))
    yield cut_copies(folder, max(2, times // 20))
    yield flips(folder, max(4, times * 3 // 5))
    yield fuzzed(folder, times * 60)


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
