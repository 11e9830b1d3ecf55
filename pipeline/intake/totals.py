"""合计 and 小计 rows: checked against the rows above them, never imported (N11)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from pipeline.findings import Finding, Severity
from pipeline.intake.addresses import address
from pipeline.intake.locate import Block
from pipeline.intake.quantities import number_of
from pipeline.intake.rejection import Rejected
from pipeline.intake.sheet import RawSheet
from pipeline.intake.text import Raw, is_blank, squeezed, text_of
from pipeline.sheets import Kind

_TOTAL = re.compile(r"(本页|本月|本表|全镇|全区)?(合计|小计|总计|共计|累计)")
_PEOPLE = re.compile(r"(\d+)(?:人|名|家)")


def is_total(cells: list[Raw]) -> bool:
    """Whether a row is a subtotal or total: its first filled cell says so."""
    first = next((text_of(cell) for cell in cells if not is_blank(cell)), "")
    return bool(_TOTAL.match(squeezed(first)))


class Totals:
    """The data rows since the last subtotal, and all of them, to hold totals against."""

    def __init__(self, sheet: RawSheet, block: Block) -> None:
        self._sheet, self._block = sheet, block
        self._since: list[int] = []
        self._all: list[int] = []

    def add(self, row: int) -> None:
        """One more data row."""
        self._since.append(row)
        self._all.append(row)

    def differences(self, row: int) -> Iterator[Finding]:
        """N11 where a total is neither that of the rows since the last one nor that of all rows; begins anew."""
        yield from self._rows_differ(row)
        for name, at in self._block.header.columns.items():
            if self._block.header.sheet.column(name).kind in (Kind.MONEY, Kind.COUNT):
                yield from self._sum_differs(row, at)
        self._since = []

    def _rows_differ(self, row: int) -> Iterator[Finding]:
        for cell in self._sheet.rows[row]:
            stated = _PEOPLE.fullmatch(_TOTAL.sub("", squeezed(cell))) if isinstance(cell, str) else None
            if stated and int(stated[1]) not in (len(self._since), len(self._all)):
                text = f"合计写的是{stated[0]}，上面有 {len(self._since) or len(self._all)} 行"
                yield self._finding(row, 0, text)

    def _sum_differs(self, row: int, column: int) -> Iterator[Finding]:
        total = _number(self._sheet.rows[row][column])
        sums = [self._sum(rows, column) for rows in (self._since, self._all)]
        if total is not None and total not in sums:
            yield self._finding(row, column, f"合计写的是 {total:f}，上面各行之和是 {sums[bool(not self._since)]:f}")

    def _sum(self, rows: list[int], column: int) -> Decimal:
        return sum((_number(self._sheet.rows[row][column]) or Decimal(0) for row in rows), Decimal(0))

    def _finding(self, row: int, column: int, text: str) -> Finding:
        return Finding(0, "N11", Severity.NOTE, f"{text}；合计不导入，请核对有无漏行", self._block.header.sheet.key,
                       self._sheet.name, row + 1, address(row, column))


def _number(raw: Raw) -> Decimal | None:
    try:
        return None if is_blank(raw) else round(number_of(raw), 2)
    except Rejected:
        return None
