"""Numbers of findings: made of what is found and where, so that they change when the rows change (复核结论).

No memory is needed: the same fault in the same row has the same number in every run, and a number
carries a character that shows a typing error.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping

from pipeline.book import Book, Origin, marks, origins, records
from pipeline.findings import Finding, Severity

_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # no character that is taken for another
_LENGTH = 7
_FORM = re.compile(rf"FH-([{_ALPHABET}]{{{_LENGTH}}})([{_ALPHABET}])")
# What says where a row came from, not what stands in it; a remark changes nothing either.
_NOT_CONTENT = {"submission", "sheet", "row", "place", "month", "filled_on", "remark"}


def finding_number(found: Finding, unit: str | None, content: Mapping[str, object]) -> str:
    """The number of a finding on a row with this content, such as FH-7K3M9QRX."""
    fields = sorted((name, str(value)) for name, value in content.items() if value is not None and name not in _NOT_CONTENT)
    text = repr((found.rule, found.kind, unit, found.message, fields))
    value = int.from_bytes(hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[:8], "big")
    code = "".join(_ALPHABET[value >> 5 * place & 31] for place in range(_LENGTH))
    return f"FH-{code}{_check(code)}"


def well_formed(number: str) -> bool:
    """Whether somebody wrote a number as it was given out: the last character belongs to the others."""
    found = _FORM.fullmatch(number.strip().upper())
    return found is not None and _check(found[1]) == found[2]


def _check(code: str) -> str:
    return _ALPHABET[sum((place + 2) * _ALPHABET.index(one) for place, one in enumerate(code)) % 31]


def numbered(findings: list[Finding], book: Book) -> dict[Finding, str]:
    """The number of every finding that a person must look at."""
    wanted = [found for found in findings if found.severity is Severity.REVIEW]
    content = _contents({(found.submission, str(found.sheet), found.row or 0) for found in wanted}, book)
    return {
        found: finding_number(found, book.submissions[found.submission].unit,
                              content.get((found.submission, str(found.sheet), found.row or 0), {}))
        for found in wanted
    }


def _contents(wanted: set[Origin], book: Book) -> dict[Origin, Mapping[str, object]]:
    found: dict[Origin, Mapping[str, object]] = {}
    for frame in book.rows.values():
        rows = frame[marks(frame, (origin in wanted for origin in origins(frame)))]
        found |= dict(zip(origins(rows), records(rows), strict=True))
    return found
