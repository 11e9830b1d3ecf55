"""A district's month from the shell prompt, beside merely reading the same files."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from python_calamine import CalamineWorkbook

from benchmarks.month import WORKBOOKS, write_month
from pipeline.config_file import load

ROOT = Path(__file__).parents[1]
RUNS = 5


def _job(inputs: Path, outputs: Path) -> float:
    """Seconds of the whole job, start of Python included; fails where a workbook was not taken whole."""
    options = ["--inputs", str(inputs), "--outputs", str(outputs), "--today", "2020-09-03", "--json"]
    start = time.perf_counter()
    run = subprocess.run([sys.executable, "run.py", *options], cwd=ROOT, capture_output=True, check=True)
    seconds = time.perf_counter() - start
    files = json.loads(run.stdout)["files"]
    if files["accepted"] != WORKBOOKS:
        raise SystemExit(f"not every workbook was accepted: {files}")
    return seconds


def _reading(inputs: Path) -> float:
    """Seconds that python-calamine needs to turn the same files into rows."""
    start = time.perf_counter()
    for path in sorted(inputs.iterdir()):
        book = CalamineWorkbook.from_path(path)
        for name in book.sheet_names:
            book.get_sheet_by_name(name).to_python(skip_empty_area=False)
    return time.perf_counter() - start


def _line(what: str, seconds: list[float]) -> str:
    return f"{what:<24}{min(seconds):8.3f}{median(seconds):8.3f}{max(seconds):8.3f}"


def main() -> None:
    """Print seconds (least, median, most) and the ratio of the medians."""
    with tempfile.TemporaryDirectory() as name:
        inputs = Path(name) / "inputs"
        inputs.mkdir()
        rows = write_month(load(ROOT / "config.yaml"), inputs)
        jobs = [_job(inputs, Path(name) / f"outputs{turn}") for turn in range(RUNS)]
        readings = [_reading(inputs) for _ in range(RUNS)]
    print(f"{WORKBOOKS} workbooks, {rows} rows, {RUNS} runs; seconds: min, median, max")
    print(_line("whole job", jobs))
    print(_line("python-calamine alone", readings))
    print(f"ratio of the medians: {median(jobs) / median(readings):.1f}")


if __name__ == "__main__":
    main()
