"""Papers of one submission for tests of receipts: findings, outcomes, the receipt opened again."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date

from openpyxl import Workbook, load_workbook

from pipeline.calendar import Month
from pipeline.claim_report import Claim
from pipeline.findings import Finding, Severity
from pipeline.reading import Change, Submission
from pipeline.report.receipt_summary import Papers, SheetOutcome
from pipeline.report.receipts import receipt
from tests.support.desk import CONFIG, id_number

SHEET = "持证人员"


def submission(number: int = 7, source: str = "练市镇.xlsx", unit: str | None = "练市镇", refused: bool = False,
               nil: bool = False, withdrawn: str | None = None) -> Submission:
    """A file of August 2020 that arrived on 2020-09-05."""
    return Submission(number, 1, date(2020, 9, 5), source, "ab" * 32, f"{number:06d}", unit, Month(2020, 8),
                      date(2020, 9, 4), nil, refused, withdrawn)


def fault(cell: str | None, rule: str = "N02", severity: Severity = Severity.RETURNED, message: str = "请改正",
          row: int | None = None, sheet: str | None = SHEET) -> Finding:
    """A finding on a cell of 持证人员, or on a row, or (without both) on the sheet."""
    line = int("".join(filter(str.isdigit, cell))) if cell else row
    return Finding(7, rule, severity, message, "certificates", sheet, line, cell)


def claim(number: str = "NX-2020-0001", **changes: object) -> Claim:
    """A claim that awaits the first review."""
    given: dict[str, object] = {
        "number": number, "award": "证书奖励", "level": "中级", "instalment": None, "unit": "练市镇", "month": Month(2020, 8),
        "name": "甲一", "id_number": id_number(1), "employer": "甲公司", "certificate_number": "ZJ0001",
        "applied_on": date(2020, 8, 20), "amount": 2000.0, "payer": "练市镇", "state": "待初审", "awaits": "初审",
        "waits_for": None, "submission": 7, "sheet": "证书奖励申请", "row": 3}
    return Claim(**(given | changes))  # type: ignore[arg-type]


def papers(findings: Sequence[Finding] = (), one: Submission | None = None, claims: Sequence[Claim] = (),
           changes: Sequence[Change] = ()) -> Papers:
    """What a receipt of two rows, one of them returned, tells."""
    one = one or submission()
    outcomes = [] if one.refused else [SheetOutcome(SHEET, 2, 1, 1, 0, 0)]
    return Papers(one, outcomes, findings, claims, changes)


def receipt_of(original: bytes, *findings: Finding) -> Workbook:
    """The receipt for a file with these findings, opened."""
    return opened(receipt(original, papers(findings), CONFIG))


def opened(content: bytes) -> Workbook:
    """A workbook's bytes as openpyxl reads them."""
    return load_workbook(io.BytesIO(content))


def texts(book: Workbook, sheet: str) -> list[str]:
    """Every text and number on a sheet, row by row."""
    return [str(cell.value) for row in book[sheet].iter_rows() for cell in row if cell.value is not None]
