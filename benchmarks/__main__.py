"""The whole job beside the floor and beside what one would otherwise do: `python -m benchmarks`.

Prints every figure and writes docs/performance.md; `--sizes 25,1000` measures other numbers of workbooks, `--quick` tries
in a minute that everything can be measured, and writes nothing.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.machine import described
from benchmarks.measure import ROOT
from benchmarks.page import page
from benchmarks.runs import Bench, Results

_SIZES, _QUICK = "25,1000,10000", "4"


def main() -> None:
    """Measure, print, write."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--sizes", default=None, help=f"numbers of workbooks (default {_SIZES})")
    options.add_argument("--quick", action="store_true", help="few workbooks, each once; nothing is written")
    options.add_argument("--limit", type=float, default=400.0, help="seconds that one run may take")
    options.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "pipeline-benchmarks")
    chosen = options.parse_args()
    sizes = sorted(map(int, (chosen.sizes or (_QUICK if chosen.quick else _SIZES)).split(",")))
    chosen.folder.mkdir(parents=True, exist_ok=True)
    text = _measured(Bench(chosen.folder, chosen.limit, 1 if chosen.quick else 9), sizes)
    print(text)
    if not chosen.quick:
        (ROOT / "docs" / "performance.md").write_text(text, "utf-8")


def _measured(bench: Bench, sizes: list[int]) -> str:
    results, begun = Results(), time.perf_counter()
    bench.start(min(sizes), results)
    for size in sizes:
        bench.measure(size, results)
    profiled = _profile(bench, sizes[len(sizes) // 2])
    return page(results, sizes, described(bench.folder), profiled, (time.perf_counter() - begun) / 60)


def _profile(bench: Bench, workbooks: int) -> str:
    command = [sys.executable, "-m", "benchmarks.profile", str(bench.corpus(workbooks))]
    try:
        run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=bench.limit)
    except subprocess.TimeoutExpired:
        return f"{workbooks:,} 份没有在 {bench.limit:.0f} 秒内完成。\n"
    return run.stdout


if __name__ == "__main__":
    main()
