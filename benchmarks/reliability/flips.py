"""Single bits flipped in originals, journal, ledger and kept config.yaml: `verify` must tell of each."""

from __future__ import annotations

import random
from pathlib import Path

from benchmarks.reliability.kills import without_news
from benchmarks.reliability.stage import Tally
from pipeline.verification import verify


def flips(folder: Path, times: int) -> Tally:
    """A flip that is not found counts as lost."""
    desk, _ = without_news(folder / "flips", 2)
    groups = [[desk.ledger / "ledger.sqlite"], [desk.journal], sorted(desk.originals.iterdir()), sorted(desk.configs.iterdir())]
    chance, tally = random.Random(8), Tally("原件、流水、台账中翻转一位（verify 未发现即为丢失）")
    for number in range(times):
        path = chance.choice(groups[number % len(groups)])
        whole = path.read_bytes()
        changed = bytearray(whole)
        changed[chance.randrange(len(whole))] ^= 1 << chance.randrange(8)
        path.write_bytes(changed)
        tally = tally.plus(lost=int(not verify(desk)))
        path.write_bytes(whole)
    if verify(desk):
        raise SystemExit("verify finds fault with an undamaged ledger")
    return tally
