"""The faults of docs/reliability.md in short; `python -m benchmarks.reliability` tries each hundreds of times."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from benchmarks.reliability.flips import flips
from benchmarks.reliability.kills import closing, first_month, later_month, withdrawal
from benchmarks.reliability.mails import mails
from benchmarks.reliability.stage import Tally
from benchmarks.reliability.together import cut_copies, two_at_once
from tests.support.desk import ROOT

TABLE = (ROOT / "docs" / "reliability.md").read_text("utf-8")


def unharmed(tally: Tally) -> bool:
    return tally.tried > 0 and (tally.lost, tally.doubled, tally.torn) == (0, 0, 0)


@pytest.mark.parametrize("fault", [first_month, later_month, withdrawal, closing, mails, flips, two_at_once, cut_copies])
def test_each_fault_does_no_harm(fault, tmp_path: Path):
    tally = fault(tmp_path, 2)
    assert unharmed(tally), tally


def test_the_table_that_is_shown_is_all_zeros_and_of_enough_trials():
    rows = re.findall(r"^\| (.+?) \| (\d+) \| (\d+) \| (\d+) \| (\d+) \|$", TABLE, re.M)
    assert [row for row in rows if row[2:] != ("0", "0", "0")] == []
    assert sum(int(tried) for what, tried, *_ in rows if what.startswith("kill -9")) >= 500
    assert next(int(tried) for what, tried, *_ in rows if "翻转" in what) >= 300
