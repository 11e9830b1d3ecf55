"""The quarter's lists beside the table: who must have an engineer, who sits the exam, what was done. ID numbers are masked."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class EstablishmentLine:
    """One establishment by its newest survey; `required` is the law's number, `reported` the unit's own."""

    establishment: str
    kind: str
    sector: str
    headcount: int
    required: int
    reported: int | None
    present: int
    short: int
    surveyed_on: str
    unit: str
    history: str  # headcounts over the years, where they changed

    @property
    def state(self) -> str:
        """Whether the duty is met."""
        if not self.required:
            return "无强制要求"
        return "未达标" if self.short else "达标"


@dataclass(frozen=True, slots=True)
class UnitDuty:
    """The establishments of one responsible unit; `newest_survey` is blank where it has surveyed none."""

    unit: str
    establishments: int
    bound: int  # establishments under duty
    below: int  # of these, below their duty
    required: int
    present: int
    short: int
    newest_survey: str | None
    current: bool  # surveyed in the quarter's calendar year


@dataclass(frozen=True, slots=True)
class Duties:
    """配置达标 (D01 to D05, S01)."""

    units: list[UnitDuty] = field(default_factory=list)
    establishments: list[EstablishmentLine] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class SupervisorGroup:
    """The supervisors of one department."""

    unit: str
    department: str
    supervisors: int
    certified: int
    registered: int
    bound: int  # under duty and not registered
    encouraged: int


@dataclass(frozen=True, slots=True)
class SupervisorLine:
    """One supervisor; `note` says in what the registers disagree."""

    unit: str
    department: str
    name: str
    id_number: str
    age: int | None
    exam_status: str
    note: str


@dataclass(frozen=True, slots=True)
class Supervision:
    """监管人员 (D06, D07)."""

    groups: list[SupervisorGroup] = field(default_factory=list)
    bound: list[SupervisorLine] = field(default_factory=list)
    encouraged: list[SupervisorLine] = field(default_factory=list)
    disagreeing: list[SupervisorLine] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ExamLine:
    """Candidates of one year, level and sector."""

    year: int
    level: str
    sector: str
    registered: int
    sat: int
    passed: int
    certified: int  # of those who passed, in 持证人员 by now
    trained: int
    trainers: int


@dataclass(frozen=True, slots=True)
class PersonLine:
    """A person with one fact of the list's subject; `day` is ISO."""

    unit: str
    name: str
    id_number: str
    employer: str
    level: str
    day: str
    fact: str


@dataclass(frozen=True, slots=True)
class Examinations:
    """报考与通过 (S04, S07); trainers as (trainers, all persons)."""

    lines: list[ExamLine] = field(default_factory=list)
    unreported: list[PersonLine] = field(default_factory=list)
    candidate_trainers: tuple[int, int] = (0, 0)
    holder_trainers: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True)
class Registrations:
    """注册与继续教育 (S05)."""

    registered: int = 0
    holders: int = 0
    hours_unknown: int = 0
    overdue: list[PersonLine] = field(default_factory=list)
    due_soon: list[PersonLine] = field(default_factory=list)
    few_hours: list[PersonLine] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ClassLine:
    """One exam and the class before it: `state` is 已办, 待办 or 未办."""

    year: int
    level: str
    exam_on: str
    held_on: str | None
    topic: str | None
    state: str


@dataclass(frozen=True, slots=True)
class ActivityCount:
    """How often a unit did what."""

    unit: str
    activity: str
    times: int
    participants: int


@dataclass(frozen=True, slots=True)
class ActivityLine:
    """One activity as it was reported."""

    held_on: str
    unit: str
    activity: str
    topic: str
    level: str | None
    participants: int | None


@dataclass(frozen=True, slots=True)
class Activities:
    """工作举措 (S03, S06)."""

    classes: list[ClassLine] = field(default_factory=list)
    counts: list[ActivityCount] = field(default_factory=list)
    log: list[ActivityLine] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class QuarterLists:
    """All lists of one quarter."""

    duties: Duties = field(default_factory=Duties)
    supervision: Supervision = field(default_factory=Supervision)
    examinations: Examinations = field(default_factory=Examinations)
    registrations: Registrations = field(default_factory=Registrations)
    activities: Activities = field(default_factory=Activities)
