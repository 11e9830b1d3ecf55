"""The reader under damaged workbooks: python -m benchmarks.fuzz --count 20000 --seed 0.

Whatever is done to a workbook, reading it ends in a Reading; what was read without a word to anybody is all that stood there.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date

from benchmarks.apart import read_apart
from benchmarks.mutations import SEEDS, Mutant, mutant_of
from pipeline.config import Config
from pipeline.config_file import load
from pipeline.reading import Reading, Value

TODAY = date(2020, 10, 8)
REFUSED, TOLD, WHOLE, REWRITTEN = "refused", "told", "whole", "rewritten"
_FINE = (REFUSED, TOLD, WHOLE, REWRITTEN)
_BATCH = 2000

# Kind, place among the rows and field of a filled cell → what it holds.
Cells = dict[tuple[str, int, str], Value]


def outcomes(mutants: Sequence[Mutant], config: Config, workers: int = 2) -> Iterator[tuple[Mutant, str]]:
    """What became of each mutant: one of the four that are fine, or in a word what was wrong."""
    seeds = sorted(path.name for path in SEEDS.iterdir())
    files = [(name, (SEEDS / name).read_bytes()) for name in seeds] + [(one.seed, one.content) for one in mutants]
    readings = read_apart(files, TODAY, config, workers)
    sound = dict(zip(seeds, readings, strict=False))
    for one, reading in zip(mutants, readings[len(seeds) :], strict=True):
        whole = sound[one.seed]
        assert isinstance(whole, Reading)  # a seed is sound
        yield one, reading if isinstance(reading, str) else outcome(one, reading, whole)


def outcome(one: Mutant, reading: Reading, whole: Reading) -> str:
    """What a reading is worth beside that of the sound seed."""
    if reading.refused:
        return REFUSED if [found.rule for found in reading.findings] == ["N00"] and not reading.tables else "refused badly"
    if any(len(cells) != len(table.rows) for table in reading.tables for cells in table.values.values()):
        return "columns of unequal length"
    if reading.findings:
        return TOLD
    before, after = filled(whole), filled(reading)
    if before == after and reading.cover == whole.cover:
        return WHOLE
    if not one.in_text:
        return "changed in silence"
    # Of a text without any mark of its end, a piece is a whole text.
    return REWRITTEN if before.keys() <= after.keys() or one.seed.endswith(".csv") else "lost in silence"


def filled(reading: Reading) -> Cells:
    """Every filled cell of a reading."""
    return {(table.kind, place, name): value for table in reading.tables for name, values in table.values.items()
            for place, value in enumerate(values) if value is not None}


def main() -> None:
    """Count the outcomes per format and name every mutant with which something was wrong."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--count", type=int, default=20_000)
    arguments.add_argument("--seed", type=int, default=0)
    given = arguments.parse_args()
    config = load(SEEDS.parents[2] / "config.yaml")
    tally: Counter[tuple[str, str]] = Counter()
    for start in range(given.seed, given.seed + given.count, _BATCH):
        numbers = range(start, min(start + _BATCH, given.seed + given.count))
        for one, ending in outcomes([mutant_of(number) for number in numbers], config):
            kind = ending if ending in _FINE else "FAULT"
            tally[one.seed.rpartition(".")[2], kind] += 1
            if kind == "FAULT":
                print(f"{{seed: {one.seed}, damage: {one.damage}, number: {one.number}, was: {ending!r}}}", flush=True)
    for (seed, kind), number in sorted(tally.items()):
        print(f"{seed:<8}{kind:<12}{number:>8}")
    raise SystemExit(any(kind == "FAULT" for _, kind in tally))


if __name__ == "__main__":
    main()
