"""The report as one JSON object (contract.md, `--json`); IDs never stand in it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from pipeline.claim_report import Claim
from pipeline.idnumber import masked_text
from pipeline.quarter_report import FindingLine, QuarterReport


def as_json(report: QuarterReport, written: list[Path]) -> str:
    """The object that other programs read, as text."""
    return one_thing_a_line(as_object(report, written))


def one_thing_a_line(said: dict[str, Any]) -> str:
    """An object as JSON that a person can look through: each entry, and each thing in a list, on a line of its own."""
    write = json.JSONEncoder(ensure_ascii=False).encode
    parts = [f"{write(name)}: {_listed(value, write) if isinstance(value, list) else write(value)}" for name, value in said.items()]
    return "{" + ",\n".join(parts) + "}"


def _listed(things: list[Any], write: Callable[[Any], str]) -> str:
    return "[\n  " + ",\n  ".join(map(write, things)) + "]" if things else "[]"


def as_object(report: QuarterReport, written: list[Path]) -> dict[str, Any]:
    """The object that other programs read; key order and row order are fixed."""
    return {
        "quarter": str(report.quarter),
        "today": report.today.isoformat(),
        "as_of": report.as_of.isoformat() if report.as_of else None,
        "files": asdict(report.files),
        "reconciliation": {kind: asdict(one) for kind, one in report.reconciliation.items()},
        "table": [_without(asdict(cell), "introduced") for cell in report.cells],
        "sectors": [_without(asdict(line), "layer", "wording", "remark", "suggested") for line in report.sectors],
        "total": {"target": report.total.target, "actual": report.total.actual, "persons": report.total.persons},
        "outside": report.outside,
        "claims": [_claim(claim) for claim in report.claims],
        "findings": [_finding(line) for line in report.findings],
        "missing": [{"unit": line.unit, "month": str(line.month)} for line in report.missing],
        "written": [path.as_posix() for path in written],
    }


def _without(mapping: dict[str, Any], *names: str) -> dict[str, Any]:
    return {key: value for key, value in mapping.items() if key not in names}


def _claim(claim: Claim) -> dict[str, Any]:
    return {
        "claim": claim.number, "award": claim.award, "level": claim.level, "instalment": claim.instalment,
        "unit": claim.unit, "state": claim.state, "amount": _plain(claim.amount),
    }


def _plain(amount: float | None) -> float | int | None:
    return int(amount) if amount is not None and amount == int(amount) else amount


def _finding(line: FindingLine) -> dict[str, Any]:
    found = line.finding
    return {
        "file": line.file, "unit": line.unit, "month": str(line.month) if line.month else None,
        "sheet": found.sheet if found.sheet else None, "cell": found.cell, "rule": found.rule,
        "severity": str(found.severity), "message": masked_text(found.message),
    }
