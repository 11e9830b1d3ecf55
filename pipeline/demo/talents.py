"""Claims for the talent award that the terms do not carry (I04, G03, F05)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from pipeline.demo.cast import AGENCY, HAZARDOUS, JUNIOR, LARGE, MIDDLE, Cast
from pipeline.demo.paper import Row
from pipeline.demo.rows import talent_row
from pipeline.demo.story import STAGES
from pipeline.findings import Severity

RETURNED, REVIEW = Severity.RETURNED, Severity.REVIEW
_Slip = Callable[[Row], Row]
# Sector, day of introduction, day of application, and what is wrong with the claim.
_SLIPS: tuple[tuple[str, date, date, _Slip], ...] = (
    (LARGE, date(2019, 3, 18), date(2020, 6, 10),
     lambda row: row.but(contract_to=date(2021, 12, 31)).at_fault("I04", RETURNED, "contract_to")),
    (LARGE, date(2019, 4, 15), date(2020, 7, 10),
     lambda row: row.but(insured_since=date(2020, 1, 1)).at_fault("I04", RETURNED, "insured_since")),
    (LARGE, date(2020, 2, 17), date(2021, 5, 11),
     lambda row: row.but(amount=10000).at_fault("G03", RETURNED, "amount")),
    (AGENCY, date(2019, 6, 17), date(2021, 9, 10),
     lambda row: row.but(instalment="第二年").at_fault("G03", RETURNED, "instalment")),
)


def happen(cast: Cast) -> None:
    """Every case, once."""
    for sector, introduced_on, applied_on, slip in _SLIPS:
        holder = cast.known(sector, MIDDLE, date(2016, 9, 12), introduced_on)
        cast.hand_in(holder, slip(cast.talent(holder, applied_on)))
    for episode in (_examined, _wrong_level, _unlisted, _nobody_pays, _too_early):
        episode(cast)


def _examined(cast: Cast) -> None:
    """The list says that the certificate was won by examination."""
    holder = cast.known(HAZARDOUS, MIDDLE, date(2019, 2, 14))
    row = cast.talent(holder, date(2020, 5, 19), introduced_on=date(2019, 2, 14))
    cast.hand_in(holder, row.at_fault("I04", RETURNED, "introduced_on"))


def _wrong_level(cast: Cast) -> None:
    holder = cast.known(LARGE, JUNIOR, date(2018, 9, 12), introduced_on=date(2019, 4, 22))
    cast.hand_in(holder, cast.talent(holder, date(2020, 8, 19)).at_fault("I04", RETURNED, "level"))


def _unlisted(cast: Cast) -> None:
    """Nobody has reported the certificate yet: the claim waits."""
    holder = cast.newcomer(LARGE, MIDDLE, date(2017, 9, 12), date(2020, 2, 17))
    cast.hand_in(holder, cast.talent(holder, date(2021, 4, 13)).at_fault("I04", REVIEW, "certificate_number"))


def _nobody_pays(cast: Cast) -> None:
    """Without a regulator the second review waits for somebody to pay (F05)."""
    holder = cast.known(LARGE, MIDDLE, date(2016, 9, 12), introduced_on=date(2020, 3, 23))
    cast.hand_in(holder, talent_row(holder, date(2021, 5, 18), "第一年", None, cast.config), "初审")


def _too_early(cast: Cast) -> None:
    """The second instalment before the second year is over (G03)."""
    holder = cast.known(AGENCY, MIDDLE, date(2017, 9, 12), introduced_on=date(2019, 9, 16))
    cast.hand_in(holder, cast.talent(holder, date(2020, 11, 10)), *STAGES)
    cast.hand_in(holder, cast.talent(holder, date(2021, 8, 10), "第二年").at_fault("G03", RETURNED, "applied_on"))
