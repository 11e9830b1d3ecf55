"""`demo`: the fictional district's three years, file by file, through the real job."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

from pipeline import monthly
from pipeline.calendar import Quarter
from pipeline.demo import Arrival, arrivals
from pipeline.monthly import Outcome
from pipeline.office import Office, Progress


def run(office: Office, folder: Path, progress: Progress) -> Outcome:
    """Make the district anew in `folder`, let its files arrive day by day, and write every quarter's papers."""
    shutil.rmtree(folder, ignore_errors=True)
    demo = replace(office, inputs=folder / "inputs", outputs=folder / "outputs")
    days = arrivals(office.config)
    for arrival in days:
        drop(demo, arrival)
        monthly.take_in(demo, arrival.day, None, False, 1, _silent)
        progress("逐日收件", 1, len(days))
    return _every_quarter(demo, days[-1].day, progress)


def drop(demo: Office, arrival: Arrival) -> None:
    """Put one day's files into inputs/."""
    for name, content in arrival.files.items():
        path = demo.inputs / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def _every_quarter(demo: Office, today: date, progress: Progress) -> Outcome:
    quarters = [Quarter(year, number) for year in demo.config.years for number in range(1, 5)]
    for quarter in quarters:
        outcome = monthly.run(demo, today, quarter, False, 1, _silent)
        progress("写出各季度", 1, len(quarters))
    return outcome


def _silent(*_: object) -> None:
    return None
