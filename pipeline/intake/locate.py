"""Where the tables stand: which sheet is which, its header of one or two rows, its data rows."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from functools import cache

from pipeline.intake.cells import is_blank, text_of
from pipeline.intake.opening import Raw, RawSheet
from pipeline.sheets import BY_KEY, BY_LABEL, SERIAL_LABELS, SHEETS, Sheet

_HINTS = re.compile(r"[(（\[【][^)）\]】]*[)）\]】]|[*＊:：\s]")
_NAME_ENDINGS = re.compile(r"(名单|名册|登记表|汇总表|明细表|表|\(\d+\)|\d+)+$")
_HEADER_WITHIN = 60  # rows: titles and instructions may stand above
_LONGEST_LABEL = 40
_FIRST_LABELS = 12


@dataclass(frozen=True, slots=True)
class Header:
    """A header row: zero-based last row of it, field → column, and what it does not know or has twice."""

    sheet: Sheet
    last_row: int
    columns: dict[str, int]
    unknown: dict[int, str]
    twice: dict[int, str]

    @property
    def missing(self) -> list[str]:
        """Labels of required columns that the table does not have."""
        return [column.label for column in self.sheet.columns if column.required and column.field not in self.columns]


@dataclass(frozen=True, slots=True)
class Block:
    """One table: its header and the zero-based numbers of the rows below it, up to the next table."""

    header: Header
    rows: range


def bare_label(raw: Raw) -> str:
    """A heading without spaces, line breaks, asterisks, colons and remarks in brackets."""
    return _HINTS.sub("", unicodedata.normalize("NFKC", text_of(raw)))


@cache
def _fields(kind: str) -> dict[str, str]:
    """Bare label or alias → field, for one kind of sheet."""
    columns = BY_KEY[kind].columns
    aliases = {bare_label(alias): column.field for column in columns for alias in column.aliases}
    return aliases | {bare_label(column.label): column.field for column in columns}


def kind_by_name(name: str) -> Sheet | None:
    """The kind of a sheet by its name; names such as 持证人员名单 and 持证人员 (2) are understood."""
    bare = "".join(unicodedata.normalize("NFKC", name).split())
    return BY_LABEL.get(bare) or BY_LABEL.get(_NAME_ENDINGS.sub("", bare))


def blocks(sheet: RawSheet, kind: Sheet | None) -> list[Block]:
    """The tables of a sheet, one below the other; none where there is no header that is known."""
    first = _best_header(sheet, range(min(len(sheet.rows), _HEADER_WITHIN)), kind)
    if first is None:
        return []
    found, headers = [], [first, *_later_headers(sheet, first)]
    for header, following in zip(headers, [*headers[1:], None], strict=True):
        end = following.last_row if following else len(sheet.rows)
        found.append(Block(header, range(header.last_row + 1, end)))
    return found


def _best_header(sheet: RawSheet, rows: range, kind: Sheet | None) -> Header | None:
    best: tuple[int, Header] | None = None
    for candidate in [kind] if kind else SHEETS:
        enough = 2 if kind else max(3, sum(column.required for column in candidate.columns) * 2 // 3)
        for row in rows:
            if not _has_labels(sheet, row):
                continue
            header = header_at(sheet, row, candidate)
            if len(header.columns) >= enough and (best is None or len(header.columns) > best[0]):
                best = (len(header.columns), header)
                if not header.missing and kind:
                    break
    return best[1] if best else None


def _has_labels(sheet: RawSheet, row: int) -> bool:
    """Whether a row (or the one below it, for a header of two rows) begins with headings that some sheet knows."""
    known = _all_labels()
    for cells in sheet.rows[row : row + 2]:
        texts = [cell for cell in cells if isinstance(cell, str) and cell and len(cell) <= _LONGEST_LABEL]
        if sum(bare_label(text) in known for text in texts[:_FIRST_LABELS]) >= 2:
            return True
    return False


@cache
def _all_labels() -> frozenset[str]:
    return frozenset(label for sheet in SHEETS for label in _fields(sheet.key))


def _later_headers(sheet: RawSheet, first: Header) -> list[Header]:
    """Headers of other kinds below the first table (two tables stacked in one sheet)."""
    headers, current = [], first
    for row in range(first.last_row + 1, len(sheet.rows)):
        if not _has_labels(sheet, row) or is_header_again(sheet.rows[row], current):
            continue
        cells = [cell for cell in sheet.rows[row] if not is_blank(cell)]
        other = _best_header(sheet, range(row, row + 1), None)
        if other and other.sheet is not current.sheet and len(other.columns) > 0.8 * len(cells) - 1:
            headers.append(other)
            current = other
    return headers


def is_header_again(cells: list[Raw], header: Header) -> bool:
    """Whether a row repeats the header of its table."""
    fields = _fields(header.sheet.key)
    again = sum(column < len(cells) and fields.get(bare_label(cells[column])) == field
                for field, column in header.columns.items())
    return again >= max(2, len(header.columns) // 2)


def header_at(sheet: RawSheet, row: int, kind: Sheet) -> Header:
    """The header that begins at a row, read as one row or, where that knows more columns, as two."""
    single = _header(sheet.rows[row], row, kind)
    if row + 1 >= len(sheet.rows):
        return single
    upper, lower = sheet.rows[row], sheet.rows[row + 1]
    fields = _fields(kind.key)
    joined = [below if bare_label(below) in fields or is_blank(above) else above
              for above, below in zip(upper, lower, strict=False)]
    double = _header(joined, row + 1, kind)
    # A title above a header of one row adds nothing to it: then the lower row alone is the header.
    alone = max(len(single.columns), len(_header(lower, row + 1, kind).columns))
    return double if len(double.columns) > alone else single


def _header(cells: list[Raw], row: int, kind: Sheet) -> Header:
    fields = _fields(kind.key)
    labels = {at: bare_label(cell) for at, cell in enumerate(cells) if isinstance(cell, str) and not is_blank(cell)}
    columns: dict[str, int] = {}
    exact = {bare_label(column.label): column.field for column in kind.columns}
    for names in (exact, fields):  # a label goes before an alias
        for at, label in labels.items():
            if label in names and at not in columns.values():
                columns.setdefault(names[label], at)
    used = Counter(labels.values())
    twice = {at: label for at, label in labels.items() if used[label] > 1 and label in fields}
    unknown = {at: label for at, label in labels.items()
               if at not in columns.values() and at not in twice and label not in SERIAL_LABELS}
    return Header(kind, row, columns, unknown, twice)
