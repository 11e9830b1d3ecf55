"""What reading in a child process costs beside reading in this one: `python -m benchmarks.sandbox`."""

from __future__ import annotations

import argparse
import tempfile
import time
from datetime import date
from pathlib import Path

from benchmarks.month import write_month
from pipeline.config import Config
from pipeline.config_file import load
from pipeline.intake import read
from pipeline.intake.sandbox import File, Readers

ROOT = Path(__file__).parents[1]
TODAY, TIMES, PAIRS = date(2020, 10, 8), 8, 15


def _here(files: list[File], config: Config) -> float:
    start = time.perf_counter()
    for source, content in files:
        read(content, source, TODAY, config)
    return time.perf_counter() - start


def _in_a_child(files: list[File], config: Config) -> float:
    start = time.perf_counter()
    with Readers(config, TODAY, 1) as readers:
        for _ in readers.read_all(files):
            pass
    return time.perf_counter() - start


def main() -> None:
    """Print the ratio of the quickest of pairs that were run in turn: another program can only slow them down."""
    argparse.ArgumentParser(description=__doc__).parse_args()
    config = load(ROOT / "config.yaml")
    with tempfile.TemporaryDirectory() as name:
        write_month(config, Path(name))
        files = [(path.name, path.read_bytes()) for path in sorted(Path(name).iterdir())] * TIMES
    pairs = [(_here(files, config), _in_a_child(files, config)) for _ in range(PAIRS)]
    here, child = min(one for one, _ in pairs), min(other for _, other in pairs)
    print(f"{len(files)} workbooks, {PAIRS} pairs: {here:.3f} s here, {child:.3f} s in a child, ratio {child / here:.3f}")


if __name__ == "__main__":
    main()
