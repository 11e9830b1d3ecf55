"""合计 and 小计 rows: checked against the rows above them, never imported (N11)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.findings import Finding, Severity
from pipeline.intake.addresses import column_letters
from pipeline.intake.cells import Rejected, Surroundings, take
from pipeline.intake.locate import Block
from pipeline.intake.opening import Raw, RawSheet
from pipeline.intake.texts import is_blank, text_of
from pipeline.sheets import Kind

_TOTAL = re.compile(r"^(本页|本月|本表)?(合计|小计|总计|共计|累计)")
_PEOPLE = re.compile(r"(\d+)(?:人|名|家|个)")


def is_total(cells: list[Raw]) -> bool:
    """Whether a row is a subtotal or total: its first filled cell says so."""
    first = next((text_of(cell) for cell in cells if not is_blank(cell)), "")
    return bool(_TOTAL.match("".join(first.split())))


class Totals:
    """The data rows since the last subtotal, and all of them."""

    def __init__(self, block: Block, sheet: RawSheet) -> None:
        self.block, self.sheet = block, sheet
        self.since: list[int] = []
        self.all: list[int] = []

    def add(self, row: int) -> None:
        """One more data row."""
        self.since.append(row)
        self.all.append(row)

    def differences(self, row: int) -> Iterator[Finding]:
        """N11 where the total's people or sums are those of no stretch of rows above it."""
        cells = self.sheet.rows[row]
        stated = _PEOPLE.search(" ".join(text_of(cell) for cell in cells if isinstance(cell, str)))
        if stated and int(stated[1]) not in (len(self.since), len(self.all)):
            yield self._finding(row, 0, f"合计写的是{stated[0]}，表中有 {len(self.since) or len(self.all)} 行")
        for name, at in self.block.header.columns.items():
            if self.block.header.sheet.column(name).kind in (Kind.MONEY, Kind.COUNT):
                yield from self._sum_differs(row, at, cells[at] if at < len(cells) else None)
        self.since = []

    def _sum_differs(self, row: int, at: int, raw: Raw) -> Iterator[Finding]:
        total = _number(raw)
        sums = [sum(_number(self.sheet.rows[one][at]) or 0 for one in rows if at < len(self.sheet.rows[one]))
                for rows in (self.since, self.all)]
        if total is not None and total not in sums:
            yield self._finding(row, at, f"合计写的是 {total:g}，各行之和为 {sums[0] or sums[1]:g}")

    def _finding(self, row: int, at: int, text: str) -> Finding:
        return Finding(0, "N11", Severity.NOTE, f"{text}；合计不导入，请核对有无漏行", self.block.header.sheet.key,
                       self.sheet.name, row + 1, f"{column_letters(at)}{row + 1}")


def _number(raw: Raw) -> float | None:
    try:
        return None if is_blank(raw) else float(take(Kind.HOURS, raw, Surroundings({})).value or 0)
    except Rejected:
        return None
