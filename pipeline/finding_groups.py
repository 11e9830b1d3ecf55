"""The same message of one file and sheet said once, with all its cells."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

from pipeline.findings import Severity
from pipeline.quarter_report import FindingLine

WHOLE_FILE = "（整件）"
UNKNOWN_UNIT = "单位不明"


@dataclass(frozen=True, slots=True)
class FindingGroup:
    """Findings of one message; `month` is "" where it is not known, `cells` empty where no cell is at fault."""

    severity: Severity
    unit: str
    month: str
    file: str
    sheet: str
    rule: str
    message: str
    cells: tuple[str, ...] = ()


def grouped(lines: Iterable[FindingLine]) -> list[FindingGroup]:
    """What was returned, then what is to be reviewed, then notes; within each in the order of the findings."""
    groups: dict[FindingGroup, list[str]] = defaultdict(list)
    for line in sorted(lines, key=lambda line: line.finding.severity.weight):
        found = line.finding
        group = FindingGroup(found.severity, line.unit or UNKNOWN_UNIT, str(line.month or ""), line.file,
                             found.sheet or WHOLE_FILE, found.rule, found.message)
        groups[group].append(found.cell or "")
    return [replace(group, cells=tuple(filter(None, cells))) for group, cells in groups.items()]
