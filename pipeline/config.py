"""The district's plan as data: every number, unit, recipient and switch, typed.

The models mirror config.yaml key by key; `config_file.load` fills them. A switch whose other
reading is not implemented admits only its default, so that no value is accepted in vain.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from difflib import get_close_matches
from functools import cached_property
from typing import Annotated, Literal

from pydantic import Field

from pipeline.establishment_types import Boundary, EstablishmentType, Rounding
from pipeline.places import LedgerPlace, Scale
from pipeline.policy import Model, Months, Policy, Yuan

Headcount = Annotated[int, Field(ge=0)]
# Plain ASCII addresses alone: nothing else can be put into a mail header by every server.
_ATOMS = r"[A-Za-z0-9_%+-]+(\.[A-Za-z0-9_%+-]+)*"
Email = Annotated[str, Field(pattern=rf"^{_ATOMS}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$")]


class Sector(Model):
    """One row of the plan's table."""

    name: str
    wording: str
    layer: str


class TargetRow(Model):
    """Targets of one table row; an absent number is a blank cell, which is not 0."""

    demand: Headcount | None = None
    existing: Headcount | None = None
    target: Headcount
    by_level: dict[str, dict[int, Headcount]] = Field(default_factory=dict)
    remark: str = ""
    suggested: bool = False

    def of(self, level: str, year: int) -> int | None:
        """The target of one cell, None where the plan's cell is blank."""
        return self.by_level.get(level, {}).get(year)


class TargetTable(Model):
    """One dated version of 附件2."""

    valid_from: date
    sectors: dict[str, TargetRow]
    total: TargetRow




class Switches(Model):
    """Decisions where the plan is silent or contradicts itself (rules.md)."""

    count_basis: Literal["certificate", "registered"]
    year_basis: Literal["issue_date"]
    baseline_date: date
    count_introduced: bool
    threshold_applies_to: Literal["construction", "all"]
    boundary_300: Boundary
    ratio_round: Rounding
    age_ref: Literal["12-31", "filled_on"]
    age_mode: Literal["integer", "exact"]
    age_40: Literal["duty", "encourage"]
    sector_from: Literal["reported", "survey"]
    local_by: Literal["reporting_unit", "survey"]
    reward_since: Literal["issue_date"]
    gov_eligible: bool
    expense_cap: Yuan | None
    first_intro: Literal["district"]
    after_2016_inclusive: bool
    fulltime_for: Literal["all", "degree"]
    clock_start: Literal["received", "applied"]
    notice_overrides: bool
    review_2_2: Literal["form"]
    bar_scope: Literal["all", "named"]
    instalment_months: list[Months]
    stack_1_4: Literal["review", "allow"]
    register_within_months: Months
    register_soon_days: Annotated[int, Field(ge=0, le=366)]
    ce_hours: Headcount


class Unit(Model):
    """A town or department; `reports` says whether a return is due every month, `mail` where it writes from and is written to."""

    name: str
    reports: bool
    aliases: list[str] = Field(default_factory=list)
    mail: list[Email] = Field(default_factory=list)


class Member(Model):
    """A member of the leading group, who receives the quarter's mail."""

    role: str
    name: str
    unit: str
    email: Email


class Limits(Model):
    """What a workbook may be at most, and what reading it may take."""

    file_mb: Annotated[int, Field(ge=1)]
    unpacked_mb: Annotated[int, Field(ge=1)]
    rows: Annotated[int, Field(ge=1)]
    columns: Annotated[int, Field(ge=1)]
    sheets: Annotated[int, Field(ge=1)]
    seconds: Annotated[int, Field(ge=1)] = 30
    memory_mb: Annotated[int, Field(ge=64)] = 1024


class Smtp(Model):
    """How mail leaves the office."""

    host: str
    port: Annotated[int, Field(ge=1, le=65535)]
    security: Literal["tls", "starttls", "none"]
    user: str | None = None
    sender: Email
    retry_seconds: list[Annotated[int, Field(ge=0, le=3600)]] = Field(default=[30, 120])


class Briefing(Model):
    """What a 通报 has beside its figures (GB/T 9704); without a masthead there is no red head and no 版记."""

    masthead: Annotated[str, Field(max_length=40)] = ""
    numbers: dict[Annotated[str, Field(pattern=r"^\d{4}Q[1-4]$")], str] = Field(default_factory=dict)
    addressees: str = "领导小组各成员单位"
    closing: str = "特此通报。"
    signature: str = ""  # blank: the office
    copies_to: str = ""


