"""Valid intake workbooks by the thousand, always the same: `python -m benchmarks.corpus FOLDER --workbooks 1000`.

Three years of monthly returns: FOLDER/inputs/2019-01/… and the FOLDER/config.yaml that knows the units. Each workbook has a cover
and four sheets of fifty rows. Lists are sent in whole, as offices do: of a list's fifty rows ten are new in a month. One workbook of
twenty has a few faulty rows. All names and ID numbers are made up.
"""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache, partial
from pathlib import Path

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from benchmarks import TODAY
from benchmarks.people import NEW, ROWS, award, bonus, certificate, establishment
from pipeline.calendar import Month
from pipeline.config import Config
from pipeline.config_file import load
from pipeline.sheets import (
    CERTIFICATE_AWARDS,
    CERTIFICATES,
    COVER,
    COVER_LABEL,
    ESTABLISHMENTS,
    OTHER_AWARDS,
    Sheet,
    choices_of,
)

ROOT = Path(__file__).parents[1]
MONTHS, FEWEST_UNITS, FAULTY_EVERY = 36, 25, 20
_TODAY = date.fromisoformat(TODAY)
_SAVED_ON = datetime(2022, 1, 10, 9)
FILLED = (ESTABLISHMENTS, CERTIFICATES, CERTIFICATE_AWARDS, OTHER_AWARDS)
_UNITS_END = "\nleading_group:"
Row = dict[str, object]


