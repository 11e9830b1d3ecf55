"""What is reported of claims and money: each claim, what is to come, what each payer owes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from pipeline.calendar import Month

STATES = ("待初审", "待复审", "待发放", "已发放", "不核准", "退回", "重复", "已追回")  # in the order of contract.md


@dataclass(frozen=True, slots=True)
class Claim:
    """One application with its number and state; ID numbers are whole and must be masked by most readers."""

    number: str
    award: str
    level: str | None
    instalment: str | None
    unit: str
    month: Month
    name: str
    id_number: str | None
    employer: str
    certificate_number: str | None
    applied_on: date | None
    amount: float | None
    payer: str | None  # None: 待定
    state: str
    awaits: str | None  # the stage that is due: 初审, 复审, 发放
    waits_for: str | None  # why no decision may be taken yet
    submission: int
    sheet: str
    row: int
    paid: float = 0.0
    recovered: float = 0.0
    to_recover: bool = False  # paid, and the person is on the bar list
    detail: str | None = None  # of 其他激励: title, year and kind of fee, 购房 or 租房

    clock_from: date | None = None  # F01: the day from which the first review's clock runs
    review_due: date | None = None
    provisional: bool = False  # the calendar does not know that year yet (暂定)
    repeats: str | None = None  # the number of the claim that this one repeats

    @property
    def item(self) -> str:
        """What of the award is asked for: instalment, title, fee or level."""
        return self.instalment or self.detail or self.level or ""

    def body(self, first_reviewer: str, office: str) -> str | None:
        """Who is to take the next step; None where nothing is awaited."""
        if self.awaits is None:
            return None
        return first_reviewer if self.awaits == "初审" else self.payer or office


@dataclass(frozen=True, slots=True)
class ClaimProgress:
    """A claim with stage → opinion and day, and why it waits or came back."""

    claim: Claim
    stages: Mapping[str, str]
    remark: str


@dataclass(frozen=True, slots=True)
class EvidenceSlip:
    """R5: a unit's own claim, the file that it came in, and who else claims the same; nothing more of the other."""

    own: Claim
    file: str
    other_unit: str
    other_number: str
    other_state: str


@dataclass(frozen=True, slots=True)
class InstalmentLine:
    """An instalment that nobody has applied for yet; `state`: 未到期, 已到期，待申请, 停发; `claim` is the one before."""

    claim: str
    name: str
    id_number: str  # whole
    unit: str
    payer: str | None
    instalment: str
    due: date
    state: str
    amount: int


@dataclass(frozen=True, slots=True)
class PayerLine:
    """Money of one payer, award and year of application (of what is to come: of falling due): claims and yuan."""

    payer: str
    award: str
    year: int
    applied: int
    applied_amount: float
    approved: int
    approved_amount: float
    paid: int
    paid_amount: float
    recovered_amount: float
    unpaid_amount: float  # approved and not paid yet
    future_amount: float  # instalments that are still to fall due or to be applied for


@dataclass(frozen=True, slots=True)
class MeasureLine:
    """One row of 其他激励 that is no money of the district's; the ID is whole and must be masked."""

    measure: str
    unit: str
    month: str
    name: str
    id_number: str
    employer: str
    item: str  # 购房 or 租房, kind of fee, level
    amount: float | None
    guideline: float | None  # yuan a month
    eligible: bool  # 评优评先: a supervisor with a certificate by examination
    state: str  # of the claim, where it is one
