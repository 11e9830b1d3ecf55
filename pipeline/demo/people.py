"""Invented persons and companies with valid numbers: stems and branches for names, checksums as the standards ask."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count
from random import Random

from stdnum.cn import uscc

from pipeline.idnumber import check_digit

_STEMS, _BRANCHES = "甲乙丙丁戊己庚辛壬癸", "子丑寅卯辰巳午未申酉戌亥"
_GIVEN = [f"{_STEMS[at % 10]}{_BRANCHES[at % 12]}" for at in range(60)]
_SURNAMES = "赵钱孙李周吴郑王冯陈"
_PLACES = ("330502", "330503", "330521", "330522")
_YOUNGEST, _OLDEST = date(1995, 12, 31), date(1965, 1, 1)


@dataclass(frozen=True)
class Person:
    """Somebody who does not exist."""

    name: str
    id_number: str
    phone: str


@dataclass(frozen=True)
class Company:
    """An employer that does not exist; `kind` is its type in the survey, `unit` the one that reports it."""

    name: str
    unit: str
    kind: str
    sector: str
    headcount: int = 0
    staff: int | None = None
    uscc: str | None = None


def number_of(place: str, born: date, order: int) -> str:
    """A valid resident ID number."""
    first17 = f"{place}{born:%Y%m%d}{order:03d}"
    return first17 + check_digit(first17)


def mistyped(id_number: str) -> str:
    """Another valid number, in which one digit and the check digit differ."""
    digit = (int(id_number[15]) + 1) % 10
    first17 = f"{id_number[:15]}{digit}{id_number[16]}"
    return first17 + check_digit(first17)


def wrong_checksum(id_number: str) -> str:
    """The number with its last character wrong."""
    return id_number[:17] + ("0" if id_number[17] != "0" else "1")


class Registry:
    """Hands out persons, each name and number once."""

    def __init__(self, random: Random) -> None:
        self._random, self._serial = random, count()

    def person(self, born: date | None = None, place: str | None = None) -> Person:
        """A new person, born between 1965 and 1995 where no day is given."""
        serial = next(self._serial)
        name = _SURNAMES[serial % 10] + _GIVEN[(serial * 7 + serial // 60) % 60]
        day = born or _OLDEST + timedelta(days=self._random.randrange((_YOUNGEST - _OLDEST).days))
        where = place or self._random.choice(_PLACES)
        return Person(name, number_of(where, day, serial), f"1390000{serial:04d}")


def credit_code(serial: int) -> str:
    """A valid unified social credit code."""
    first17 = f"91330503{serial:09d}"
    return first17 + str(uscc.calc_check_digit(first17))
