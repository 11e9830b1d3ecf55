"""What happens in the fictional district when nothing goes wrong: who gets which certificate, applies and is paid."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import count

from pipeline.calendar import Month, months_after
from pipeline.demo.diary import Diary
from pipeline.demo.paper import Row, Value
from pipeline.demo.people import Company, Person, credit_code
from pipeline.demo.rows import Certificate, award_row, holder_row, survey_row, talent_row

STAGES = ("初审", "复审", "发放")
LISTS_EVERYBODY = "和孚镇"  # sends its full list every month of 2020
# Type, sector, how many, smallest and largest headcount, trade.
_COMPANIES = (
    ("危险化学品生产单位", "危化冶炼建筑", 2, 80, 200, "化工"), ("危险化学品储存单位", "危化冶炼建筑", 2, 20, 60, "储运"),
    ("金属冶炼单位", "危化冶炼建筑", 2, 150, 400, "冶炼"), ("建筑施工单位", "危化冶炼建筑", 2, 320, 600, "建筑"),
    ("工矿企业", "工矿300人以上", 30, 305, 1500, "机械"), ("工矿企业", "工矿300人以下", 12, 30, 280, "纺织"),
    ("安全生产中介机构", "中介机构", 3, 15, 40, "安全技术"), ("建筑施工单位", "其他", 2, 60, 250, "装饰"),
    ("其他生产经营单位", "其他", 3, 20, 200, "商贸"),
)
_EXISTING = {"危化冶炼建筑": 3, "工矿300人以上": 3, "工矿300人以下": 5, "中介机构": 4, "政府部门": 3}
# New certificates of 2019, 2020, 2021, and how many of each year were brought in rather than examined.
_GROWTH = (
    ("危化冶炼建筑", "中级", (0, 2, 2), (0, 1, 0)), ("危化冶炼建筑", "初级", (0, 1, 0), (0, 0, 0)),
    ("工矿300人以上", "初级", (3, 1, 0), (0, 0, 0)), ("工矿300人以上", "中级", (0, 3, 4), (0, 1, 1)),
    ("工矿300人以下", "中级", (1, 0, 1), (0, 0, 0)),
    ("中介机构", "中级", (0, 3, 2), (0, 1, 0)), ("中介机构", "初级", (0, 1, 0), (0, 0, 0)),
    ("政府部门", "中级", (2, 3, 3), (0, 0, 0)), ("政府部门", "初级", (0, 1, 1), (0, 0, 0)),
    ("其他", "初级", (1, 1, 1), (0, 0, 0)), ("工矿300人以上", "高级", (0, 1, 1), (0, 0, 0)),
)
_REGULATORS = {"危化冶炼建筑": "区住建局", "工矿300人以上": "区发改经信局", "中介机构": "区应急管理局"}
_PROMOTED = 3  # holders of 初级 of the first year who get 中级 in the last


class Story:
    """The district's companies, holders and claims, entered into the diary year by year."""

    def __init__(self, diary: Diary) -> None:
        self.diary, self.random, self.config = diary, diary.random, diary.config
        self.serial = count(1)
        self.companies = list(self._companies())
        self.offices = {unit: Company(f"{unit}安全监管办", unit, "行业监管部门", "政府部门", 12)
                        for unit in self.config.reporting_units}
        self.held: dict[tuple[str, str, int], list[Certificate]] = {}

    def tell(self) -> None:
        """Everything in its order."""
        self._surveys()
        self._baseline()
        for year, of_year in zip(self.config.years, range(3), strict=True):
            for sector, level, new, brought in _GROWTH:
                for at in range(new[of_year]):
                    self._new_holder(sector, level, year, introduced=at < brought[of_year])
        self._list_everybody()

    def _companies(self) -> Iterator[Company]:
        towns = [unit for unit in self.config.reporting_units if unit.endswith(("镇", "开发区"))]
        turn, letters = count(), dict[tuple[str, str], int]()
        for kind, sector, number, least, most, trade in _COMPANIES:
            for at in range(number):
                unit = towns[next(turn) % len(towns)]
                letter = letters[unit, trade] = letters.get((unit, trade), -1) + 1
                headcount = least + (most - least) * at // max(number - 1, 1)
                name = f"{unit.removesuffix('镇')}虚拟{'甲乙丙丁戊'[letter]}{trade}有限公司"
                code = credit_code(next(self.serial)) if at % 6 != 5 else None
                staff = (6, 9, 11)[at] if sector == "中介机构" else None
                yield Company(name, unit, kind, sector, headcount, staff, code)

    def company(self, sector: str, unit: str | None = None) -> Company:
        """An employer of a sector, at a unit where one is asked for."""
        if sector == "政府部门":
            return self.offices[unit or self.random.choice(self.config.reporting_units)]
        fitting = [one for one in self.companies if one.sector == sector and one.unit == (unit or one.unit)]
        return self.random.choice(fitting)

    def certificate(self, person: Person, company: Company, level: str, issued_on: date,
                    introduced_on: date | None = None) -> Certificate:
        """A certificate with a number of its own."""
        number = f"{issued_on.year}1004533{next(self.serial):09d}"
        return Certificate(person, company, level, number, issued_on, introduced_on)

    def _surveys(self) -> None:
        for year in self.config.years:
            for at, company in enumerate([*self.companies, *list(self.offices.values())[:2]]):
                if year > self.config.years[0] or at % 7 != 6:
                    required = 2 if company.headcount > 800 else None
                    self.diary.of(company.unit, f"{year}-03").add("establishments", survey_row(
                        company, date(year, 3, 4 + at % 20), required_engineers=required))

    def _baseline(self) -> None:
        for sector, number in _EXISTING.items():
            for at in range(number):
                introduced = date(2018, 11, 6) if at == 0 and sector in ("危化冶炼建筑", "工矿300人以上") else None
                issued = date(2012 + self.random.randrange(6), 9, 10 + at)
                holder = self.certificate(self.diary.people.person(), self.company(sector), "中级", issued, introduced)
                register: dict[str, Value] = {"registration_number": f"ZC{next(self.serial):06d}", "registered_on": date(2018, 12, 3),
                            "ce_hours": 24 + 12 * at, "specialty": "其他安全", "trainer": "是" if at == 1 else "否"}
                unit = self.diary.of(holder.company.unit, "2019-01")
                unit.add("certificates", holder_row(holder, self.config, **register))
                if introduced:
                    self._talent(holder)

    def _new_holder(self, sector: str, level: str, year: int, *, introduced: bool) -> None:
        day = date(year, 2 + self.random.randrange(9), 1 + self.random.randrange(27))
        promoted = self._promoted(sector, level, year)
        person = promoted.person if promoted else self.diary.people.person()
        company = promoted.company if promoted else self.company(sector)
        issued = date(2013 + self.random.randrange(5), 9, 12) if introduced else day
        holder = self.certificate(person, company, level, issued, day if introduced else None)
        self.held.setdefault((sector, level, year), []).append(holder)
        self.report(holder)
        if introduced:
            self._talent(holder)
        elif promoted or self.random.random() < 0.6 or len(self.held[sector, level, year]) <= _PROMOTED:
            self._award(holder, "初级" if promoted else self.random.choice(["无", None]))

    def _promoted(self, sector: str, level: str, year: int) -> Certificate | None:
        if (sector, level, year) != ("工矿300人以上", "中级", self.config.years[-1]):
            return None
        at = len(self.held.get((sector, level, year), [])) - 1  # the first of them is brought in
        juniors = self.held[sector, "初级", self.config.years[0]]
        return juniors[at] if 0 <= at < _PROMOTED else None

    def report(self, holder: Certificate) -> None:
        """The unit lists the holder in the month in which the certificate was fetched or the person came."""
        month = Month.of(holder.introduced_on or holder.collected_on)
        row = holder_row(holder, self.config, specialty=self.random.choice(["化工安全", "金属冶炼安全", "其他安全"]))
        self.diary.returns[holder.company.unit, month].add("certificates", row)

    def _award(self, holder: Certificate, earlier: str | None) -> None:
        month = Month.of(holder.collected_on)
        for _ in range(1 + self.random.randrange(3)):
            month = month.next
        if month in self.diary.months:
            applied_on = date(month.year, month.month, 8 + self.random.randrange(16))
            collected = None if self.random.random() < 0.05 else holder.collected_on
            row = award_row(holder, applied_on, self.config, earlier_awards=earlier, collected_on=collected)
            self.diary.apply(self.diary.returns[holder.company.unit, month], "certificate_awards", row, *STAGES)

    def _talent(self, holder: Certificate) -> None:
        assert holder.introduced_on
        regulator = _REGULATORS[holder.company.sector]
        for years, instalment in enumerate(self.config.policies[-1].talent_award.instalments, 1):
            applied_on = months_after(holder.introduced_on.replace(day=1), 12 * years + 1) + timedelta(days=9)
            if Month.of(applied_on) in self.diary.months:
                row = talent_row(holder, applied_on, instalment, regulator, self.config)
                filed = self.diary.of(holder.company.unit, str(Month.of(applied_on)))
                self.diary.apply(filed, "talent_awards", row, *STAGES)

    def _list_everybody(self) -> None:
        listed: list[Row] = []
        for month in self.diary.months:
            filed = self.diary.returns[LISTS_EVERYBODY, month]
            new = filed.sheets.get("certificates", [])
            if month.year == 2020 and listed:
                filed.sheets["certificates"] = [*listed, *new]
            listed += new
