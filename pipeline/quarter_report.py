"""What rollup gives and report lays out: every figure of one quarter, no layout."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from pipeline.calendar import Month, Quarter
from pipeline.change_lines import Changes
from pipeline.claim_report import Claim, InstalmentLine, MeasureLine, PayerLine
from pipeline.findings import Finding
from pipeline.quarter_lists import QuarterLists
from pipeline.reading import Submission


@dataclass(frozen=True, slots=True)
class TableCell:
    """One sector × level × year of 附件2; `target` is None where the plan's cell is blank."""

    layer: str
    sector: str
    level: str
    year: int
    target: int | None
    actual: int
    introduced: int  # of `actual`, those by 引进


@dataclass(frozen=True, slots=True)
class SectorLine:
    """One row of the plan's table beside what there is."""

    layer: str
    sector: str
    wording: str
    remark: str
    suggested: bool
    demand_target: int | None
    demand_actual: int
    existing_target: int | None
    existing_actual: int
    target: int
    actual: int


@dataclass(frozen=True, slots=True)
class Total:
    """The table's bottom line; `persons` counts distinct people among `actual`."""

    target: int
    actual: int
    persons: int
    introduced: int
    registered: int


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """Where every row read went; `read` is the sum of the rest or the run fails."""

    read: int
    counted: int
    outside: int
    duplicate: int
    returned: int
    superseded: int

    @property
    def balanced(self) -> bool:
        """Whether no row was lost or counted twice."""
        parts = (self.counted, self.outside, self.duplicate, self.returned, self.superseded)
        return self.read == sum(parts)


@dataclass(frozen=True, slots=True)
class UnitLine:
    """What one unit sent in for the quarter and before."""

    unit: str
    rows_read: int
    counted: dict[str, int]  # by level
    outside: int
    duplicate: int
    returned: int
    superseded: int
    claims: int
    claimed_amount: float


@dataclass(frozen=True, slots=True)
class MonthlyReturn:
    """Whether a unit's return of one month came; `state`: 按时, 迟报, 零报告, 未报, 未到期, 未开始."""

    unit: str
    month: Month
    due: date
    state: str
    first_arrived: date | None
    corrections: int  # later versions of the same month


@dataclass(frozen=True, slots=True)
class FindingLine:
    """A finding with the names that a person needs: file, unit, month."""

    file: str
    unit: str | None
    month: Month | None
    finding: Finding


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A certificate that counts in 附件2 (or of a person of 现有数量), and the row that it was reported by; ID masked."""

    sector: str
    level: str
    year: int
    name: str
    id_number: str
    employer: str
    route: str
    day: str  # of issue; for 引进 that of introduction
    unit: str
    month: str
    file: str
    sheet: str
    row: int


@dataclass(frozen=True, slots=True)
class DemandLine:
    """An establishment of 总体需求数量, `required` engineers by its newest survey, and the row that says so."""

    sector: str
    establishment: str
    kind: str
    headcount: int
    required: int
    unit: str
    month: str
    file: str
    sheet: str
    row: int


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """Target and actual of a sector and level, from the plan's start to the end of a quarter, as they are known today.

    Targets are set by year: from a year's first quarter on, its whole target stands.
    """

    quarter: Quarter
    sector: str
    level: str
    target: int
    actual: int


@dataclass(frozen=True, slots=True)
class Reading:
    """A switch, the rule that it belongs to, its value, and (other value, totals under it) for each other reading."""

    switch: str
    rule: str
    clause: str
    decision: str
    value: str
    others: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class FileCounts:
    """This run's files."""

    read: int = 0
    unchanged: int = 0
    accepted: int = 0
    partly: int = 0
    returned: int = 0


@dataclass(frozen=True, slots=True)
class QuarterReport:
    """Every figure of the quarter, in the order in which it is shown."""

    quarter: Quarter
    today: date
    as_of: date | None
    cells: list[TableCell]
    sectors: list[SectorLine]
    total: Total
    outside: dict[str, int]
    reconciliation: dict[str, Reconciliation]
    units: list[UnitLine]
    claims: list[Claim]
    payers: list[PayerLine]
    measures: list[MeasureLine]
    instalments: list[InstalmentLine]
    findings: list[FindingLine]
    returns: list[MonthlyReturn]
    submissions: list[Submission]
    sources: list[SourceLine] = field(default_factory=list)
    existing: list[SourceLine] = field(default_factory=list)  # 现有数量: a person's newest certificate
    demand: list[DemandLine] = field(default_factory=list)
    trend: list[TrendPoint] = field(default_factory=list)
    lists: QuarterLists = field(default_factory=QuarterLists)
    files: FileCounts = field(default_factory=FileCounts)
    changes: Changes | None = None
    closed_on: date | None = None  # the quarter's folder is frozen since
    readings: list[Reading] = field(default_factory=list)
    concluded: int = 0  # findings on which there is a conclusion

    @property
    def counted_to(self) -> date:
        """The day up to which is counted."""
        return self.as_of or min(self.quarter.last_day, self.today)

    @property
    def missing(self) -> list[MonthlyReturn]:
        """The returns of the quarter that are overdue."""
        return [due for due in self.returns if due.state == "未报"]