class Imap(Model):
    """The mailbox to which the units send their workbooks; letters older than `days` are not looked at."""

    host: str
    port: Annotated[int, Field(ge=1, le=65535)] = 993
    security: Literal["tls", "starttls", "none"] = "tls"
    user: str
    folder: str = "INBOX"
    done_folder: str | None = None  # where letters go when all was taken; None: they stay, marked as read
    days: Annotated[int, Field(ge=1, le=3660)] = 62


class Config(Model):
    """The whole of config.yaml."""

    district: str
    office: str
    plan_name: str
    table_title: str
    claim_prefix: Annotated[str, Field(pattern=r"^[A-Z]{1,8}$")]
    template_version: str
    due_day: Annotated[int, Field(ge=1, le=28)]
    first_month: Annotated[str, Field(pattern=r"^\d{4}-(0[1-9]|1[0-2])$")] | None = None  # None: of all months
    years: list[int]
    levels: list[str]
    target_levels: list[str]
    other_sector: str
    sectors: list[Sector]
    targets: list[TargetTable]
    establishment_types: dict[str, EstablishmentType]
    sector_precedence: list[str]
    policies: list[Policy]
    switches: Switches
    first_review_unit: str
    office_unit: str
    units: list[Unit]
    leading_group: list[Member]
    limits: Limits
    ledger: LedgerPlace
    scale: Scale = Scale()
    smtp: Smtp
    briefing: Briefing = Briefing()
    forms: dict[Literal["证书奖励", "紧缺人才"], str] = Field(
        default={"证书奖励": "申请表2-1.docx", "紧缺人才": "申请表2-2.docx"})
    imap: Imap | None = None

    @cached_property
    def sector_names(self) -> list[str]:
        """The table's rows in order, without the row that stands below it."""
        return [sector.name for sector in self.sectors]

    @cached_property
    def unit_order(self) -> Mapping[str, int]:
        """Each unit's place in 附件1."""
        return {unit.name: place for place, unit in enumerate(self.units)}

    @cached_property
    def unit_spellings(self) -> Mapping[str, str]:
        """Every accepted spelling of a unit, with and without the district's name in front."""
        spellings = {name: unit.name for unit in self.units for name in (unit.name, *unit.aliases)}
        prefixed = {f"{self.district}{name.removeprefix('区')}": unit for name, unit in spellings.items()}
        return prefixed | spellings

    @cached_property
    def reporting_units(self) -> list[str]:
        """The units whose return is due every month, in the order of 附件1."""
        return [unit.name for unit in self.units if unit.reports]

    def mail_of(self, unit: str) -> list[str]:
        """A unit's addresses, the first for what is sent to it: its own, else those of its members of the leading group."""
        own = next((one.mail for one in self.units if one.name == unit), [])
        return own or [member.email for member in self.leading_group if member.unit == unit]

    def unit_like(self, name: str) -> str | None:
        """The listed unit that somebody may have meant: whether they did, they must say."""
        likely = get_close_matches(name, self.unit_spellings, n=1)
        return self.unit_spellings[likely[0]] if likely else None

    @property
    def senders(self) -> Mapping[str, str]:
        """Address in small letters → the unit (or, without one, the person) whose it is."""
        group = {member.email: member.unit if member.unit in self.unit_order else member.name for member in self.leading_group}
        units = {address: unit.name for unit in reversed(self.units) for address in unit.mail}
        return {address.lower(): name for address, name in (group | units).items()}

    def type_of(self, name: str) -> EstablishmentType:
        """A type of establishment with the limit that holds for it (D01: `threshold_applies_to`)."""
        kind = self.establishment_types[name]
        if self.switches.threshold_applies_to == "construction" or kind.from_headcount is not None:
            return kind
        limited = next((other for other in self.establishment_types.values()
                        if other.sector == kind.sector and other.from_headcount is not None), kind)
        return kind.model_copy(update=limited.model_dump(include={"from_headcount", "sector_below"}))

    def sector_of(self, name: str, headcount: float) -> str:
        """The table row of an establishment of this type and size (D08)."""
        return self.type_of(name).sector_for(headcount, self.switches.boundary_300)

    def engineers_of(self, name: str, headcount: float, service_staff: float) -> int:
        """Engineers that the law asks of an establishment (D01 to D05)."""
        switches = self.switches
        return self.type_of(name).required_for(headcount, service_staff, switches.boundary_300, switches.ratio_round)

    def targets_on(self, day: date) -> TargetTable:
        """The version of the plan's table that holds on `day` (the first one before all versions)."""
        valid = [table for table in self.targets if table.valid_from <= day]
        return (valid or self.targets)[-1 if valid else 0]

    def policy_on(self, day: str | None) -> Policy:
        """The version of the amounts and periods that holds on an ISO day (blank: the newest)."""
        later = reversed(self.policies[1:])
        return next((one for one in later if day is None or one.valid_from.isoformat() <= day), self.policies[0])
