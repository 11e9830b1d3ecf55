"""Amounts in capital numerals."""

import pytest

from pipeline.capitals import in_capitals


@pytest.mark.parametrize(("yuan", "words"), [
    (0, "零元整"), (1, "壹元整"), (10, "壹拾元整"), (15000, "壹万伍仟元整"), (30000, "叁万元整"), (10001, "壹万零壹元整"),
    (100010, "壹拾万零壹拾元整"), (1000000, "壹佰万元整"), (1002003, "壹佰万贰仟零叁元整"), (100000000, "壹亿元整"),
        (100002000, "壹亿零贰仟元整"),
    (100000001, "壹亿零壹元整"), (2000.5, "贰仟元伍角整"), (2000.05, "贰仟元零伍分"), (0.15, "壹角伍分"),
])
def test_an_amount_is_written_out(yuan: float, words: str):
    assert in_capitals(yuan) == words


@pytest.mark.parametrize("yuan", [-1, 10**12])
def test_what_cannot_be_written_out_is_refused(yuan: float):
    with pytest.raises(ValueError, match="no amount"):
        in_capitals(yuan)
