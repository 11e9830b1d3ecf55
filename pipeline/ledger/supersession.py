"""Which rows a later workbook of the same unit and month replaced (R2, contract.md)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from pipeline.book import Book, marks, origins, records
from pipeline.findings import Finding, Severity
from pipeline.idnumber import mask
from pipeline.reading import Submission
from pipeline.sheets import BY_KEY, Sheet


def returned_when_read(book: Book, kind: str) -> pd.Series[bool]:
    """True for the rows of a kind of sheet in which a cell was returned."""
    faulty = {(found.submission, found.sheet, found.row) for found in book.cell_findings
              if found.kind == kind and found.severity is Severity.RETURNED}
    frame = book.rows[kind]
    if not faulty:
        return pd.Series(False, index=frame.index)
    return marks(frame, (key in faulty for key in origins(frame)))


def superseded(book: Book, kind: str, faulty: pd.Series[bool]) -> pd.Series[bool]:
    """True for the rows that a newer sheet, a nil return or a withdrawal took out of the count.

    The newest sheet that was not returned whole stands; a row under decision is never replaced.
    """
    frame = book.rows[kind]
    cutoff = _cutoffs(book, BY_KEY[kind], frame, faulty)
    replaced = {
        number for number in frame["submission"].unique() for one in [book.submissions[number]]
        if number < cutoff.get((str(one.unit), str(one.month)), 0) or one.withdrawn is not None}
    gone = frame["submission"].isin(list(replaced))
    pinned = set(book.pins.values())
    gone[gone] = marks(frame[gone], (origin not in pinned for origin in origins(frame[gone])))
    return gone


def _cutoffs(
    book: Book, sheet: Sheet, frame: pd.DataFrame, faulty: pd.Series[bool]
) -> dict[tuple[str, str], int]:
    """For each unit and month the submission whose sheet stands: everything before it is replaced."""
    if sheet.deciding:
        return {}
    withdrawn = [number for number, one in book.submissions.items() if one.withdrawn is not None]
    standing = frame[~frame["submission"].isin(withdrawn)]
    taken = standing[~faulty[standing.index]]
    newest: dict[tuple[str, str], int] = {}
    for rows in (standing, taken):
        newest |= dict(zip(zip(rows["unit"], rows["month"], strict=True), rows["submission"], strict=True))
    for key, (number, _) in _nil_returns(book).items():
        newest[key] = max(newest.get(key, 0), number)
    return newest


def corrections(book: Book, gone: Mapping[str, pd.Series[bool]]) -> Iterator[Finding]:
    """R2: the persons whom the newer sheet no longer has, and versions that share one 填报日期."""
    for kind, sheet in ((key, BY_KEY[key]) for key in book.rows):
        if not sheet.deciding and "id_number" in sheet.fields:
            yield from _vanished(book, sheet, gone[kind])
    yield from _same_day_versions(book)


def _vanished(book: Book, sheet: Sheet, gone: pd.Series[bool]) -> Iterator[Finding]:
    frame = book.rows[sheet.key]
    lost_rows = [row for row in records(frame[gone & frame["id_number"].notna()])
                 if book.submissions[row["submission"]].withdrawn is None]
    if not lost_rows:
        return
    returns = {(row["unit"], row["month"]) for row in lost_rows}
    stands = frame[~gone]
    standing = records(stands[marks(stands, (one in returns for one in zip(stands["unit"], stands["month"], strict=True)))])
    kept = {identity for row in standing for identity in (_identity(row, sheet), _person(row))}
    newest = _nil_returns(book) | {(row["unit"], row["month"]): (row["submission"], row["sheet"]) for row in standing}
    lost = {_identity(row, sheet): row for row in lost_rows}
    for identity, row in lost.items():
        newer = newest.get((row["unit"], row["month"]), (0, None))
        if identity not in kept and newer[0] > row["submission"]:
            yield Finding(newer[0], "R2", Severity.REVIEW, _vanished_message(sheet, row), sheet.key, newer[1])


def _vanished_message(sheet: Sheet, row: dict[str, Any]) -> str:
    person = f"{row['name'] or ''}（{mask(row['id_number'])}）"
    return (f"更正后的“{sheet.label}”不再有{person}，原在第{row['row']}行。"
            "请核对是否只报了更正的行：如漏报请补全整张表后重报，确应删去则不必处理")


def _nil_returns(book: Book) -> dict[tuple[str, str], tuple[int, str | None]]:
    return {(str(one.unit), str(one.month)): (number, None) for number, one in book.submissions.items()
            if one.nil_return and not one.refused and one.withdrawn is None}


def _identity(row: dict[str, Any], sheet: Sheet) -> tuple[Any, ...]:
    """Who and what a row is, within its unit and month; the person alone where the rest could not be read."""
    identity = (row["unit"], row["month"], *(row[field] for field in sheet.identity))
    return _person(row) if None in identity else identity


def _person(row: dict[str, Any]) -> tuple[Any, ...]:
    return (row["unit"], row["month"], row["id_number"])


def _same_day_versions(book: Book) -> Iterator[Finding]:
    first: dict[tuple[object, ...], Submission] = {}
    flagged: set[int] = set()
    for kind, sheet in ((key, BY_KEY[key]) for key in book.rows):
        if sheet.deciding:
            continue
        for number in book.rows[kind]["submission"].drop_duplicates():
            one = book.submissions[number]
            if one.withdrawn is not None or one.filled_on is None:
                continue
            earlier = first.setdefault((kind, one.unit, one.month, one.filled_on), one)
            if earlier is not one and number not in flagged:
                flagged.add(number)
                yield Finding(number, "R2", Severity.REVIEW, (
                    f"与“{earlier.source}”同为{one.unit}{one.month}的报表，填报日期也同为{one.filled_on}，"
                    "已按收件先后以本件为准；请核对哪一份是最后版本，并在更正件上写更正当天的填报日期"))
