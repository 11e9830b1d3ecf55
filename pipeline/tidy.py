"""A quarter's figures and the rows behind them as tidy frames: ID numbers masked, persons told apart by a serial number."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, fields
from typing import Any

import pandas as pd

from pipeline.book import Book, origins, records
from pipeline.claim_report import Claim
from pipeline.columns import Kind
from pipeline.config import Config
from pipeline.explain import reason_of
from pipeline.findings import Finding
from pipeline.idnumber import mask, masked_text
from pipeline.judge import Judgement
from pipeline.plain_text import harmless
from pipeline.quarter_report import FindingLine, QuarterReport
from pipeline.rollup import place_certificates, place_establishments
from pipeline.tidy_tables import BY_KEY, STATUS, TidyTable

_DTYPES = {Kind.DATE: "datetime64[s]", Kind.MONEY: "Float64", Kind.HOURS: "Float64", Kind.COUNT: "Int64", Kind.YEAR: "Int64",
           Kind.YESNO: "boolean"}
Row = dict[str, Any]


def tidy(report: QuarterReport, judgement: Judgement, book: Book, config: Config) -> dict[str, pd.DataFrame]:
    """Every table of `tidy_tables.TABLES` for the report's quarter."""
    certificates = place_certificates(judgement.rows["certificates"], report.quarter, config)
    establishments = place_establishments(judgement.rows["establishments"], report.quarter, config)
    person = _persons([*certificates["id_number"], *(claim.id_number for claim in report.claims)])
    rows: dict[str, list[Row]] = {
        "table": [asdict(cell) for cell in report.cells],
        "sectors": [asdict(line) for line in report.sectors],
        "units": [asdict(line) | {"counted": sum(line.counted.values())} for line in report.units],
        "certificates": _certificates(certificates, person, judgement.findings, book),
        "establishments": [_placed(row, book) for row in records(establishments)],
        "claims": [_claim(claim, person, book) for claim in report.claims],
        "findings": list(map(_finding, report.findings)),
    }
    return {key: framed(BY_KEY[key], made) for key, made in rows.items()}


def finding_frame(findings: Iterable[Finding], book: Book) -> pd.DataFrame:
    """Findings with the names of their files, as the table 问题 has them."""
    of = book.submissions
    lines = [FindingLine(of[one.submission].source, of[one.submission].unit, of[one.submission].month, one) for one in findings]
    return framed(BY_KEY["findings"], map(_finding, lines))


def framed(table: TidyTable, rows: Iterable[Row]) -> pd.DataFrame:
    """Rows as a frame with the table's columns, each of its kind; no text in it has a whole ID number or steers a terminal."""
    kept = list(rows)
    return pd.DataFrame({
        column.field: _column([row[column.field] for row in kept], column.kind) for column in table.columns})


def _column(values: Sequence[Any], kind: Kind) -> pd.Series[Any]:
    dtype: Any = _DTYPES.get(kind)
    if dtype is None:
        return pd.Series([None if pd.isna(value) else masked_text(harmless(str(value))) for value in values], dtype="string")
    if kind is Kind.DATE:
        return pd.to_datetime(pd.Series(values, dtype=object)).astype(dtype)
    known = [None if pd.isna(value) else bool(value) if kind is Kind.YESNO else value for value in values]
    return pd.Series(known, dtype=dtype)


def _persons(numbers: Iterable[str | None]) -> Mapping[str | None, str]:
    known = dict.fromkeys(number for number in numbers if number is not None)
    return {number: f"P{at:06d}" for at, number in enumerate(known, 1)}


def _certificates(
    frame: pd.DataFrame, person: Mapping[str | None, str], findings: Iterable[Finding], book: Book
) -> list[Row]:
    found: dict[tuple[object, ...], list[Finding]] = defaultdict(list)
    for one in findings:
        found[one.submission, one.sheet, one.row].append(one)
    return [
        _placed(row, book) | _masked(row, person) | {"reason": reason_of(row, found[origin]) or None}
        for row, origin in zip(records(frame), origins(frame), strict=True)]


def _placed(row: Row, book: Book) -> Row:
    return row | {"status": STATUS[row["status"]], "file": book.submissions[row["submission"]].source}


def _claim(claim: Claim, person: Mapping[str | None, str], book: Book) -> Row:
    row = {one.name: getattr(claim, one.name) for one in fields(claim)}
    return row | _masked(row, person) | {"file": book.submissions[claim.submission].source, "item": claim.item or None}


def _masked(row: Row, person: Mapping[str | None, str]) -> Row:
    number = row["id_number"]
    return {"person": person.get(number), "id_number": mask(number) if number else None}


def _finding(line: FindingLine) -> Row:
    return asdict(line.finding) | {"file": line.file, "unit": line.unit, "month": line.month}
