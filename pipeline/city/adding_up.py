"""The city's report from those of its districts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import astuple, replace
from datetime import date

from pipeline.book import Rival
from pipeline.calendar import Quarter
from pipeline.city.contest import pairs
from pipeline.city.counting import Counted, cells_of, deductions, outside_of, persons, reconcile, sectors_of
from pipeline.city.offices import City
from pipeline.city_report import CityReport, Place, RepeatedClaim
from pipeline.claim_report import Claim
from pipeline.idnumber import mask
from pipeline.quarter_lists import QuarterLists
from pipeline.quarter_report import FileCounts, QuarterReport


def light(report: QuarterReport) -> QuarterReport:
    """A district's report without the lists that only its own workbook shows: many districts fit into memory."""
    return replace(report, sources=[], trend=[], lists=QuarterLists(), changes=None, readings=[], submissions=[], units=[],
                   payers=[], measures=[], instalments=[])


def city_report(  # noqa: PLR0913, PLR0917 - all that is known of the districts
    city: City, quarter: Quarter, today: date, districts: Mapping[str, QuarterReport],
    counted: Mapping[str, list[Counted]], claims: Mapping[str, Claim],
    known: Mapping[str, Mapping[str, tuple[Rival, ...]]], stale: list[str],
) -> CityReport:
    """The sum of the districts' figures; raises ReconciliationError where it is not what counting everybody once gives."""
    order = [office.config.district for office in city.districts]
    reports, people = {name: districts[name] for name in order}, {name: counted[name] for name in order}
    taken_out = deductions(people)
    reconcile(reports, people, taken_out)
    files = FileCounts(*map(sum, zip(*(astuple(one.files) for one in reports.values()), strict=True)))
    return CityReport(
        city.name, city.office, quarter, today, reports, stale, cells_of(reports), sectors_of(reports),
        outside_of(reports, taken_out), taken_out, _repeats(known, claims), persons(people), files)


def _repeats(known: Mapping[str, Mapping[str, tuple[Rival, ...]]], claims: Mapping[str, Claim]) -> list[RepeatedClaim]:
    found = []
    for district, number, rival in pairs(known):
        if number not in claims or rival.number not in claims:
            continue  # of a district whose run failed halfway, which is said
        later, first = claims[number], claims[rival.number]
        found.append(RepeatedClaim(
            later.award, later.item, later.name, mask(later.id_number or ""),
            Place(rival.district, rival.unit, rival.month), rival.number, first.state,
            Place(district, later.unit, str(later.month)), number, later.state))
    return sorted(found, key=lambda one: (one.first.district, one.first_number, one.later_number))
