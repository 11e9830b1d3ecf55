"""Reading alone, nothing made of it: `python -m benchmarks.rivals.reading CORPUS calamine`."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from benchmarks.rivals import workbooks


def unzip(path: Path) -> None:
    """Every part of the workbook, unpacked."""
    from zipfile import ZipFile

    with ZipFile(path) as archive:
        for name in archive.namelist():
            archive.read(name)


def calamine(path: Path) -> None:
    """Every sheet to rows: the floor."""
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_path(path)
    for name in book.sheet_names:
        book.get_sheet_by_name(name).to_python(skip_empty_area=False)


def pandas_calamine(path: Path) -> None:
    """Every sheet to a frame."""
    from pandas import read_excel

    read_excel(path, sheet_name=None, engine="calamine", dtype=str)


def openpyxl(path: Path) -> None:
    """Every sheet to rows, by its quicker way."""
    from openpyxl import load_workbook

    book = load_workbook(path, read_only=True, data_only=True)
    for page in book.worksheets:
        for _ in page.iter_rows(values_only=True):
            pass
    book.close()


WAYS: dict[str, Callable[[Path], None]] = {way.__name__: way for way in (unzip, calamine, pandas_calamine, openpyxl)}

if __name__ == "__main__":
    for workbook in workbooks():
        WAYS[sys.argv[2]](workbook)
