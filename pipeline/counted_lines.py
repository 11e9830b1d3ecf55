"""What stands behind the table's figures: the counted rows, and how they came together over the quarters."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence

import pandas as pd

from pipeline.book import Book, records
from pipeline.calendar import Quarter
from pipeline.config import Config
from pipeline.idnumber import mask
from pipeline.quarter_report import DemandLine, SourceLine, TableCell, TrendPoint


def source_lines(certificates: pd.DataFrame, book: Book, config: Config) -> list[SourceLine]:
    """Every certificate of the table's sectors, in the order of the table's cells and, within one, of arrival."""
    lines = [
        SourceLine(
            row["table_sector"], row["level"], int(row["effective_on"][:4]), row["name"], mask(row["id_number"]),
            row["employer"], row["route"], row["effective_on"], row["unit"], row["month"],
            book.submissions[row["submission"]].source, row["sheet"], row["row"])
        for row in records(certificates[certificates["table_sector"].isin(config.sector_names)])
    ]
    sectors, levels = ({name: at for at, name in enumerate(names)} for names in (config.sector_names, config.levels))
    return sorted(lines, key=lambda line: (sectors[line.sector], levels.get(line.level, len(levels)), line.year))


def demand_lines(surveys: pd.DataFrame, book: Book, config: Config) -> list[DemandLine]:
    """Every establishment that needs engineers by its newest survey, in the order of the table and of arrival."""
    lines = [
        DemandLine(
            row["table_sector"], row["establishment"], row["establishment_type"], int(row["headcount"]), int(row["required"]),
            row["unit"], row["month"], book.submissions[row["submission"]].source, row["sheet"], row["row"])
        for row in records(surveys[surveys["required"] > 0])
    ]
    return sorted(lines, key=lambda line: config.sector_names.index(line.sector))


def trend(counted: pd.DataFrame, cells: Sequence[TableCell], quarter: Quarter, config: Config) -> list[TrendPoint]:
    """Target and actual at the end of each quarter, from the plan's first to `quarter`."""
    days = {key: sorted(rows) for key, rows in counted.groupby(["table_sector", "level"])["effective_on"]}
    return [
        TrendPoint(
            shown, sector, level,
            sum(cell.target or 0 for cell in cells if (cell.sector, cell.level) == (sector, level) and cell.year <= shown.year),
            bisect_right(days.get((sector, level), []), shown.last_day.isoformat()))
        for shown in _quarters(min(config.years), quarter) for sector in config.sector_names for level in config.target_levels
    ]


def _quarters(first_year: int, last: Quarter) -> Iterator[Quarter]:
    for year in range(first_year, last.year + 1):
        for number in range(1, 5 if year < last.year else last.number + 1):
            yield Quarter(year, number)
