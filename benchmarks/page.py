"""docs/performance.md from what was measured."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.goals import goals
from benchmarks.measure import Cost
from benchmarks.runs import NEW, Results
from benchmarks.subjects import AFTERWARDS, ALONE, FIRST_LINE, HELP, INCREMENTAL, SUBJECTS, Subject

_HEAD = """# 性能：与底线、与别的做法相比

*One command, `python -m benchmarks`, measures everything on this page in one run on one machine, subjects in turn, and
writes it. The floor is python-calamine turning the same files into rows in one process: no program goes under it. The whole job reads in
limited child processes, writes a durable ledger, and makes receipts and all other papers, all of it while measured.*

这一页由一条命令写成：

    python -m benchmarks --sizes {sizes}

"""
_COLUMNS = "| 做法 What | 份数 Workbooks | 用时 Wall, s | CPU, s | 毫秒/份 ms each | ÷ 底线 floor | 内存合计 Sum, MB | 最大 Largest, MB |"
_METHOD = """
## 怎样测的 Method

- **工作簿**（`benchmarks/corpus.py`，全部虚构，每次相同）：每份一张封面、四张表（单位摸底、持证人员、证书奖励申请、其他激励），
  每表 50 行，连序号 9 至 23 列；各单位连报 36 个月，名单整份报送，50 行中 10 行是当月新增；
  每 20 份有一份含错行，要出回执；每 10 个单位有一个把日期写成文字。
- **用时**从命令行到进程结束，含 Python 启动；各做法轮流运行三至七次，取中位数
  （最多的份数、较慢的做法只运行一次）；CPU 是它和它启动的全部进程之和（`wait4`）。
- **内存**：每 20 毫秒看一次进程树。“合计”是同一时刻各进程常驻内存之和（共用的页重复计算，所以偏大），
  “最大”是其中最大的一个进程（含 `wait4` 报告的峰值）。
- **一个核**：整个进程树限定在一个核上，读文件的子进程也算在内。“不加选项”和“两个进程”用全部的核。
- **惯用脚本**用 pandas（openpyxl）逐个读、逐行查、用 openpyxl 写，没有台账、回执和对坏文件的防护；frictionless 和 pandera 只按同样的列、
  必填、选项和格式校验，不汇总、不写任何文件。它们只在来得及的份数上测，没有推算的数。
- **再来 25 份**与“这 25 份单独来”相比：同一份 config.yaml（括号中是它管的份数），台账是空的；两者之差就是已知文件带来的。
- 运行前文件已在系统缓存中；每次运行前 `sync`，输出文件夹从空的开始。没有完成的写明原因，不补数。
"""

_WHY = """
## 没有达到的，差在哪里 What stands in the way

- **读**：底线只把格子变成行。本项目在有限制的子进程里先整件解压、核对 XML（行的次序、声明的大小、
  隐藏的行列、公式、批注），再由同一个 calamine 读，然后逐格规范；这些都是防护，没有关掉。
- **判定**：已生效的是全部原件、流水和 config.yaml 的函数，每次运行从头判定一遍，
  所以封存、重放和按日期的报告总是一致；代价是每一行已知的每次都再判一遍，时间和内存都随台账增长。
  要做到“只花新文件的时间”，须只判新的行所涉及的人和单位，并证明与从头判定逐格相同；还没有做。
- **纸**：19 张表的进度表（每个数字后面有每一行出处）、回执、审核表、各单位的办理情况、通报、网页、邮件，每一格都要写出来。底线什么都不写。
- **内存**：整本台账在一个进程里判定；读文件的子进程不随份数增长。
- **25 份**：约四分之一是导入 pandas、SQLAlchemy、pydantic、openpyxl、XlsxWriter，其余多半是写纸。

*Reading is guarded and done in children; everything known is judged anew in each run, so that closings, replays and reports
as of a day agree by construction; and every cell of every paper is written. None of it was turned off. What is left to try is
judging only the persons and establishments that new rows concern, held equal to judging everything.*
"""


def page(results: Results, sizes: list[int], machine: str, profile: str, minutes: float) -> str:
    """The whole page."""
    head = _HEAD.format(sizes=",".join(map(str, sizes)))
    return (f"{head}{machine}\n全部测完用了 {minutes:.0f} 分钟。\n\n## 目标 Goals\n\n{_goals(results, sizes)}\n"
            f"## 全部结果 All results\n\n{table(results, sizes)}\n"
            f"## 时间花在哪里 Where the time goes\n\n{profile}{_WHY}{_METHOD}")


def _goals(results: Results, sizes: list[int]) -> str:
    lines = ["| 目标 Goal | 要求 Bound | 测得 Measured | 结果 |", "|---|---:|---:|---|"]
    for one in goals(results, sizes):
        measured = "—" if one.measured is None else f"{one.measured:.2f}" if one.measured < 10 else f"{one.measured:,.0f}"
        lines.append(f"| {one.sentence} | {'≥' if one.at_least else '≤'} {one.bound:g} {one.unit} | {measured} | {one.verdict} |")
    return "\n".join(lines) + "\n"


def table(results: Results, sizes: list[int]) -> str:
    """Every subject at every size."""
    return "\n".join([_COLUMNS, "|---|---:|---:|---:|---:|---:|---:|---:|", *_rows(results, sizes)]) + "\n"


def _rows(results: Results, sizes: list[int]) -> Iterator[str]:
    for subject in (*SUBJECTS, *AFTERWARDS, HELP, FIRST_LINE):
        for size in sorted(sizes):
            if (one := results.of(subject.key, size)) is not None:
                yield _row(subject, size, one, results.seconds("floor", size))


def _row(subject: Subject, size: int, one: Cost, floor: float | None) -> str:
    """One line; what is no pass over all the workbooks has no cost for each."""
    all_of_them, of = subject in SUBJECTS, _workbooks(subject, size)
    if one.failure:
        return f"| {subject.name} | {of} | {one.failure} | | | | {_mb(one.memory_sum)} | {_mb(one.memory_largest)} |"
    each = f"{one.wall / size * 1000:.2f}" if all_of_them else ""
    ratio = f"{one.wall / floor:.2f}" if all_of_them and floor else ""
    return (f"| {subject.name} | {of} | {one.wall:.2f} | {f'{one.cpu:.2f}' if one.cpu else ''} | {each} | {ratio} | "
            f"{_mb(one.memory_sum)} | {_mb(one.memory_largest)} |")


def _workbooks(subject: Subject, size: int) -> str:
    """Of how many workbooks a line speaks, known and new."""
    if subject is HELP:
        return "—"
    more = {ALONE: f"0 + {min(NEW, size)}（{size:,}）", INCREMENTAL: f"{size:,} + {min(NEW, size)}"}
    return more.get(subject, f"{size:,}")


def _mb(megabytes: float) -> str:
    return f"{megabytes:.0f}" if megabytes else ""
