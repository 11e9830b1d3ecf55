"""The reader under damaged workbooks: python -m benchmarks.fuzz --count 20000 --seed 0.

Whatever is done to a workbook, reading it ends in a Reading; what was read without a word to anybody is all that stood there.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from datetime import date

from benchmarks.mutations import SEEDS, Mutant, mutant_of
from pipeline.config import Config
from pipeline.config_file import load
from pipeline.intake.sandbox import Readers
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
    with Readers(config, TODAY, workers) as readers:
        readings = list(readers.read_all(files))
    sound = dict(zip(seeds, readings, strict=False))
    for one, reading in zip(mutants, readings[len(seeds) :], strict=True):
        yield one, outcome(one, reading, sound[one.seed])


def faults(numbers: range, config: Config) -> list[tuple[Mutant, str]]:
    """The damaged workbooks of these numbers with which something went wrong, and what."""
    found: list[tuple[Mutant, str]] = []
    for start in range(numbers.start, numbers.stop, _BATCH):
        mutants = [mutant_of(number) for number in range(start, min(start + _BATCH, numbers.stop))]
        found += [(one, ending) for one, ending in outcomes(mutants, config) if ending not in _FINE]
    return found


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
    """Name every damaged workbook with which something went wrong."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--count", type=int, default=20_000)
    arguments.add_argument("--seed", type=int, default=0)
    given = arguments.parse_args()
    config = load(SEEDS.parents[2] / "config.yaml")
    wrong = faults(range(given.seed, given.seed + given.count), config)
    for one, ending in wrong:
        print(f"{{seed: {one.seed}, damage: {one.damage}, number: {one.number}, was: {ending!r}}}")
    print(f"{given.count} tried, {len(wrong)} went wrong")
    raise SystemExit(bool(wrong))


if __name__ == "__main__":
    main()
