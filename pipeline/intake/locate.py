"""Where the tables stand: headers of one or two rows, and the rows that belong to each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice, zip_longest

from pipeline.intake.labels import SERIALS, bare_label, exact_fields, fields, is_known
from pipeline.intake.sheet import RawSheet
from pipeline.intake.text import Raw, is_blank
from pipeline.sheets import BY_LABEL, SHEETS, Sheet

_LOOKED_AT = 6  # filled cells at the beginning of a row, by which a heading shows itself
_FEWEST_LABELS = 3  # by which a sheet is known without its name
_FEWEST_NAMED = 2
_SHORTEST_TITLE = 8
_HEADER_WITHIN = 100  # rows: titles and instructions may stand above


@dataclass(frozen=True, slots=True)
class Header:
    """A header: its zero-based rows, field → column, the labels in each column, and what is unknown or there twice."""

    sheet: Sheet
    rows: range
    columns: dict[str, int]
    labels: dict[int, set[str]]
    unknown: dict[int, str]
    twice: dict[int, str]

    @property
    def missing(self) -> int:
        """How many required columns the table does not have."""
        return sum(column.required and column.field not in self.columns for column in self.sheet.columns)

    @property
    def is_full(self) -> bool:
        """Whether it speaks for itself: two thirds of its required columns, and at least three labels."""
        required = sum(column.required for column in self.sheet.columns)
        return len(self.columns) >= _FEWEST_LABELS and 3 * self.missing <= required

    def says_the_same_as(self, other: Header) -> bool:
        """Whether it names no column otherwise than the other one."""
        return self.sheet is other.sheet and self.columns.items() <= other.columns.items()

    def repeats_in(self, cells: list[Raw]) -> bool:
        """Whether a row says again what stands in the header."""
        labels = {at: bare_label(cell) for at, cell in enumerate(cells) if not is_blank(cell)}
        same = sum(label in self.labels.get(at, ()) for at, label in labels.items())
        return same >= _FEWEST_NAMED and 2 * same >= len(labels)


@dataclass(frozen=True, slots=True)
class Block:
    """One table: its header, the zero-based rows below it up to the next table, and those of them that say the header again."""

    header: Header
    rows: range
    repeated: frozenset[int]


def blocks(sheet: RawSheet, kind: Sheet | None) -> list[Block]:
    """The tables of a sheet, one below the other; none where there is no header that is known.

    `kind` is what the sheet's name says; without it the header must be plain enough by itself.
    """
    candidates = list(_candidates(sheet.rows))
    first = _first_header(sheet.rows, candidates, kind)
    if first is None:
        return []
    headers, passed = [first], set[int]()
    for row in candidates:
        if row < first.rows.stop or row in passed:
            continue
        other = _likeliest(sheet.rows, row)
        if other and not other.says_the_same_as(headers[-1]):
            headers.append(other)
        elif headers[-1].repeats_in(sheet.rows[row]):
            passed |= {row, *(other.rows if other else ()), *_titles_above(sheet.rows, row)}
    starts = [min(header.rows.start, *_titles_above(sheet.rows, header.rows.start)) for header in headers[1:]]
    return [Block(header, range(header.rows.stop, end), frozenset(passed))
            for header, end in zip(headers, [*starts, len(sheet.rows)], strict=True)]


def _first_header(rows: list[list[Raw]], candidates: list[int], kind: Sheet | None) -> Header | None:
    """The first full header; in a sheet that is known by its name, else the best of those that lack much."""
    likely = [header for row in candidates if row < _HEADER_WITHIN
              if (header := _one_or_two_rows(rows, row, kind) if kind else _likeliest(rows, row))]
    full = next((header for header in likely if header.is_full), None)
    best = max(likely, key=lambda header: len(header.columns), default=None)
    return full or (best if best and len(best.columns) >= _FEWEST_NAMED else None)


def _titles_above(rows: list[list[Raw]], row: int) -> Iterator[int]:
    """Rows directly above a header that hold one text alone: its title."""
    yield row
    while row > 0 and _is_title(rows[row - 1]):
        row -= 1
        yield row


def _is_title(cells: list[Raw]) -> bool:
    filled = [bare_label(cell) for cell in cells if not is_blank(cell)]
    return len(filled) == 1 and (len(filled[0]) >= _SHORTEST_TITLE or any(label in filled[0] for label in BY_LABEL))


def _candidates(rows: list[list[Raw]]) -> Iterator[int]:
    """Rows that hold a known label among their first filled cells and no number or date there."""
    for number, cells in enumerate(rows):
        filled = list(islice((cell for cell in cells if cell is not None and cell != ""), _LOOKED_AT))
        texts = [cell for cell in filled if type(cell) is str]
        if len(texts) == len(filled) >= _FEWEST_NAMED and any(map(is_known, texts)):
            yield number


def _likeliest(rows: list[list[Raw]], row: int) -> Header | None:
    """The full header that begins at a row, of the kind that knows most of its labels."""
    found = [_one_or_two_rows(rows, row, kind) for kind in SHEETS]
    filled = sum(not is_blank(cell) for cell in rows[row])
    likely = [header for header in found if header.is_full and 2 * len(header.columns) >= filled - 1]
    return max(likely, key=lambda header: (len(header.columns), -header.missing), default=None)


def _one_or_two_rows(rows: list[list[Raw]], row: int, kind: Sheet) -> Header:
    """Two rows are read as one header where they know more columns together than either does alone."""
    single = _header(rows[row], range(row, row + 1), kind)
    if row + 1 == len(rows) or not _is_text(rows[row + 1]):
        return single
    lower = _header(rows[row + 1], range(row + 1, row + 2), kind)
    double = _header(_joined(rows[row], rows[row + 1], kind), range(row, row + 2), kind)
    if len(double.columns) <= max(len(single.columns), len(lower.columns)):
        return single
    for header in (single, lower):
        for at, labels in header.labels.items():
            double.labels.setdefault(at, set()).update(labels)
    return double


def _is_text(cells: list[Raw]) -> bool:
    return all(isinstance(cell, str) or cell is None for cell in cells)


def _joined(upper: Iterable[Raw], lower: Iterable[Raw], kind: Sheet) -> list[Raw]:
    """Below a merged heading stand the labels; a label merged over both rows stands above."""
    known = fields(kind.key)
    return [above if is_blank(below) or (bare_label(above) in known and bare_label(below) not in known) else below
            for above, below in zip_longest(upper, lower)]


def _header(cells: list[Raw], rows: range, kind: Sheet) -> Header:
    labels = {at: label for at, cell in enumerate(cells) if (label := bare_label(cell))}
    columns: dict[str, int] = {}
    for names in (exact_fields(kind.key), fields(kind.key)):
        for at, label in labels.items():
            if label in names and at not in columns.values():
                columns.setdefault(names[label], at)
    used = Counter(labels.values())
    twice = {at: label for at, label in labels.items() if used[label] > 1 and label in fields(kind.key)}
    unknown = {at: label for at, label in labels.items()
               if at not in columns.values() and at not in twice and label not in SERIALS}
    return Header(kind, rows, columns, {at: {label} for at, label in labels.items()}, unknown, twice)
