"""Which rows of a table are data: not headings again, examples, totals, signatures or instructions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from pipeline.findings import Finding
from pipeline.idnumber import compact, fault, upgrade
from pipeline.intake.locate import Block, is_header_again
from pipeline.intake.opening import Raw, RawSheet
from pipeline.intake.texts import is_blank, text_of
from pipeline.intake.totals import Totals, is_total
from pipeline.sheets import DECISIONS, Column, Kind

_EXAMPLE = re.compile(r"[(（【\[]?(填写)?(示例|样例|例如|例$|例[:：)）】\]])")
_REMARK = re.compile(
    r"(填表|填报|制表|审核|复核|负责|经办|联系|主管|分管|单位负责|单位[(（]?盖章|[(（]?盖章|签字|签章|日期|填报日期|电话"
    r"|注[:：1一]|备注[:：]|说明|填表说明|填写说明|附[:：]|[(（]?[\d一二三四五六七八九十]{1,2}[)）.．、]\D)")
# A review's rows come back as they went out where nothing was decided yet.
_DECIDED_BY = ("opinion", "decided_on", "decided_by")


@dataclass
class DataRows:
    """The zero-based data rows of a block; `findings` has what its totals say while they are passed over."""

    sheet: RawSheet
    block: Block
    findings: list[Finding] = field(default_factory=list)

    def __iter__(self) -> Iterator[int]:
        totals = Totals(self.block, self.sheet)
        below_the_table = False
        for row in self.block.rows:
            own = self._own(row)
            if self._is_person(own):
                totals.add(row)
                yield row
            elif self._is_heading(row) or self._is_undecided(own) or self._is_example(row):
                continue
            elif is_total(self.sheet.rows[row]):
                self.findings += totals.differences(row)
            elif self._is_remark(row, own, below_the_table):
                below_the_table = True
            elif own:
                totals.add(row)
                yield row

    def _own(self, row: int) -> dict[str, Raw]:
        """Field → cell, of the columns that the table has and where something stands."""
        cells = self.sheet.rows[row]
        own = {name: cells[at] for name, at in self.block.header.columns.items()
               if at < len(cells) and not is_blank(cells[at])}
        if self._unreadable:
            own |= {name: None for name, at in self.block.header.columns.items() if (row, at) in self._unreadable}
        return own

    @cached_property
    def _unreadable(self) -> frozenset[tuple[int, int]]:
        return self.sheet.oddities.unreadable

    @cached_property
    def _id_column(self) -> Column | None:
        return next((column for column in self.block.header.sheet.columns if column.kind is Kind.ID), None)

    @cached_property
    def _required(self) -> list[str]:
        return [column.field for column in self.block.header.sheet.columns if column.required]

    @cached_property
    def _headings(self) -> set[tuple[str, ...]]:
        """Title and header rows as they stand above the data, to be known again on the next printed page."""
        return {_texts(cells) for cells in self.sheet.rows[: self.block.rows.start]} - {()}

    def _is_person(self, own: dict[str, Raw]) -> bool:
        """A row with a valid ID is data, whatever else stands in it (the example's ID apart)."""
        raw = own.get("id_number")
        if self._id_column is None or not isinstance(raw, str):
            return False
        number = upgrade(compact(raw))
        return number != self._id_column.example and fault(number) is None

    def _is_heading(self, row: int) -> bool:
        cells = self.sheet.rows[row]
        return is_header_again(cells, self.block.header) or _texts(cells) in self._headings

    def _is_undecided(self, own: dict[str, Raw]) -> bool:
        return self.block.header.sheet is DECISIONS and not any(name in own for name in _DECIDED_BY)

    def _is_example(self, row: int) -> bool:
        first = [text_of(cell) for cell in self.sheet.rows[row] if not is_blank(cell)][:3]
        return any(_EXAMPLE.match(text) for text in first)

    def _is_remark(self, row: int, own: dict[str, Raw], below_the_table: bool) -> bool:
        """Signatures and instructions: few cells, beginning with such a word or following one that did."""
        if sum(name in own for name in self._required) * 2 >= len(self._required):
            return False
        first = next((text_of(cell) for cell in self.sheet.rows[row] if not is_blank(cell)), "")
        return bool(_REMARK.match(first)) or (below_the_table and len(own) <= 2 and "id_number" not in own)


def _texts(cells: list[Raw]) -> tuple[str, ...]:
    return tuple(text_of(cell) for cell in cells if not is_blank(cell))
