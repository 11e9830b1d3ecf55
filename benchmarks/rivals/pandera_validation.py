"""Pandera over the same rows as frames: `python -m benchmarks.rivals.pandera_validation CORPUS each|joined`.

`each` validates a frame for each sheet of each workbook, `joined` one frame for each kind of sheet over all workbooks.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
from pandera.errors import SchemaErrors
from pandera.pandas import Check, Column, DataFrameSchema
from python_calamine import CalamineWorkbook

from benchmarks.rivals import workbooks

_NUMBERS = {"count", "money", "hours", "year"}


def _column(column: dict[str, Any]) -> Column:
    checks = []
    if column["choices"]:
        checks.append(Check.isin(column["choices"]))
    if column["kind"] == "id":
        checks.append(Check.str_matches(r"^[0-9]{17}[0-9X]$"))
    if column["kind"] in _NUMBERS:
        checks.append(Check(lambda values: pd.to_numeric(values, errors="coerce") >= 0, name="number"))
    if column["kind"] == "date":
        checks.append(Check(lambda days: pd.to_datetime(days, errors="coerce", format="mixed").notna(), name="date"))  # type: ignore[union-attr]
    return Column(None, checks, nullable=not column["required"])


def _schema(sheet: dict[str, Any]) -> DataFrameSchema:
    return DataFrameSchema({column["label"]: _column(column) for column in sheet["columns"]})


def _frames(declared: list[dict[str, Any]]) -> Iterator[list[pd.DataFrame]]:
    """The frames of each workbook, in the order of the declaration."""
    for path in workbooks():
        book = CalamineWorkbook.from_path(path)
        frames = []
        for sheet in declared:
            head, *rows = book.get_sheet_by_name(sheet["label"]).to_python()
            frame = pd.DataFrame(rows, columns=pd.Index([str(label) for label in head]), dtype=object)
            frames.append(frame.where(frame != "", None))
        yield frames


def _faults(schema: DataFrameSchema, frame: pd.DataFrame, identity: list[str]) -> int:
    repeated = int(frame.duplicated(identity).sum())
    try:
        schema.validate(frame, lazy=True)
    except SchemaErrors as error:
        return repeated + len(error.failure_cases)
    return repeated


def main() -> None:
    """Validate everything; print how many cells and repetitions are at fault."""
    declared = json.loads((Path(sys.argv[1]) / "schema.json").read_text("utf-8"))
    schemas = [_schema(sheet) for sheet in declared]
    books = _frames(declared)
    if sys.argv[2] == "joined":
        books = iter([[pd.concat(frames, ignore_index=True) for frames in zip(*books, strict=True)]])
    faulty = sum(_faults(schema, frame, sheet["identity"]) for frames in books
                 for schema, frame, sheet in zip(schemas, frames, declared, strict=True))
    print(f"pandera: {faulty}")


if __name__ == "__main__":
    main()
