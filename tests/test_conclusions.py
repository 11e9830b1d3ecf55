"""复核结论: a finding on which there is a conclusion is not raised again unless its rows change."""

from __future__ import annotations

from typing import Any

from pipeline.finding_numbers import well_formed
from tests.support.desk import Desk, holder

OLD = holder(1, issued_on="1999-03-15", certificate_number="OLD1")


def doubtful(**changes: Any) -> Desk:
    """A certificate issued to a 14-year-old: N04, to be looked at."""
    return Desk().receive("练市镇", "2020-08", {"certificates": [OLD | changes]})


def number_of(desk: Desk, rule: str = "N04") -> str:
    (number,) = [number for found, number in desk.judgement.numbers.items() if found.rule == rule]
    return number


def concluded(desk: Desk, number: str, unit: str = "区安委办") -> Desk:
    row = {"finding": number, "conclusion": "属实", "decided_on": "2020-09-10", "decided_by": "经办"}
    return desk.receive(unit, "2020-09", {"resolutions": [row]}, today="2020-10-05")


def test_a_finding_with_a_conclusion_is_not_raised_again():
    desk = doubtful()
    assert ("N04", "复核") in desk.rules()
    concluded(desk, number_of(desk))
    assert ("N04", "复核") not in desk.rules()
    assert desk.judgement.closed == 1


def test_it_is_raised_again_when_its_row_changes():
    desk = doubtful()
    concluded(desk, number_of(desk))
    desk.receive("练市镇", "2020-08", {"certificates": [OLD | {"employer": "乙公司"}]}, today="2020-10-06")
    assert ("N04", "复核") in desk.rules()


def test_the_same_row_sent_in_again_stays_concluded():
    desk = doubtful()
    concluded(desk, number_of(desk))
    desk.receive("练市镇", "2020-08", {"certificates": [OLD | {"remark": "已核"}]}, today="2020-10-06")
    assert "N04" not in dict(desk.rules())


def test_the_number_does_not_depend_on_when_it_is_looked_at():
    desk = doubtful()
    first = number_of(desk)
    desk.receive("双林镇", "2020-09", {"certificates": [holder(2)]}, today="2020-10-05")
    assert number_of(desk) == first


def test_a_mistyped_number_goes_back_and_closes_nothing():
    desk = doubtful()
    number = number_of(desk)
    mistyped = number[:-1] + ("2" if number[-1] != "2" else "3")
    concluded(desk, mistyped)
    assert {("N04", "复核"), ("F02", "退回")} <= set(desk.rules())


def test_a_conclusion_from_a_town_goes_back_and_closes_nothing():
    desk = doubtful()
    concluded(desk, number_of(desk), unit="练市镇")
    assert {("N04", "复核"), ("F02", "退回")} <= set(desk.rules())


def test_what_was_returned_cannot_be_concluded_on():
    desk = Desk().receive("练市镇", "2020-08", {"certificate_awards": [{"id_number": None}]}, returned_rows={3: "N01"})
    assert desk.judgement.numbers == {}


def test_any_two_neighbouring_characters_exchanged_are_noticed():
    number = number_of(doubtful())
    for at in range(3, len(number) - 1):
        swapped = number[:at] + number[at + 1] + number[at] + number[at + 2:]
        assert well_formed(swapped) == (swapped == number)
