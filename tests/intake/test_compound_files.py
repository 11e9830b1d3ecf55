"""Old workbooks (.xls): a chain of sectors without an end is found before the reader follows it."""

from __future__ import annotations

import struct

import pytest

from pipeline.intake.ole import check_compound_file
from pipeline.intake.refusal import Refused
from tests.support.papers import look_at

SIZE, END, FREE, TABLE = 512, 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD


def compound(table: list[int], small: int = END, further: int = END, extra: bytes = b"") -> bytes:
    """A compound file whose only table sector is its first one."""
    header = struct.pack("<8s16x5H6x9I109I", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 0x3E, 3, 0xFFFE, 9, 6,
                         0, 1, 1, 0, 4096, small, 1, further, 1, 0, *[FREE] * 108)
    sector = struct.pack("<128I", *(table + [FREE] * (128 - len(table))))
    return header[:SIZE] + sector + extra


def test_chains_that_end_are_followed():
    check_compound_file(compound([TABLE, 2, END, 4, END]))


@pytest.mark.parametrize("table", [[TABLE, 1], [TABLE, 2, 3, 1], [TABLE, END, 4, 2, 3]],
                         ids=["on itself", "back to its start", "beside a sound one"])
def test_a_chain_that_comes_back_sends_the_file_back(table: list[int]):
    reading = look_at(compound(table), "旧表.xls")
    assert reading.refused
    assert "损坏" in reading.findings[0].message


def test_a_loop_among_the_small_sectors_is_found():
    small = struct.pack("<128I", 1, 0, *[FREE] * 126)
    with pytest.raises(Refused):
        check_compound_file(compound([TABLE, END], small=1, extra=small))


def test_a_loop_among_the_places_of_the_table_is_found():
    places = struct.pack("<128I", *[FREE] * 127, 1)
    with pytest.raises(Refused):
        check_compound_file(compound([TABLE, END], further=1, extra=places))


def test_a_header_that_is_cut_off_is_broken():
    with pytest.raises(Refused):
        check_compound_file(compound([TABLE])[:100])
