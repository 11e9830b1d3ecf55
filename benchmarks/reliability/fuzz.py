"""Sound workbooks of every format, damaged by number: the same number always does the same damage.

`python -m benchmarks.reliability.fuzz 20000` tries so many and prints the numbers that went wrong.
"""

from __future__ import annotations

import io
import random
import re
import sys
import zipfile
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

from benchmarks.reliability.stage import ROOT, Tally, office
from pipeline.config import Config
from pipeline.intake.sandbox import File, Readers
from pipeline.reading import Reading

SEEDS = ROOT / "tests" / "cases" / "seeds"
TODAY = date(2020, 10, 8)
Damage = Callable[[bytes, random.Random], bytes]


def _flip(content: bytes, chance: random.Random) -> bytes:
    changed = bytearray(content)
    for _ in range(chance.choice((1, 1, 2, 8))):
        changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def _cut(content: bytes, chance: random.Random) -> bytes:
    return content[: chance.randrange(len(content))]


def _splice(content: bytes, chance: random.Random) -> bytes:
    start, length, at = chance.randrange(len(content)), chance.choice((1, 16, 512)), chance.randrange(len(content))
    return content[:at] + content[start : start + length] + content[at:]


def _blank(content: bytes, chance: random.Random) -> bytes:
    at, length = chance.randrange(len(content)), chance.choice((1, 4, 64, 512))
    return (content[:at] + bytes(length) + content[at + length :])[: len(content)]


def _number(content: bytes, chance: random.Random) -> bytes:
    """Four bytes become a number at the edge of what four bytes can say: sizes, offsets, chains."""
    at = chance.randrange(max(1, len(content) - 4))
    return content[:at] + chance.choice((0, 1, 0x7FFFFFFF, 0xFFFFFFFE, 0xFFFFFFFF)).to_bytes(4, "little") + content[at + 4 :]


def _xml(content: bytes, chance: random.Random) -> bytes:
    """A part is changed and the archive written anew, so that every checksum holds."""
    if not content.startswith(b"PK"):
        return _flip(content, chance)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = chance.choice(sorted(parts))
    parts[name] = chance.choice((_digits, _tag, _flip, _cut, _splice))(parts[name] or b" ", chance)
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for part, body in parts.items():
            archive.writestr(part, body)
    return target.getvalue()


def _digits(content: bytes, chance: random.Random) -> bytes:
    places = [found.span() for found in re.finditer(rb"\d+", content)]
    if not places:
        return content
    start, end = chance.choice(places)
    return content[:start] + chance.choice((b"0", b"-1", b"99999999999", b"1e9", b"")) + content[end:]


def _tag(content: bytes, chance: random.Random) -> bytes:
    places = [found.span() for found in re.finditer(rb"<[^>]*>", content)]
    if not places:
        return content
    start, end = chance.choice(places)
    return content[:start] + content[start:end] * chance.choice((0, 0, 2, 50)) + content[end:]


DAMAGES: tuple[Damage, ...] = (_flip, _cut, _splice, _blank, _number, _xml, _xml)


def damaged(number: int) -> tuple[File, Damage]:
    """The workbook of a number with its name, and what was done to it."""
    chance = random.Random(number)
    seed = chance.choice(sorted(SEEDS.iterdir()))
    damage = chance.choice(DAMAGES)
    return (seed.name, damage(seed.read_bytes(), chance)), damage


def fault_of(reading: Reading, name: str, damage: Damage, rows: int) -> str | None:
    """What is wrong with a reading: neither refused nor whole, or rows gone without a word; None where nothing is.

    Changed XML may be what somebody typed and a shortened text what somebody sent: neither can be told from damage.
    """
    if reading.refused:
        return None if [one.rule for one in reading.findings] == ["N00"] and not reading.tables else "refused without a finding"
    if any(len(cells) != len(table.rows) for table in reading.tables for cells in table.values.values()):
        return "columns of unequal length"
    read = sum(len(table.rows) for table in reading.tables)
    undetectable = damage is _xml or name.endswith(".csv")
    return "rows lost in silence" if read < rows and not reading.findings and not undetectable else None


def faults(numbers: range, config: Config, workers: int = 2) -> Iterator[tuple[int, str]]:
    """The numbers that went wrong, and how."""
    cases = [damaged(number) for number in numbers]
    with Readers(config, TODAY, workers) as readers:
        sound = {path.name: path.read_bytes() for path in sorted(SEEDS.iterdir())}
        whole = dict(zip(sound, readers.read_all(list(sound.items())), strict=True))
        sizes = {name: sum(len(table.rows) for table in reading.tables) for name, reading in whole.items()}
        for number, (file, damage), reading in zip(numbers, cases, readers.read_all([file for file, _ in cases]), strict=True):
            if wrong := fault_of(reading, file[0], damage, sizes[file[0]]):
                yield number, wrong


def fuzzed(folder: Path, times: int) -> Tally:
    """Every damaged workbook must end in a finding or come through whole."""
    tally = Tally("损坏的工作簿（按编号变异，xlsx、xls、ods、csv）")
    config = office(folder).config
    found = 0
    for start in range(0, times, 1000):
        found += len(list(faults(range(start, min(start + 1000, times)), config)))
    return Tally(tally.fault, times, lost=found)


if __name__ == "__main__":
    for start in range(0, int(sys.argv[1]), 1000):
        for number, wrong in faults(range(start, min(start + 1000, int(sys.argv[1]))), office(Path()).config):
            print(number, wrong, damaged(number)[0][0], damaged(number)[1].__name__, flush=True)
