"""CSV files, whose names say unit, month and sheet: read in the office's encodings, or returned whole."""

from __future__ import annotations

import pytest

from tests.support.desk import id_number
from tests.support.papers import HOLDER, column, found, holder, look_at
from tests.support.wrappings import NAMES, PEOPLE, sent_back


def csv_of(encoding: str, rows: list[list[str]] | None = None) -> bytes:
    lines = rows or [HOLDER, *([str(cell) for cell in person] for person in PEOPLE)]
    return "\r\n".join(",".join(cells) for cells in lines).encode(encoding)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_csv_is_read_in_the_encodings_of_the_office(encoding: str):
    reading = look_at(csv_of(encoding), "sub/练市镇_2020-08_持证人员.csv")
    assert (reading.cover.unit, str(reading.cover.month)) == ("练市镇", "2020-08")
    assert column(reading, "name") == NAMES
    assert column(reading, "id_number") == [id_number(serial) for serial in (1, 2, 3)]
    assert not found(reading)


@pytest.mark.parametrize(("name", "word"), [
    ("持证人员.csv", "命名"), ("某某镇_2020-08_持证人员.csv", "某某镇"), ("练市镇_2020-13_持证人员.csv", "2020-13"),
    ("练市镇_2020-08_会议.csv", "会议"), ("练市镇_2020-11_持证人员.csv", "晚于"), ("练市镇-2020-08-持证人员.csv", "命名"),
])
def test_a_csv_with_another_name_goes_back(name: str, word: str):
    message = sent_back(look_at(csv_of("utf-8"), name))
    assert word in message
    assert "封面的" not in message


@pytest.mark.parametrize("content", [
    b"\xff\xfe\x00\x01\xff\xff", b'"' + b"x" * 200_000 + b'"', b"\x80\x81\xff\xfe,1", b"a,b\x00,c", b'"open, never closed'])
def test_a_broken_csv_goes_back(content: bytes):
    assert sent_back(look_at(content, "练市镇_2020-08_持证人员.csv"))


def test_a_day_that_lies_ahead_is_returned_in_a_csv_too():
    rows = [HOLDER, [str(cell) for cell in holder(发证日期="2020-10-09")]]
    assert found(look_at(csv_of("utf-8", rows), "练市镇_2020-08_持证人员.csv")) == [("N07", "退回", "G2")]
