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
from pipeline.publish import publish
from pipeline.rollup import roll_up
from pipeline.safekeeping import at_work


def run(office: Office, folder: Path, progress: Progress) -> Outcome:
    """Make the district anew in `folder`, let its files arrive day by day, and write every quarter's papers."""
    shutil.rmtree(folder, ignore_errors=True)
    demo = replace(office, inputs=folder / "inputs", outputs=folder / "outputs")
    days = arrivals(office.config)
    for arrival in days:
        drop(demo, arrival)
        with at_work(demo):
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
    """The papers of the quarters gone by from one judgement, the newest quarter's by the job itself."""
    quarters = [Quarter(year, number) for year in demo.config.years for number in range(1, 5)]
    known = monthly.take_in(demo, today, None, True, 1, _silent)
    for quarter in quarters[:-1]:
        _publish(demo, known, quarter)
        progress("写出各季度", 1, len(quarters))
    outcome = monthly.run(demo, today, quarters[-1], False, 1, _silent)
    progress("写出各季度", 1, len(quarters))
    return outcome


def _publish(demo: Office, known: Outcome, quarter: Quarter) -> None:
    judged, book = known.judgement, known.book
    report = roll_up(book, judged.rows, judged.claims, judged.findings, quarter, demo.config)
    of_no_submission = [line for line in known.report.findings if line.finding.submission not in book.submissions]
    publish(demo, replace(report, findings=[*report.findings, *of_no_submission]), judged, book)


def _silent(*_: object) -> None:
    return None
