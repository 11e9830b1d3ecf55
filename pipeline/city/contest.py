"""Which districts' claims ask for the same, and whose holds (G01, G03, G05 over the whole city)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from pipeline.book import Book, Rival
from pipeline.claim_report import Claim

_UNDECIDED, _REPEATED = "待初审", "重复"
_ENDED = ("退回", "不核准")


@dataclass(frozen=True, slots=True)
class Contender:
    """The claim by which a district asks for an entitlement: within the district none comes before it."""

    entitlement: tuple[str, str, str]
    decided: bool
    arrived_on: date
    district_at: int  # the district's place in the city's config.yaml
    submission: int  # that brought it first
    district: str
    number: str
    unit: str
    month: str

    @property
    def rank(self) -> tuple[bool, date, int, int]:
        """A decided one comes first, then the first to arrive."""
        return (not self.decided, self.arrived_on, self.district_at, self.submission)


def contenders(district: str, at: int, claims: Iterable[Claim], book: Book) -> list[Contender]:
    """A district's contenders, of claims as they were judged, in their order of rank."""
    claims = list(claims)
    own = {claim.number for claim in claims}
    first: dict[str, int] = {}
    for origin, number in book.claim_of.items():
        first[number] = min(origin[0], first.get(number, origin[0]))
    made = [
        Contender((claim.award, claim.id_number, claim.item), claim.state not in (_UNDECIDED, _REPEATED),
                  book.submissions[first[claim.number]].arrived_on, at, first[claim.number], district, claim.number,
                  claim.unit, str(claim.month))
        for claim in claims
        if claim.id_number and claim.state not in _ENDED and not (claim.state == _REPEATED and claim.repeats in own)
    ]
    best: dict[tuple[str, str, str], Contender] = {}
    for one in sorted(made, key=lambda one: one.rank):
        best.setdefault(one.entitlement, one)
    return list(best.values())


def rivals(everybody: Iterable[Contender]) -> dict[str, dict[str, tuple[Rival, ...]]]:
    """District → number of its claim → the claims of other districts to the same; the first of all of them holds."""
    groups: dict[tuple[str, str, str], list[Contender]] = defaultdict(list)
    for one in sorted(everybody, key=lambda one: one.rank):
        groups[one.entitlement].append(one)
    found: dict[str, dict[str, tuple[Rival, ...]]] = defaultdict(dict)
    for group in groups.values():
        for one in group if len(group) > 1 else ():
            found[one.district][one.number] = tuple(_as_rival(other, holds=other is group[0]) for other in group if other is not one)
    return found


def _as_rival(one: Contender, *, holds: bool) -> Rival:
    return Rival(one.district, one.number, one.unit, one.month, holds)


def pairs(found: Mapping[str, Mapping[str, tuple[Rival, ...]]]) -> list[tuple[str, str, Rival]]:
    """(district, number, the claim that holds) of every claim that repeats another district's."""
    return [(district, number, rival) for district, claims in found.items() for number, rivals in claims.items()
            for rival in rivals if rival.holds]
