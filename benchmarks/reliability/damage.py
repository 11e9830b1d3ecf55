"""Damaged workbooks of every format, read in the sandbox."""

from __future__ import annotations

from pathlib import Path

from benchmarks.fuzz import faults
from benchmarks.reliability.stage import Tally, office


def fuzzed(folder: Path, times: int) -> Tally:
    """Every damaged workbook must be returned, told of or come through whole."""
    wrong = faults(range(times), office(folder).config)
    return Tally("损坏的工作簿（按编号变异，xlsx、xlsm、xlsb、xls、ods、csv）", times, lost=len(wrong))
