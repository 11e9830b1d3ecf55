"""The month from Python: read, validate, roll up, as functions over frames (docs/python.md). Nothing is written to the disk."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd

from pipeline import exporting
from pipeline import rollup as stage
from pipeline.book import Book, newest_month
from pipeline.calendar import Quarter
from pipeline.config import Config
from pipeline.config_file import load
from pipeline.inbox import look_into
from pipeline.judge import judge
from pipeline.ledger.opening import in_memory
from pipeline.ledger.store import sha256
from pipeline.monthly import as_of as as_it_was
from pipeline.office import Office, enter, read_all, settle
from pipeline.tidy import finding_frame, tidy

Paths = str | Path | Iterable[str | Path]
Day = str | date | None


@dataclass(frozen=True)
class Frames(Mapping[str, pd.DataFrame]):
    """What workbooks hold: a frame for each kind of sheet, by its key in `pipeline.sheets` (`certificates`, `establishments` …).

    The frames have whole ID numbers, as the rules need them: do not pass them on.
    """

    book: Book
    config: Config

    def __getitem__(self, kind: str) -> pd.DataFrame:
        return self.book.rows[kind]

    def __iter__(self) -> Iterator[str]:
        return iter(self.book.rows)

    def __len__(self) -> int:
        return len(self.book.rows)

    @property
    def files(self) -> pd.DataFrame:
        """A row for each file: number, name, unit, month, day of 填报日期, whether it was refused."""
        return pd.DataFrame([{
            "submission": one.number, "file": one.source, "unit": one.unit, "month": str(one.month) if one.month else None,
            "filled_on": one.filled_on, "nil_return": one.nil_return, "refused": one.refused,
        } for one in self.book.submissions.values()], columns=["submission", "file", "unit", "month", "filled_on", "nil_return", "refused"])

    @property
    def findings(self) -> pd.DataFrame:
        """What was found while reading, before any rule was asked."""
        return finding_frame(self.book.cell_findings, self.book)


def read(source: Paths, config: str | Path = "config.yaml", today: Day = None) -> Frames:
    """Read a folder or some workbooks as if they arrived `today` (the real day where nothing is said).

    Raises ConfigError for a wrong config.yaml; a workbook that cannot be read is a refused file with a finding.
    """
    settings, day = load(Path(config)), _day(today)
    office = Office(settings, Path(config).read_bytes(), Path(str(source)), Path())
    engine = in_memory()
    with engine.connect() as connection:
        if isinstance(source, str | Path) and Path(source).is_dir():
            files = look_into(office, connection, lambda *_: None).new
        else:
            files = _different(source)
        enter(connection, office, read_all(files, day, settings, 1, lambda: None), day, keep_originals=False)
        book, _ = settle(connection, settings, day)
    engine.dispose()
    return Frames(book, settings)


def read_ledger(
    outputs: str | Path = "outputs", config: str | Path = "config.yaml", today: Day = None, as_of: Day = None
) -> Frames:
    """What the office's ledger knows, or knew at the end of a day (`as_of`); the ledger is only looked at.

    Raises LedgerDamagedError where its files are not as the last run left them.
    """
    settings, day = load(Path(config)), _day(today)
    office = Office(settings, Path(config).read_bytes(), Path(), Path(outputs))
    return Frames(as_it_was(office, day, _day(as_of) if as_of else day, None, dry=True).book, settings)


def validate(frames: Frames) -> pd.DataFrame:
    """Every finding of reading and rules that stands, as 问题 has it (`dictionary`): ID numbers masked."""
    return finding_frame(judge(frames.book, frames.config).findings, frames.book)


def roll_up(frames: Frames, quarter: str | None = None) -> dict[str, pd.DataFrame]:
    """The quarter's tidy tables (the newest with a return where none is named), ID numbers masked: `table`, `sectors`, `units`,
    `certificates`, `establishments`, `claims`, `findings`.

    Raises ValueError for what is no quarter, ReconciliationError where the rows do not add up.
    """
    book, config = frames.book, frames.config
    judgement = judge(book, config)
    shown = Quarter.parse(quarter) if quarter else Quarter.of(newest_month(book))
    return tidy(stage.roll_up(book, judgement.rows, judgement.claims, judgement.findings, shown, config), judgement, book, config)


def dictionary(config: str | Path = "config.yaml") -> pd.DataFrame:
    """What stands in each column of each tidy table."""
    heading, *lines = exporting.dictionary(load(Path(config)))
    return pd.DataFrame(lines, columns=heading)


def _different(source: Paths) -> list[tuple[str, bytes]]:
    """Each file once, whatever it is called."""
    paths = [source] if isinstance(source, str | Path) else source
    files: dict[str, tuple[str, bytes]] = {}
    for path in map(Path, paths):
        content = path.read_bytes()
        files.setdefault(sha256(content), (path.name, content))
    return list(files.values())


def _day(day: Day) -> date:
    return date.fromisoformat(day) if isinstance(day, str) else day or date.today()
