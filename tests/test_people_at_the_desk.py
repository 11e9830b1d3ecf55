"""One person, one name, one number: what is seen only beside other rows (N05, N06, N12, N13, R4)."""

from __future__ import annotations

import pytest

from pipeline.rules.people import differing_places, same_name
from tests.support.desk import Desk, award, holder, id_number


def found(*rows: dict, unit: str = "练市镇") -> list[tuple[str, str]]:
    return Desk().receive(unit, "2020-08", {"certificates": list(rows)}).rules()


def test_one_id_under_two_names_is_to_review_and_quotes_the_first():
    desk = Desk().receive("练市镇", "2020-08", {"certificates": [holder(1)], "certificate_awards": [award(1, name="乙1")]})
    assert desk.rules() == [("N05", "复核")]
    assert "甲1" in desk.message("N05")


@pytest.mark.parametrize(("one", "other", "same"), [
    ("孙晖", "孙  晖", True), ("买买提·艾力", "买买提•艾力", True), ("张\ue000", "张喆", True), ("张三", "张山", False),
    ("张三", "张三丰", False)])
def test_spaces_dots_and_rare_characters_do_not_make_another_name(one: str, other: str, same: bool):
    assert same_name(one, other) is same


def test_one_certificate_number_of_two_persons_is_to_review():
    assert found(holder(1), holder(2, certificate_number="ZJ0001")) == [("N06", "复核")]


def test_a_second_number_for_the_same_level_is_to_review_and_another_level_is_not():
    assert ("N12", "复核") in found(holder(1), holder(1, certificate_number="ZJ9"))
    assert found(holder(1), holder(1, level="初级", certificate_number="CJ1")) == []


def test_namesakes_of_one_employer_whose_ids_differ_in_two_places_are_a_likely_typing_error():
    assert differing_places(id_number(1), id_number(2)) == 2
    assert found(holder(1, name="丙"), holder(2, name="丙")) == [("N13", "复核")]
    assert found(holder(1, name="丙"), holder(2, name="丙", employer="乙公司")) == []
    assert found(holder(1, name="丙"), holder(1, name="丙", id_number=id_number(345, "19770707"),
                                             certificate_number="Z9")) == []


def test_a_holder_reported_by_two_units_counts_once_and_is_to_review():
    desk = Desk().receive("练市镇", "2020-08", {"certificates": [holder(1)]})
    desk.receive("双林镇", "2020-08", {"certificates": [holder(1)]})
    assert desk.rules() == [("R4", "复核")]
    assert "练市镇" in desk.message("R4")


def test_the_same_unit_may_list_its_holders_every_month_without_a_word():
    desk = Desk().receive("练市镇", "2020-07", {"certificates": [holder(1)]})
    desk.receive("练市镇", "2020-08", {"certificates": [holder(1), holder(2)]})
    assert desk.rules() == []


def test_a_later_row_of_the_same_unit_that_says_otherwise_is_to_review():
    desk = Desk().receive("练市镇", "2020-07", {"certificates": [holder(1)]})
    desk.receive("练市镇", "2020-08", {"certificates": [holder(1, sector="政府部门")]})
    assert desk.rules() == [("R4", "复核")]
    assert "政府部门" in desk.message("R4")


def test_two_versions_of_a_month_with_one_day_of_filling_in_are_to_review():
    desk = Desk().receive("练市镇", "2020-08", {"certificates": [holder(1)]}, filled_on="2020-09-01")
    desk.receive("练市镇", "2020-08", {"certificates": [holder(1)]}, filled_on="2020-09-01")
    assert desk.rules() == [("R2", "复核")]


def test_a_newer_sheet_without_a_sound_row_replaces_nothing():
    desk = Desk().receive("练市镇", "2020-08", {"certificates": [holder(1)]}, filled_on="2020-09-01")
    faulty = holder(2, id_number=None)
    desk.receive("练市镇", "2020-08", {"certificates": [faulty]}, filled_on="2020-09-02", returned_rows={3: "N02"})
    assert desk.status("certificates") == ["stands", "returned"]


@pytest.mark.parametrize(("field", "rule"), [("level", "N08"), ("id_number", "N02"), ("certificate_number", "N01")])
def test_a_first_file_in_which_every_row_lacks_what_tells_certificates_apart_stops_nothing(field: str, rule: str):
    desk = Desk().receive("练市镇", "2020-08", {"certificates": [holder(1, **{field: None})]}, returned_rows={3: rule})
    assert desk.rules() == [(rule, "退回")]
