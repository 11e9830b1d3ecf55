"""Resident ID numbers: one spelling, one check, one mask, and no crash on anything."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric

from pipeline import idnumber
from pipeline.idnumber import PERMANENT_RESIDENCE, RESIDENCE_PERMIT, RESIDENT

SEVENTEEN = "33050319900101123"
VALID = SEVENTEEN + idnumber.check_digit(SEVENTEEN)

digits = st.text("0123456789", min_size=17, max_size=17)
births = st.dates(date(1900, 1, 1), date(2020, 12, 31))
valid_numbers = st.builds(
    lambda place, birth, order: (first := f"{place}{birth:%Y%m%d}{order:03d}") + idnumber.check_digit(first),
    st.integers(110000, 659999), births, st.integers(0, 999),
)


@pytest.mark.parametrize("written", [
    "33050319900101123{x}", " 330503 19900101 123{x} ", "330503-19900101-123{x}", "'33050319900101123{x}",
    "\u200b33050319900101123{x}\ufeff", "３３０５０３１９９００１０１１２３{x}", "330503\u300019900101\u00a0123{x}\n",
])
@pytest.mark.parametrize("last", ["x", "X", "ｘ", "Ｘ"])
def test_every_spelling_of_a_number_is_one_number(written, last):
    assert idnumber.compact(written.format(x=last)) == "33050319900101123X"


@pytest.mark.parametrize("letter", ["Х", "х", "×", "✗"])
def test_a_letter_that_looks_like_x_is_flagged_and_not_repaired(letter):
    number = idnumber.compact(f"33050319900101123{letter}")
    assert number != "33050319900101123X"
    assert idnumber.fault(number) == "含有数字和末位X以外的字符"


@pytest.mark.parametrize("wrong", ["33O503199001011232", "3305031990010l1232", "3.30503199001E+17"])
def test_letters_for_digits_and_scientific_notation_are_faults(wrong):
    assert idnumber.fault(idnumber.compact(wrong)) is not None


@given(st.text())
def test_compact_twice_is_compact_once(text):
    once = idnumber.compact(text)
    assert idnumber.compact(once) == once


@given(digits)
def test_the_check_digit_is_that_of_python_stdnum(first17):
    assert idnumber.check_digit(first17) == ric.calc_check_digit(first17 + "?")


@given(valid_numbers)
def test_a_number_with_its_check_digit_is_valid(number):
    assert idnumber.fault(number) is None
    assert idnumber.birth_date(number) == date.fromisoformat(number[6:14])


@given(valid_numbers, st.integers(0, 17), st.sampled_from("0123456789X"))
def test_every_change_of_one_digit_is_caught_by_the_checksum(number, place, other):
    changed = number[:place] + other + number[place + 1 :]
    if changed != number and changed[:17].isdigit():
        assert idnumber.check_digit(changed[:17]) != changed[17]
        assert idnumber.fault(changed) is not None


@given(valid_numbers, st.integers(0, 15))
def test_two_neighbouring_digits_in_each_others_place_are_caught(number, place):
    swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    if swapped != number:
        assert idnumber.fault(swapped) is not None


@given(valid_numbers.filter(lambda number: number[6:8] == "19"))
def test_the_old_form_of_15_digits_is_the_same_person(number):
    assert idnumber.upgrade(number[:6] + number[8:17]) == number


@pytest.mark.parametrize("number", [VALID, "", "12345678901234", "33050390010112A", "１２３４５６７８９０１２３４５"])
def test_only_15_digits_are_upgraded(number):
    assert idnumber.upgrade(number) == number


@pytest.mark.parametrize(("number", "reason"), [
    ("", "应为18位，现为0位"),
    (VALID[:-1], "应为18位，现为17位"),
    (VALID + "0", "应为18位，现为19位"),
    ("X" + VALID[1:], "含有数字和末位X以外的字符"),
    ("330503199002301236", "第7至14位不是真实的出生日期"),
    ("330503190002291236", "第7至14位不是真实的出生日期"),  # 1900 was no leap year
    ("330503000001011236", "第7至14位不是真实的出生日期"),
    (SEVENTEEN + "0", "校验码不符，至少有一位写错"),
])
def test_a_fault_is_named(number, reason):
    assert idnumber.fault(number) == reason


def test_a_leap_day_is_a_birthday():
    first17 = "33050320000229123"
    assert idnumber.fault(first17 + idnumber.check_digit(first17)) is None


def test_a_foreigners_old_card_counts_only_as_such():
    card = "CHN330090010112"
    assert idnumber.fault(card, PERMANENT_RESIDENCE) is None
    assert idnumber.fault(card) is None
    assert idnumber.fault(card, RESIDENT) is not None


@pytest.mark.parametrize("place", ["810000", "820000", "830000"])
def test_residence_permits_of_hong_kong_macao_and_taiwan_are_valid(place):
    first17 = f"{place}19900101123"
    number = first17 + idnumber.check_digit(first17)
    assert idnumber.fault(number, RESIDENCE_PERMIT) is None
    assert idnumber.known_place(number)


def test_a_county_that_no_longer_exists_is_still_known():
    assert idnumber.known_place("330503197501011234")  # 南浔区, a district since 2003
    assert idnumber.known_place("332621197501011234")  # 临海县, a city since 1986
    assert not idnumber.known_place("000000197501011234")


@given(valid_numbers)
def test_a_mask_keeps_the_place_and_the_last_four_and_hides_the_birth(number):
    assert idnumber.mask(number) == f"{number[:6]}********{number[14:]}"


@given(st.text("0123456789", min_size=3, max_size=40))
def test_a_mask_never_shows_the_seventh_to_fourteenth_character(number):
    masked = idnumber.mask(number)
    assert len(masked) == len(number)
    assert set(masked[6:14]) <= {"*"}
    assert masked.count("*") >= min(len(number) - 2, 6)


def test_two_numbers_in_one_cell_do_not_show_the_second():
    assert VALID not in idnumber.mask(VALID + VALID)


def test_a_sentence_is_masked_and_its_other_numbers_are_not():
    old = "330503900101123"
    sentence = f"{VALID}与{old}重复，CHN330090010112待查，证书SL2019330500001，金额1000"
    assert idnumber.masked_text(sentence) == (
        f"330503********{VALID[14:]}与330503********3重复，CHN330********2待查，证书SL2019330500001，金额1000"
    )


@given(st.one_of(st.text(max_size=40), st.text("0123456789xX", min_size=14, max_size=19)))
def test_junk_never_raises(text):
    number = idnumber.upgrade(idnumber.compact(text))
    assert idnumber.fault(number) is None or idnumber.fault(number)
    assert idnumber.known_place(number) in (True, False)
    idnumber.birth_date(number)
    idnumber.mask(text)
    idnumber.masked_text(text)
