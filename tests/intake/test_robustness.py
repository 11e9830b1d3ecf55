"""Whatever arrives, reading ends in a Reading; and what was normalised once is not changed again."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date, datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.intake.cells import taker
from pipeline.intake.data_rows import DataRows
from pipeline.intake.locate import blocks
from pipeline.intake.rejection import Rejected
from pipeline.intake.sheet import RawSheet
from pipeline.intake.text import is_blank
from pipeline.reading import Reading
from pipeline.sheets import SHEETS, Column, Kind
from tests.support.desk import CONFIG
from tests.support.papers import AWARD, HOLDER, award, holder, look_at, paper

SOUND = paper({"持证人员": [HOLDER, holder(1), holder(2)], "证书奖励申请": [AWARD, award(1)]})
CSV = ("\r\n".join(",".join(map(str, cells)) for cells in [HOLDER, holder(1), holder(2)])).encode()
DATE, MONEY = Column("day", "日期", Kind.DATE), Column("amount", "金额", Kind.MONEY)
SOME = settings(max_examples=60, deadline=5000, suppress_health_check=[HealthCheck.too_slow])

texts = st.text(max_size=30) | st.sampled_from([
    "合计", "示例", "填表说明：", "2020-02-30", "2020.8.31", "1e3", "NaN", "1,000元", "中 级", "√",
    "姓名", "身份证号码", "\ud800", "\x00", "=1+1", "٣"])
raws = (st.none() | st.booleans() | st.floats() | st.integers(-10**20, 10**20) | texts | st.dates() | st.datetimes()
        | st.times() | st.timedeltas(timedelta(-10**6), timedelta(10**6)))


def ends_well(reading: Reading) -> bool:
    """Whether a reading is whole: refused under N00, or tables whose columns all have their rows."""
    if reading.refused:
        return [one.rule for one in reading.findings] == ["N00"] and not reading.tables
    return all(len(cells) == len(table.rows) for table in reading.tables for cells in table.values.values())


@SOME
@given(st.binary(max_size=400), st.sampled_from([b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"\xff\xfe", b"%PDF"]),
       st.sampled_from(["x.xlsx", "练市镇_2020-08_持证人员.csv", "x.xls"]))
def test_random_bytes_end_in_a_reading(content: bytes, start: bytes, name: str):
    assert ends_well(look_at(start + content, name))


@SOME
@given(st.lists(st.tuples(st.integers(0, len(SOUND) - 1), st.integers(0, 255)), min_size=1, max_size=6), st.integers(0, 200))
def test_a_workbook_with_changed_bytes_ends_in_a_reading(changes: list[tuple[int, int]], cut: int):
    content = bytearray(SOUND)
    for at, byte in changes:
        content[at] = byte
    assert ends_well(look_at(bytes(content[: len(content) - cut])))


@SOME
@given(st.integers(0, 6), st.data())
def test_a_workbook_with_a_changed_part_ends_in_a_reading(which: int, data: st.DataObject):
    with zipfile.ZipFile(io.BytesIO(SOUND)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = sorted(parts)[which % len(parts)]
    start = data.draw(st.integers(0, len(parts[name])))
    end = data.draw(st.integers(start, min(start + 60, len(parts[name]))))
    middle = data.draw(st.binary(max_size=20) | st.just(re.sub(rb"\d", b"9", parts[name][start:end])))
    parts[name] = parts[name][:start] + middle + parts[name][end:]
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for part, content in parts.items():
            archive.writestr(part, content)
    assert ends_well(look_at(target.getvalue()))


@SOME
@given(st.lists(st.integers(0, len(CSV)), max_size=5), st.binary(max_size=8))
def test_a_csv_with_inserted_bytes_ends_in_a_reading(places: list[int], inserted: bytes):
    content = CSV
    for at in places:
        content = content[:at] + inserted + content[at:]
    assert ends_well(look_at(content, "练市镇_2020-08_持证人员.csv"))


@SOME
@given(st.sampled_from(SHEETS), st.lists(st.lists(raws, max_size=25), max_size=12), st.integers(0, 3))
def test_any_cells_below_and_above_any_header_end_in_rows(kind: Any, rows: list[list[Any]], at: int):
    header = [column.label for column in kind.columns]
    width = max(map(len, [header, *rows]))
    cells = [row + [None] * (width - len(row)) for row in [*rows[:at], header, *rows[at:]]]
    sheet = RawSheet(kind.label, cells)
    for block in blocks(sheet, kind):
        assert set(DataRows(sheet, block).find()) <= set(block.rows)


def taken(column: Column, raw: Any) -> Any:
    try:
        return None if is_blank(raw) else taker(column, CONFIG)(raw)
    except Rejected:
        return None


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(SHEETS), st.integers(0, 40), raws)
def test_normalising_twice_changes_nothing(kind: Any, at: int, raw: Any):
    column = kind.columns[at % len(kind.columns)]
    once = taken(column, raw)
    assert once is None or isinstance(once, str | int | float)
    if once is not None:
        assert is_blank(once) or taken(column, once) == once


@given(st.dates(date(1900, 1, 1), date(2100, 12, 31)), st.sampled_from([
    "{0:%Y-%m-%d}", "{0.year}.{0.month}.{0.day}", "{0.year}/{0.month}/{0.day}", "{0.year}年{0.month}月{0.day}日", "{0:%Y%m%d}"]))
def test_every_day_is_the_same_in_every_spelling(day: date, spelling: str):
    assert taken(DATE, spelling.format(day)) == day.isoformat()
    assert taken(DATE, datetime(day.year, day.month, day.day)) == day.isoformat()


@given(st.integers(0, 10**9), st.sampled_from(["{}", "{:,}", "{}元", "{:,}.00", "{} 元", "￥{:,}"]))
def test_every_amount_is_the_same_in_every_spelling(amount: int, spelling: str):
    assert taken(MONEY, spelling.format(amount)) == amount