@dataclass(frozen=True)
class Return:
    """One unit's workbook of one month, by their places."""

    place: int
    unit: str
    month: int

    @property
    def calendar_month(self) -> Month:
        """The month itself."""
        return Month(2019 + self.month // 12, 1 + self.month % 12)

    @property
    def path(self) -> str:
        """Its name below inputs/."""
        return f"{self.calendar_month}/{self.place:03d}{self.unit}.xlsx"

    @property
    def faulty(self) -> bool:
        """Whether some of its rows are wrong."""
        return (self.place * 7 + self.month) % FAULTY_EVERY == 7


def units_for(workbooks: int) -> int:
    """How many units send so many workbooks in three years; a month of them at least."""
    return max(FEWEST_UNITS, -(-workbooks // MONTHS))


def write_config(folder: Path, units: int) -> tuple[Path, list[str]]:
    """The repository's config.yaml with so many reporting units; gives its path and their names."""
    names = list(load(ROOT / "config.yaml").reporting_units)
    more = [f"演示{number:03d}镇" for number in range(len(names), units)]
    head, end, tail = (ROOT / "config.yaml").read_text("utf-8").partition(_UNITS_END)
    lines = "".join(f"  - {{name: {name}, reports: true}}\n" for name in more)
    path = folder / "config.yaml"
    path.write_text(f"{head.rstrip()}\n{lines}{end}{tail}", "utf-8")
    return path, [*names, *more][:units]


def write_schema(folder: Path, config: Config) -> None:
    """What a schema can say of the four sheets, for validators that do not know the pipeline."""
    described = [{
        "label": sheet.label, "identity": [sheet.column(field).label for field in sheet.identity if sheet.column(field).required],
        "columns": [{"label": one.label, "kind": one.kind, "required": one.required, "choices": choices_of(one, config)}
                    for one in sheet.columns],
    } for sheet in FILLED]
    (folder / "schema.json").write_text(json.dumps(described, ensure_ascii=False, indent=1), "utf-8")


def returns(units: list[str], first: int, count: int) -> Iterator[Return]:
    """So many returns from the first on, month by month."""
    for number in range(first, first + count):
        yield Return(number % len(units), units[number % len(units)], number // len(units))


def build(folder: Path, workbooks: int, further: int = 0) -> None:
    """Write config.yaml, inputs/ and, in new/, what comes in afterwards; what is there already is kept."""
    folder.mkdir(parents=True, exist_ok=True)
    path, units = write_config(folder, units_for(workbooks))
    write_schema(folder, load(path))
    for name, first, count in (("inputs", 0, workbooks), ("new", workbooks, further)):
        wanted = [one for one in returns(units, first, count) if not (folder / name / one.path).exists()]
        for one in wanted:
            (folder / name / one.path).parent.mkdir(parents=True, exist_ok=True)
        with ProcessPoolExecutor() as pool:
            for _ in pool.map(partial(write, folder / name), wanted, chunksize=16):
                pass


def write(folder: Path, one: Return) -> Path:
    """Write a return's workbook, with the time of a file that has long been copied."""
    path = folder / one.path
    part = path.with_suffix(".part")
    options = {"strings_to_numbers": False, "in_memory": True, "default_date_format": "yyyy-mm-dd"}
    with Workbook(part, options) as book:
        book.set_properties({"created": _SAVED_ON})
        _cover(book, one)
        for sheet, rows in _sheets(one).items():
            _fill(book.add_worksheet(sheet.label), sheet, rows)
    os.utime(part, (_SAVED_ON.timestamp(), _SAVED_ON.timestamp()))
    return part.rename(path)


@cache
def template_version() -> str:
    """What stands on a cover: that of the repository's config.yaml."""
    return load(ROOT / "config.yaml").template_version


def _cover(book: Workbook, one: Return) -> None:
    page = book.add_worksheet(COVER_LABEL)
    filled_on = min(one.calendar_month.last_day, _TODAY - timedelta(days=1))
    answers = (one.unit, str(one.calendar_month), "经办人甲", "13800000000", "审核人乙", filled_on, "否", template_version())
    for row, (column, answer) in enumerate(zip(COVER, answers, strict=True)):
        page.write(row, 0, column.label)
        page.write(row, 1, answer)


def _fill(page: Worksheet, sheet: Sheet, rows: list[Row]) -> None:
    page.write_row(0, 0, ["序号", *(column.label for column in sheet.columns)])
    for number, row in enumerate(rows, 1):
        page.write_number(number, 0, number)
        for place, field in enumerate(sheet.fields, 1):
            if (value := row.get(field)) is not None:
                page.write(number, place, value)


def _sheets(one: Return) -> dict[Sheet, list[Row]]:
    """The survey, the newest holders, their claims, and what their employers pay them."""
    people = range(one.month * NEW, one.month * NEW + ROWS)
    sheets = {
        ESTABLISHMENTS: [establishment(one.place, number, one.calendar_month.year) for number in range(ROWS)],
        CERTIFICATES: [certificate(one.place, number) for number in people],
        CERTIFICATE_AWARDS: [award(one.place, number) for number in people],
        OTHER_AWARDS: [bonus(one.place, number) for number in people],
    }
    if one.faulty:
        _spoil(one, sheets)
    if one.place % 10 == 3:  # some type their dates
        sheets = {sheet: [_typed(row) for row in rows] for sheet, rows in sheets.items()}
    return sheets


def _spoil(one: Return, sheets: dict[Sheet, list[Row]]) -> None:
    """Four rows of the two hundred: a mistyped ID, a blank phone, a wrong amount, another unit's holder."""
    holders, claims, at = sheets[CERTIFICATES], sheets[CERTIFICATE_AWARDS], 1 + one.month % 40
    number = str(holders[at]["id_number"])
    holders[at]["id_number"] = number[:17] + "0123456789X"[("0123456789X".index(number[17]) + 1) % 11]
    claims[at + 2]["phone"] = None
    claims[at + 4]["amount"] = 1500
    holders[at + 6] = certificate(one.place - 1 if one.place else 1, one.month * NEW + at)


def _typed(row: Row) -> Row:
    return {field: f"{value:%Y.%m.%d}" if isinstance(value, date) else value for field, value in row.items()}


def main() -> None:
    """Build a corpus in a folder."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("folder", type=Path)
    options.add_argument("--workbooks", type=int, default=1000)
    options.add_argument("--further", type=int, default=25, help="workbooks of the time after, in FOLDER/new")
    chosen = options.parse_args()
    build(chosen.folder, chosen.workbooks, chosen.further)
    print(f"run.py --config {chosen.folder}/config.yaml --inputs {chosen.folder}/inputs --outputs … --today {TODAY}")


if __name__ == "__main__":
    main()
