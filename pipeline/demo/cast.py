"""The persons of one episode each: somebody new, listed in a month, applying in another."""

from __future__ import annotations

from datetime import date
from itertools import count

from pipeline.demo.paper import Return, Row, Value
from pipeline.demo.people import Person
from pipeline.demo.rows import Certificate, award_row, holder_row, talent_row
from pipeline.demo.story import LISTS_EVERYBODY, Story
from pipeline.sheets import BY_KEY

LARGE, SMALL, HAZARDOUS, AGENCY = "工矿300人以上", "工矿300人以下", "危化冶炼建筑", "中介机构"
JUNIOR, MIDDLE, SENIOR = "初级", "中级", "高级"


class Cast:
    """Hands out newcomers, whose employers change by turns so that all units have their troubles."""

    def __init__(self, story: Story) -> None:
        self.story, self.diary, self.config = story, story.diary, story.config
        self._turn = count()
        last = self.config.units[-1].name  # it exports CSV, where numbers cannot be told from text
        self._quiet = {LISTS_EVERYBODY, last}

    def newcomer(self, sector: str, level: str, issued_on: date, introduced_on: date | None = None,
                 person: Person | None = None, unit: str | None = None) -> Certificate:
        """A certificate of a new person."""
        fitting = [one for one in self.story.companies
                   if one.sector == sector and one.unit not in self._quiet and one.unit == (unit or one.unit)]
        company = fitting[next(self._turn) % len(fitting)]
        return self.story.certificate(person or self.diary.people.person(), company, level, issued_on, introduced_on)

    def home(self, holder: Certificate, month: str) -> Return:
        """The return of the holder's own unit."""
        return self.diary.of(holder.company.unit, month)

    def listed(self, holder: Certificate, month: str, **more: Value) -> Certificate:
        """The holder, listed in 持证人员 of a month."""
        self.home(holder, month).add("certificates", holder_row(holder, self.config, **more))
        return holder

    def known(self, sector: str, level: str, issued_on: date, introduced_on: date | None = None) -> Certificate:
        """A newcomer who is listed in the month of the certificate (or of the introduction)."""
        holder = self.newcomer(sector, level, issued_on, introduced_on)
        day = introduced_on or holder.collected_on
        return self.listed(holder, f"{day:%Y-%m}")

    def award(self, holder: Certificate, applied_on: date, **more: Value) -> Row:
        """The holder's claim for the certificate award, not handed in yet."""
        return award_row(holder, applied_on, self.config, **more)

    def talent(self, holder: Certificate, applied_on: date, instalment: str = "第一年", **more: Value) -> Row:
        """The holder's claim for an instalment of the talent award, not handed in yet."""
        return talent_row(holder, applied_on, instalment, "区发改经信局", self.config, **more)

    def hand_in(self, holder: Certificate, row: Row, *stages: str, refused: bool = False) -> Row:
        """Put a claim into the return of its own unit and month, to pass these stages."""
        applied_on = row.values["applied_on"]
        assert isinstance(applied_on, date)
        kind = "talent_awards" if "instalment" in row.values else "certificate_awards"
        return self.diary.apply(self.home(holder, f"{applied_on:%Y-%m}"), kind, row, *stages, refused=refused)

    def keep_register(self, kind: str, month: str, *rows: Row) -> None:
        """A register of the safety bureau, in a file of its own beside the month's return."""
        filed = self.diary.of(self.config.first_review_unit, month)
        register = self.diary.file(filed.unit, month, filed.arrives, {kind: list(rows)})
        register.path = f"登记/{month}/{filed.unit}_{BY_KEY[kind].label}.xlsx"

    def other_unit(self, holder: Certificate) -> str:
        """Another unit, which reports the same person."""
        units = [unit for unit in self.config.reporting_units if unit not in self._quiet]
        return units[(units.index(holder.company.unit) + 1) % len(units)]
