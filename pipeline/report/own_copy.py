"""The unit's own workbook, opened to be annotated: no macros, no outside links, no formula that reaches out."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Iterable
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.workbook.defined_name import DefinedNameDict
from openpyxl.worksheet.cell_range import CellRange
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.plain_text import harmless
from pipeline.report.rebuilt import rebuilt
from pipeline.report.safe_text import sheet_title, write_text
from pipeline.report.trimmed import with_parts, without_blank_rest

# openpyxl takes some fifty times a sheet's XML in memory and a second for each MB or two, and makes every cell of a merged range.
_MOST_XML = 10 << 20
_MOST_MERGES = 10_000
_MOST_MERGED = 1_000_000
_MERGE = re.compile(rb"mergeCell\s[^>]*ref=\"([A-Z]+\d+:[A-Z]+\d+)\"")
# Commands (DDE has a bar), links to other files and functions that call out.
_REACHES_OUT = re.compile(
    r"\||\[\d+\]|\.xl|HYPERLINK|WEBSERVICE|IMPORT|\b(DDE|RTD|CALL|EXEC|REGISTER)\b", re.IGNORECASE)


def own_copy(original: bytes, csv_sheet: str) -> Workbook | None:
    """The workbook with its formats; rebuilt from its values where openpyxl cannot have it; None where nothing can."""
    return _with_its_formats(original) or rebuilt(original, csv_sheet)


def pages(book: Workbook) -> Iterable[Worksheet]:
    """The sheets that have cells."""
    return [page for page in book.worksheets if isinstance(page, Worksheet)]


def filled_cells(page: Worksheet) -> list[Any]:
    """The cells that there are: openpyxl's own iteration would make all those between them."""
    return list(page._cells.values())


def _with_its_formats(original: bytes) -> Workbook | None:
    modest = _modest(original)
    if modest is None:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what openpyxl leaves out, the summary says
            book = load_workbook(io.BytesIO(modest), keep_vba=False, keep_links=False)
    except Exception:  # .ods, .xlsb, and what openpyxl stumbles over
        return None
    if not book.worksheets:  # Strict OOXML
        return None
    _disarm(book)
    return book


def _modest(original: bytes) -> bytes | None:
    """The workbook without a large blank rest; None where openpyxl would still take minutes or all memory."""
    try:
        with zipfile.ZipFile(io.BytesIO(original)) as archive:
            sheets = {name: archive.read(name) for name in archive.namelist() if name.startswith("xl/worksheets/")}
    except zipfile.BadZipFile:
        return None
    short = {name: without_blank_rest(xml) for name, xml in sheets.items()}
    if sum(map(len, short.values())) > _MOST_XML or not _merges_little(short.values()):
        return None
    return original if short == sheets else with_parts(original, short)


def _merges_little(sheets: Iterable[bytes]) -> bool:
    merges = [area.decode() for xml in sheets for area in _MERGE.findall(xml)]
    if len(merges) > _MOST_MERGES:
        return False
    sizes = [CellRange(area).size for area in merges]
    return sum(size["rows"] * size["columns"] for size in sizes) <= _MOST_MERGED


def _disarm(book: Workbook) -> None:
    """What reaches outside the workbook becomes text or goes; the unit's own sums stay."""
    _drop_names(book.defined_names)
    for page in pages(book):
        if harmless(page.title) != page.title:
            page.title = sheet_title(page.title)
        _drop_names(page.defined_names)
        _drop_rules(page)
        page._pivots.clear()  # type: ignore[attr-defined]  # their data connections are not copied on
        for cell in filled_cells(page):
            if cell.data_type == "f" and _reaches_out(_formula(cell.value)):
                write_text(cell, _formula(cell.value))
            if cell.hyperlink is not None:
                cell.hyperlink = None


def _drop_names(names: DefinedNameDict) -> None:
    for name in [name for name, meaning in names.items() if _reaches_out(meaning.value)]:
        del names[name]


def _drop_rules(page: Worksheet) -> None:
    """Drop-downs and conditional formats that look into other files."""
    choices = page.data_validations
    choices.dataValidation = [one for one in choices.dataValidation if not _reaches_out(one.formula1, one.formula2)]
    for area in list(page.conditional_formatting):
        if any(_reaches_out(*rule.formula) for rule in area.rules):
            del page.conditional_formatting[str(area.sqref)]


def _formula(value: Any) -> str:
    return str(getattr(value, "text", value))  # an array formula keeps its words apart


def _reaches_out(*formulas: str | None) -> bool:
    return any(_REACHES_OUT.search(one) for one in formulas if one)
