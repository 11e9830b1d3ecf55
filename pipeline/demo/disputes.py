"""Claims that cannot simply be granted: terms not met, papers missing, repeats, refusals, recoveries (I, F, G, R3, R5)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from pipeline.demo.cast import AGENCY, HAZARDOUS, JUNIOR, LARGE, MIDDLE, SENIOR, SMALL, Cast
from pipeline.demo.paper import Cell, Merge, Row
from pipeline.demo.people import mistyped
from pipeline.demo.rows import decision_row
from pipeline.demo.story import STAGES
from pipeline.findings import Severity

RETURNED, REVIEW, NOTE = Severity.RETURNED, Severity.REVIEW, Severity.NOTE
# What is written in a claim for the certificate award that was meant to be sound.
_AWARD_SLIPS: tuple[tuple[str, Severity, str, dict[str, Cell]], ...] = (
    ("F07", RETURNED, "employer_opinion", {"employer_opinion": "不属实"}),
    ("F07", REVIEW, "employer_opinion", {"employer_opinion": "暂无该证书信息"}),
    ("F08", RETURNED, "signed", {"signed": "否"}),
    ("F08", RETURNED, "certificate_copy", {"certificate_copy": "×"}),
    ("I01", RETURNED, "certificate_number", {"certificate_number": "20200000000000000001"}),
    ("N10", NOTE, "phone", {"phone": "13900"}),
    ("N01", RETURNED, "phone", {"phone": None}),
    ("N08", RETURNED, "employer_opinion", {"employer_opinion": "情况属实"}),
)


def happen(cast: Cast) -> None:
    """Every dispute, once."""
    for at, slip in enumerate(_AWARD_SLIPS):
        _slipped_award(cast, at, *slip)
    for episode in (_late, _not_for_this_award, _amount_mended, _earlier_awards, _refused_and_again, _relisted,
                    _two_units, _again_after_the_grant, _barred, _granted_elsewhere, _both_awards, _mistyped_person,
                    _merged_amount, _wrong_body):
        episode(cast)


def _slipped_award(cast: Cast, at: int, rule: str, severity: Severity, field: str, written: dict[str, Cell]) -> None:
    year = 2019 + at % 3
    holder = cast.known(LARGE, JUNIOR, date(year, 3, 6))
    row = cast.award(holder, date(year, 5 + at % 4, 15), earlier_awards="无")
    cast.hand_in(holder, row.at_fault(rule, severity, field, **written))


def _late(cast: Cast) -> None:
    """Applied long after the certificate was fetched; and without saying when it was fetched (F03)."""
    holder = cast.known(LARGE, MIDDLE, date(2020, 4, 2))
    cast.hand_in(holder, cast.award(holder, date(2020, 12, 18)).at_fault("F03", RETURNED, "applied_on"))
    other = cast.known(SMALL, JUNIOR, date(2019, 5, 7))
    cast.hand_in(other, cast.award(other, date(2019, 8, 12), collected_on=None), *STAGES)


def _not_for_this_award(cast: Cast) -> None:
    """A certificate of 2018, one that was brought in, and one that nobody has reported (I01)."""
    old = cast.listed(cast.newcomer(SMALL, MIDDLE, date(2018, 11, 20)), "2019-01")
    cast.hand_in(old, cast.award(old, date(2019, 3, 13)).at_fault("I01", RETURNED, "issued_on"))
    brought = cast.known(LARGE, MIDDLE, date(2019, 2, 11), introduced_on=date(2019, 4, 8))
    cast.hand_in(brought, cast.award(brought, date(2019, 6, 17)).at_fault("I01", RETURNED, "certificate_number"))
    unknown = cast.newcomer(LARGE, JUNIOR, date(2020, 4, 8))
    cast.hand_in(unknown, cast.award(unknown, date(2020, 7, 9)).at_fault("I01", REVIEW, "certificate_number"))


def _amount_mended(cast: Cast) -> None:
    """A claim with the wrong amount comes again, right, in the next month and keeps its number (I01)."""
    holder = cast.known(LARGE, MIDDLE, date(2020, 4, 14))
    row = cast.award(holder, date(2020, 6, 10), earlier_awards="无")
    cast.hand_in(holder, row.but(amount=1000).at_fault("I01", RETURNED, "amount"))
    cast.hand_in(holder, row.but(applied_on=date(2020, 7, 14)), *STAGES)


def _earlier_awards(cast: Cast) -> None:
    """中级 after 初级, with 无 under 已申请奖励 (F09)."""
    junior = cast.known(LARGE, JUNIOR, date(2019, 3, 12))
    cast.hand_in(junior, cast.award(junior, date(2019, 5, 9)), *STAGES)
    middle = replace(cast.newcomer(LARGE, MIDDLE, date(2021, 3, 16)), person=junior.person, company=junior.company)
    cast.listed(middle, "2021-04")
    row = cast.award(middle, date(2021, 6, 8)).at_fault("F09", REVIEW, "earlier_awards", earlier_awards="无")
    cast.hand_in(middle, row, *STAGES)


def _refused_and_again(cast: Cast) -> None:
    """Refused at the first review; the fresh application has a number of its own."""
    holder = cast.known(SMALL, JUNIOR, date(2019, 6, 5))
    row = cast.award(holder, date(2019, 7, 16))
    cast.hand_in(holder, row, "初审", refused=True)
    cast.hand_in(holder, replace(row.but(applied_on=date(2019, 11, 12)), again=1), *STAGES)


def _relisted(cast: Cast) -> None:
    """The unit lists a claim that nobody has decided yet again (R3)."""
    holder = cast.known(LARGE, JUNIOR, date(2020, 7, 7))
    row = cast.award(holder, date(2020, 9, 8))
    cast.hand_in(holder, row)
    cast.home(holder, "2020-10").add("certificate_awards", row.at_fault("R3", NOTE, "id_number"))


def _two_units(cast: Cast) -> None:
    """Two units ask for the same person (R5): the second is told so (G01, G03)."""
    holder = cast.known(LARGE, MIDDLE, date(2020, 3, 3))
    row = cast.award(holder, date(2020, 5, 12))
    cast.hand_in(holder, row, *STAGES)
    repeat = row.but(applied_on=date(2020, 6, 15)).at_fault("G01", RETURNED, "id_number")
    cast.diary.of(cast.other_unit(holder), "2020-06").add("certificate_awards", repeat)
    brought = cast.known(HAZARDOUS, MIDDLE, date(2016, 9, 12), introduced_on=date(2019, 5, 13))
    row = cast.talent(brought, date(2020, 7, 15))
    cast.hand_in(brought, row, *STAGES)
    repeat = row.but(applied_on=date(2020, 9, 15)).at_fault("G03", RETURNED, "id_number")
    cast.diary.of(cast.other_unit(brought), "2020-09").add("talent_awards", repeat)


def _again_after_the_grant(cast: Cast) -> None:
    holder = cast.known(SMALL, JUNIOR, date(2020, 2, 18))
    row = cast.award(holder, date(2020, 4, 9))
    cast.hand_in(holder, row, *STAGES)
    again = replace(row.but(applied_on=date(2020, 9, 10)), again=1)
    cast.home(holder, "2020-09").add("certificate_awards", again.at_fault("G01", RETURNED, "id_number"))


def _barred(cast: Cast) -> None:
    """Two persons on the bar list (G02): one was paid and pays back, one gets nothing."""
    paid, barred = (cast.known(LARGE, JUNIOR, date(year, 3, 10)) for year in (2020, 2021))
    row = cast.award(paid, date(2020, 6, 9)).at_fault("G02", REVIEW, "id_number")
    cast.hand_in(paid, row, *STAGES)
    recovery = decision_row(row.claim("certificate_awards", paid.company.unit), "追回", "核准", date(2021, 3, 22))
    cast.diary.file(cast.config.first_review_unit, "2021-03", date(2021, 4, 5), {"decisions": [recovery]})
    cast.hand_in(barred, cast.award(barred, date(2021, 6, 10)).at_fault("G02", RETURNED, "id_number"))
    rows = [Row({"name": one.person.name, "id_number": one.person.id_number, "barred_on": date(2021, 2, 22),
                 "reason": "提供虚假材料"}) for one in (paid, barred)]
    cast.keep_register("bar_list", "2021-02", *rows)


def _granted_elsewhere(cast: Cast) -> None:
    """Another department has granted the same award (G04)."""
    holder = cast.known(SMALL, JUNIOR, date(2021, 3, 9))
    cast.hand_in(holder, cast.award(holder, date(2021, 5, 11)).at_fault("G04", RETURNED, "id_number"))
    outside = Row({"name": holder.person.name, "id_number": holder.person.id_number, "award": "证书奖励",
                   "level": JUNIOR, "department": "区总工会", "granted_on": date(2021, 4, 20), "amount": 800})
    cast.keep_register("outside_awards", "2021-04", outside)


def _both_awards(cast: Cast) -> None:
    """One person asks for both awards, for different certificates (G04, to be looked at)."""
    brought = cast.known(AGENCY, MIDDLE, date(2015, 9, 12), introduced_on=date(2019, 3, 11))
    cast.hand_in(brought, cast.talent(brought, date(2020, 5, 13)), *STAGES)
    senior = replace(cast.newcomer(LARGE, SENIOR, date(2020, 6, 3)), person=brought.person, company=brought.company)
    cast.listed(senior, "2020-07")
    cast.hand_in(senior, cast.award(senior, date(2020, 9, 9)).at_fault("G04", REVIEW, "id_number"), "初审", "复审")


def _mistyped_person(cast: Cast) -> None:
    """A claim under a mistyped number: a namesake at the same employer (N13) without a certificate (I01)."""
    holder = cast.known(LARGE, JUNIOR, date(2021, 4, 6))
    row = cast.award(holder, date(2021, 7, 6)).but(id_number=mistyped(holder.person.id_number))
    row = row.at_fault("N13", REVIEW, "id_number").at_fault("I01", REVIEW, "certificate_number")
    cast.hand_in(holder, row)


def _merged_amount(cast: Cast) -> None:
    """One amount over two claims belongs to the first of them (N01)."""
    first = cast.newcomer(LARGE, JUNIOR, date(2021, 5, 10), unit="善琏镇")
    second = replace(cast.newcomer(LARGE, JUNIOR, date(2021, 5, 10)), company=first.company)
    for holder in (first, second):
        cast.listed(holder, "2021-06")
    filed = cast.home(first, "2021-08")
    start = len(filed.sheets.get("certificate_awards", []))
    cast.hand_in(first, cast.award(first, date(2021, 8, 11)), *STAGES)
    cast.hand_in(second, cast.award(second, date(2021, 8, 11)).at_fault("N01", RETURNED, "amount"))
    filed.merges.append(Merge("certificate_awards", "amount", start, start + 1))


def _wrong_body(cast: Cast) -> None:
    """A unit decides what is not its to decide (F02)."""
    holder = cast.known(SMALL, JUNIOR, date(2019, 8, 6))
    row = cast.hand_in(holder, cast.award(holder, date(2019, 10, 10)))
    decision = decision_row(row.claim("certificate_awards", holder.company.unit), "初审", "核准", date(2019, 11, 20))
    wrong = decision.at_fault("F02", RETURNED, "claim")
    cast.diary.file(cast.other_unit(holder), "2019-11", date(2019, 12, 5), {"decisions": [wrong]})
