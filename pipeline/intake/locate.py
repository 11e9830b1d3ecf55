"""Where the tables stand: which sheet is which, its header of one or two rows, its data rows."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import zip_longest

from pipeline.intake.opening import Raw, RawSheet
from pipeline.intake.texts import is_blank, text_of
from pipeline.sheets import BY_KEY, BY_LABEL, SERIAL_LABELS, SHEETS, Sheet

_HINTS = re.compile(r"[(（\[【][^)）\]】]*[)）\]】]|[*＊:：\s]")
_NAME_ENDINGS = re.compile(r"(名单|名册|登记表|汇总表|明细表|表|\(\d+\)|\d+)+$")
_HEADER_WITHIN = 60  # rows: titles and instructions may stand above
_LONGEST_LABEL = 40
_FIRST_LABELS = 12


@dataclass(frozen=True, slots=True)
class Header:
    """A header: zero-based first and last row of it, field → column, and what it does not know or has twice."""

    sheet: Sheet
    first_row: int
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
    return _bare(raw) if isinstance(raw, str) else text_of(raw)


@lru_cache(maxsize=4096)
def _bare(text: str) -> str:
    return _HINTS.sub("", unicodedata.normalize("NFKC", text_of(text)))


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
    candidates = _rows_with_labels(sheet)
    first = _first_header(sheet, candidates, kind)
    if first is None:
        return []
    found, headers = [], [first, *_later_headers(sheet, candidates, first)]
    for header, following in zip(headers, [*headers[1:], None], strict=True):
        end = following.first_row if following else len(sheet.rows)
        found.append(Block(header, range(header.last_row + 1, end)))
    return found


def _first_header(sheet: RawSheet, candidates: list[int], kind: Sheet | None) -> Header | None:
    """The first full header; for a sheet known by its name also the best of those that lack much."""
    rows = [row for row in candidates if row < _HEADER_WITHIN]
    for row in rows:
        if header := _full_header(sheet, row, [kind] if kind else SHEETS):
            return header
    partial = [header_at(sheet, row, kind) for row in rows] if kind else []
    best = max(partial, key=lambda header: len(header.columns), default=None)
    return best if best and len(best.columns) >= 2 else None


def _full_header(sheet: RawSheet, row: int, kinds: Iterable[Sheet]) -> Header | None:
    """The header at a row of the kind that knows most of its labels, and enough of them."""
    full = [header for header in (header_at(sheet, row, kind) for kind in kinds)
            if len(header.columns) >= max(3, sum(column.required for column in header.sheet.columns) * 2 // 3)]
    return max(full, key=lambda header: len(header.columns), default=None)


def _rows_with_labels(sheet: RawSheet) -> list[int]:
    """Rows that begin with headings that some sheet knows, and the rows above (for a header of two rows)."""
    known = _all_labels()
    found = {row for row, cells in enumerate(sheet.rows) if _has_labels(cells, known)}
    return sorted(found | {row - 1 for row in found if row})


def _has_labels(cells: list[Raw], known: frozenset[str]) -> bool:
    texts = [cell for cell in cells if isinstance(cell, str) and cell and len(cell) <= _LONGEST_LABEL]
    return sum(bare_label(text) in known for text in texts[:_FIRST_LABELS] if not text[0].isdigit()) >= 2


@cache
def _all_labels() -> frozenset[str]:
    return frozenset(label for sheet in SHEETS for label in _fields(sheet.key))


def _later_headers(sheet: RawSheet, candidates: list[int], first: Header) -> list[Header]:
    """Headers of other tables below the first one (two tables stacked in one sheet)."""
    headers, current = [], first
    for row in candidates:
        other = _full_header(sheet, row, SHEETS) if row > current.last_row else None
        if other and not _repeats(other, current) and len(other.columns) > 0.8 * _filled(sheet.rows[row]) - 1:
            headers.append(other)
            current = other
    return headers


def _repeats(other: Header, current: Header) -> bool:
    """Whether a header says of its columns nothing but what the table's own header says."""
    return other.sheet is current.sheet and other.columns.items() <= current.columns.items()


def _filled(cells: list[Raw]) -> int:
    return sum(not is_blank(cell) for cell in cells)


def is_header_again(cells: list[Raw], header: Header) -> bool:
    """Whether a row repeats the header of its table."""
    fields = _fields(header.sheet.key)
    again = sum(column < len(cells) and fields.get(bare_label(cells[column])) == field
                for field, column in header.columns.items())
    return again >= max(2, len(header.columns) // 2)


def header_at(sheet: RawSheet, row: int, kind: Sheet) -> Header:
    """The header that begins at a row, read as one row or, where that knows more columns, as two."""
    single = _header(sheet.rows[row], range(row, row + 1), kind)
    if row + 1 >= len(sheet.rows):
        return single
    upper, lower = sheet.rows[row], sheet.rows[row + 1]
    fields = _fields(kind.key)
    joined = [below if bare_label(below) in fields or is_blank(above) else above
              for above, below in zip_longest(upper, lower, fillvalue="")]
    double = _header(joined, range(row, row + 2), kind)
    # A title above a header of one row adds nothing to it: then the lower row alone is the header.
    alone = max(len(single.columns), len(_header(lower, range(row + 1, row + 2), kind).columns))
    return double if len(double.columns) > alone else single


def _header(cells: list[Raw], rows: range, kind: Sheet) -> Header:
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
    return Header(kind, rows.start, rows.stop - 1, columns, unknown, twice)
