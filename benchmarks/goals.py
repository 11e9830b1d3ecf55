"""The goals as ratios of what was measured, met or not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from benchmarks.runs import NEW, Results

JOBS = ("one", "default", "two")


@dataclass(frozen=True)
class Goal:
    """A sentence, the bound, and what was measured (None: not measured, or the run failed)."""

    sentence: str
    bound: float
    measured: float | None
    unit: str = ""
    at_least: bool = False

    @property
    def verdict(self) -> str:
        """Whether it is met."""
        if self.measured is None:
            return "没有测得 not measured"
        met = self.measured >= self.bound if self.at_least else self.measured <= self.bound
        return "达到 met" if met else "**未达到 not met**"


def goals(results: Results, sizes: list[int]) -> Iterator[Goal]:
    """Every goal, in the order in which they were set."""
    small, many, most = min(sizes), sorted(sizes)[len(sizes) // 2], max(sizes)
    floor, rivals = f"{many:,} 份全程 ÷ 底线", f"{many:,} 份，÷ 全程（两个进程）"
    yield Goal(f"{floor}，一个核 job ÷ floor, one core", 2.0, _ratio(results, "one", "floor", many), "倍")
    yield Goal(f"{floor}，两个进程 job ÷ floor, two processes", 1.3, _ratio(results, "two", "floor", many), "倍")
    yield Goal(f"{rivals}：惯用脚本 usual script ÷ job", 20, _ratio(results, "script", "two", many), "倍", True)
    yield Goal(f"{rivals}：frictionless ÷ job", 40, _ratio(results, "frictionless", "two", many), "倍", True)
    more = f"{most:,} 份" if most > many else "更多份（没有测）"
    yield Goal(f"每份用时，{more} ÷ {many:,} 份 cost per workbook stays flat", 1.1, _growth(results, many, most), "倍")
    yield Goal("本项目每个进程的内存峰值 peak memory of a process", 256, _memory(results, sizes), "MB")
    yield Goal(f"再来 {NEW} 份，每千份已知文件另加 added per 1,000 known", 5, _per_thousand(results, most), "毫秒 ms")
    yield Goal(f"{small:,} 份，从命令行起 from the shell", 0.9, results.seconds("default", small), "秒 s")
    yield Goal("`--help`", 0.2, results.seconds("help", small), "秒 s")


def _ratio(results: Results, above: str, below: str, workbooks: int) -> float | None:
    one, other = results.seconds(above, workbooks), results.seconds(below, workbooks)
    return one / other if one and other else None


def _growth(results: Results, many: int, most: int) -> float | None:
    one, other = results.seconds("two", most), results.seconds("two", many)
    return (one / most) / (other / many) if one and other and most != many else None


def _memory(results: Results, sizes: list[int]) -> float | None:
    costs = [results.of(key, size) for key in JOBS for size in sizes]
    return max((one.memory_largest for one in costs if one), default=None)


def _per_thousand(results: Results, most: int) -> float | None:
    """Milliseconds that new files cost more beside known ones than alone, for each thousand known."""
    alone, beside = results.seconds("alone", most), results.seconds("incremental", most)
    return (beside - alone) * 1000 / (most / 1000) if alone and beside and most >= 1000 else None
