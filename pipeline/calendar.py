"""Months, quarters and periods of law (民法典 201 to 203, 1259)."""

from __future__ import annotations

import re
import unicodedata
from calendar import isleap
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Self

from dateutil.relativedelta import relativedelta

_MONTH = re.compile(r"(\d{4})\s*(?:年|[-./])?\s*(\d{1,2})\s*月?(?:份)?")
_QUARTER = re.compile(r"(\d{4})Q([1-4])")


@dataclass(frozen=True, order=True, slots=True)
class Month:
    """A calendar month, written 2020-08."""

    year: int
    month: int

    @classmethod
    def of(cls, day: date) -> Self:
        """The month of a day."""
        return cls(day.year, day.month)

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """2020-08, 2020年8月, 202008 and the like; None for anything else."""
        found = _MONTH.fullmatch(unicodedata.normalize("NFKC", text).strip())
        if not found or not 1 <= int(found[2]) <= 12 or not 1900 <= int(found[1]) <= 2999:
            return None
        return cls(int(found[1]), int(found[2]))

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"

    @property
    def next(self) -> Month:
        """The month after."""
        return Month(self.year + self.month // 12, self.month % 12 + 1)

    @property
    def previous(self) -> Month:
        """The month before."""
        return Month(self.year - (self.month == 1), (self.month + 10) % 12 + 1)

    @property
    def last_day(self) -> date:
        """The month's last day."""
        return date(self.next.year, self.next.month, 1) - timedelta(days=1)

    def due(self, due_day: int) -> date:
        """The last day on which this month's return is on time."""
        return date(self.next.year, self.next.month, due_day)


@dataclass(frozen=True, order=True, slots=True)
class Quarter:
    """A calendar quarter, written 2020Q3."""

    year: int
    number: int

    @classmethod
    def of(cls, month: Month) -> Self:
        """The quarter of a month."""
        return cls(month.year, (month.month + 2) // 3)

    @classmethod
    def parse(cls, text: str) -> Self:
        """2020Q3; raises ValueError with a Chinese sentence for anything else."""
        found = _QUARTER.fullmatch(text.strip().upper())
        if not found:
            raise ValueError(f"季度应写成 2020Q3 的样子，现在是“{text}”")
        return cls(int(found[1]), int(found[2]))

    def __str__(self) -> str:
        return f"{self.year}Q{self.number}"

    @property
    def months(self) -> list[Month]:
        """The three months."""
        return [Month(self.year, self.number * 3 - offset) for offset in (2, 1, 0)]

    @property
    def last_day(self) -> date:
        """The quarter's last day."""
        return self.months[-1].last_day

    @property
    def chinese(self) -> str:
        """2020年第三季度."""
        return f"{self.year}年第{'一二三四'[self.number - 1]}季度"


def chinese_day(day: date) -> str:
    """2020年9月5日, as GB/T 9704 has it: without zeros in front; strftime refuses Chinese on Windows before Python 3.13."""
    return f"{day.year}年{day.month}月{day.day}日"


def months_after(day: date, months: int) -> date:
    """The corresponding day, or the month's last day where there is none (民法典 202)."""
    return day + relativedelta(months=months)


def full_years(born: date, day: date) -> int:
    """The age in full years (周岁) on a day."""
    anniversary = (born.month, born.day)
    if anniversary == (2, 29) and not isleap(day.year):
        anniversary = (2, 28)
    return day.year - born.year - (anniversary > (day.month, day.day))


@lru_cache(maxsize=65536)
def deadline(day: date, months: int) -> tuple[date, bool]:
    """The last day of a period of months that began on `day`, moved past holidays (民法典 203).

    The second value is True where the calendar library does not know the year: then weekends alone
    were considered and the result is provisional (暂定).
    """
    last, provisional = months_after(day, months), False
    while True:
        working, known = _is_working_day(last)
        provisional |= not known
        if working:
            return last, provisional
        last += timedelta(days=1)


@lru_cache(maxsize=65536)
def working_days_after(day: date, days: int) -> tuple[date, bool]:
    """The last of so many working days (调休 included) after `day`, which itself is not counted (民法典 201).

    The second value is True where the calendar library does not know the year (暂定).
    """
    provisional = False
    while days:
        day += timedelta(days=1)
        working, known = _is_working_day(day)
        provisional |= not known
        days -= working
    return day, provisional


def _is_working_day(day: date) -> tuple[bool, bool]:
    from chinese_calendar import is_workday

    try:
        return is_workday(day), True
    except NotImplementedError:
        return day.weekday() < 5, False
