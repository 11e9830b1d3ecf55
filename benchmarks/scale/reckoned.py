"""From what one workbook costs to what a district, a province and a nation would take: the formulas of docs/scale.md."""

from __future__ import annotations

import math
from dataclasses import dataclass

from benchmarks.scale.measured import NEW, Measured

CORES, HOUR = 8, 3600  # of a usual office server


@dataclass(frozen=True)
class Unit:
    """CPU seconds and bytes of one workbook."""

    run: float  # of a run without any
    read: float  # by the readers
    take: float  # everything for a new one, reading included
    known: float  # for each that is known already, in every run
    server: float  # of the database server, for a new one
    memory: float  # bytes of the job's largest process for each known one
    base: float  # bytes of the job before it knows any
    on_server: float
    originals: float


def unit(found: Measured) -> Unit:
    """The costs of one workbook, from runs on `found.workbooks` of them."""
    job = found.sqlite
    base, full = (one.memory_largest * (1 << 20) for one in (job.empty, job.nothing))
    start = job.empty.cpu
    return Unit(
        run=start, read=found.local.readers / found.workbooks, take=(job.first.cpu - start) / found.workbooks,
        known=max(0.0, job.nothing.cpu - start) / (found.workbooks + NEW),
        server=found.postgres.server / found.workbooks,
        memory=max(0.0, full - base) / (found.workbooks + NEW), base=base,
        on_server=found.postgres.ledger, originals=job.originals)


@dataclass(frozen=True)
class Place:
    """Somewhere that keeps ledgers: how many, workbooks in all and new in a month."""

    name: str
    ledgers: int
    workbooks: int
    monthly: int

    def month(self, one: Unit) -> float:
        """CPU hours of a month's run over all ledgers, when everything else is known."""
        return (self.ledgers * one.run + self.monthly * one.take + self.workbooks * one.known) / HOUR

    def longest(self, one: Unit) -> float:
        """Hours of the longest single ledger: its judging is one process, its reading is shared out."""
        new, known = self.monthly / self.ledgers, self.workbooks / self.ledgers
        return (one.run + new * (one.take - one.read + one.read / CORES) + known * one.known) / HOUR

    def machines(self, one: Unit, hours: float) -> int:
        """Servers of 8 cores that end a month's run within so many hours, where the ledgers run side by side."""
        return max(1, math.ceil(self.month(one) / (CORES * hours)))

    def memory(self, one: Unit) -> float:
        """Gigabytes of one ledger's process."""
        return (one.base + self.workbooks / self.ledgers * one.memory) / 1e9

    def again(self, one: Unit) -> float:
        """CPU hours of reading all originals anew (`verify`, a restored ledger)."""
        return self.workbooks * one.read / HOUR

    def gigabytes(self, each: float) -> float:
        """What all workbooks take where one takes so many bytes."""
        return self.workbooks * each / 1e9


DISTRICT = Place("一个区，三年 a district, 3 years", 1, 800, 22)
PROVINCE = Place("一个省，各区各记 a province, a ledger for each of 90 districts", 90, 72_000, 2_000)
ONE_LEDGER = Place("一个省，一本台账 a province, one ledger", 1, 72_000, 2_000)
NATION = Place("全国，一年 the nation, a year, a ledger for each of 2,800 districts", 2_800, 500_000, 41_667)
NATION_ONE = Place("全国，每省一本 the nation, a ledger for each of 31 provinces", 31, 500_000, 41_667)
PLACES = (DISTRICT, PROVINCE, ONE_LEDGER, NATION, NATION_ONE)
