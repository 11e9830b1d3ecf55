"""`export`: a quarter's tidy data as CSV (for Excel and WPS) and Parquet (for programs), with a data dictionary."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from pipeline.calendar import Quarter
from pipeline.columns import Column, Kind, choices_of
from pipeline.config import Config
from pipeline.files import write_if_changed
from pipeline.monthly import as_of
from pipeline.office import Office
from pipeline.tidy import tidy
from pipeline.tidy_tables import TABLES, TidyTable

if TYPE_CHECKING:
    import pyarrow as pa

FOLDER = "数据"
DICTIONARY = "数据字典.csv"
_KINDS = {Kind.DATE: "日期（2020-08-31）", Kind.COUNT: "整数", Kind.YEAR: "整数", Kind.MONEY: "数", Kind.HOURS: "数", Kind.YESNO: "是、否"}
# What a spreadsheet takes for the beginning of a formula, also behind spaces and in the width of Chinese signs.
_FORMULA = tuple("=+-@＝＋－＠")


def export(office: Office, quarter: Quarter | None, today: date) -> list[Path]:
    """Write the quarter's data as the ledger has it today; gives the paths, those of a closed quarter beside the frozen folder."""
    outcome = as_of(office, today, today, quarter, dry=True)
    report = outcome.report
    folder = office.outputs / f"{report.quarter}{'_封存之后' if report.closed_on else ''}" / FOLDER
    frames = tidy(report, outcome.judgement, outcome.book, office.config)
    return [*_written(folder, frames), write_if_changed(folder / DICTIONARY, as_csv(dictionary(office.config)))]


def _written(folder: Path, frames: Mapping[str, pd.DataFrame]) -> Iterator[Path]:
    for table in TABLES:
        frame = frames[table.key]
        labelled = [[column.label for column in table.columns], *_texts(table, frame)]
        yield write_if_changed(folder / f"{table.label}.csv", as_csv(labelled))
        yield write_if_changed(folder / f"{table.label}.parquet", as_parquet(table, frame))


def dictionary(config: Config) -> list[list[str]]:
    """The data dictionary: a line for each column of each table, below its heading."""
    heading = ["文件", "一行是", "列（CSV）", "字段（Parquet）", "类型", "取值", "说明"]
    return [heading, *([table.label, table.about, column.label, column.field, _KINDS.get(column.kind, "文字"),
                        "、".join(choices_of(column, config)), column.hint] for table in TABLES for column in table.columns)]


def as_csv(lines: Iterable[Sequence[str]]) -> bytes:
    """UTF-8 with a mark, by which Excel and WPS know it; nothing in it is taken for a formula."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows([map(guarded, line) for line in lines])
    return text.getvalue().encode("utf-8-sig")


def guarded(text: str) -> str:
    """A text with an apostrophe before it where a spreadsheet would take it for a formula."""
    return f"'{text}" if text.lstrip().startswith(_FORMULA) and not _is_number(text) else text


def _is_number(text: str) -> bool:
    return text.removeprefix("-").replace(".", "", 1).isascii() and text.removeprefix("-").replace(".", "", 1).isdigit()


def _texts(table: TidyTable, frame: pd.DataFrame) -> Iterator[list[str]]:
    columns = [[_text(value, column.kind) for value in frame[column.field]] for column in table.columns]
    yield from map(list, zip(*columns, strict=True))


def _text(value: Any, kind: Kind) -> str:
    if pd.isna(value):
        return ""
    match kind:
        case Kind.DATE:
            return f"{value:%Y-%m-%d}"
        case Kind.YESNO:
            return "是" if value else "否"
        case Kind.MONEY | Kind.HOURS:
            return f"{value:.15g}"
    return str(value)


def as_parquet(table: TidyTable, frame: pd.DataFrame) -> bytes:
    """The frame with typed columns; each carries its Chinese name, the table what a row is."""
    import pyarrow as pa
    from pyarrow import parquet

    schema = pa.schema([pa.field(column.field, _type(column), metadata={"label": column.label}) for column in table.columns],
                       metadata={"label": table.label, "about": table.about})
    target = io.BytesIO()
    parquet.write_table(pa.Table.from_pandas(frame, schema, preserve_index=False).replace_schema_metadata(schema.metadata), target)
    return target.getvalue()


def _type(column: Column) -> pa.DataType:
    import pyarrow as pa

    types = {Kind.DATE: pa.date32(), Kind.COUNT: pa.int64(), Kind.YEAR: pa.int64(), Kind.MONEY: pa.float64(), Kind.HOURS: pa.float64(),
             Kind.YESNO: pa.bool_()}
    return types.get(column.kind, pa.string())
