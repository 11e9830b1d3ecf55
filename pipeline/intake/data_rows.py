"""Which rows below a header are data: all but those that are plainly something else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from pipeline.findings import Finding, Severity
from pipeline.intake.addresses import address
from pipeline.intake.cells import looks_like_an_id
from pipeline.intake.locate import Block
from pipeline.intake.sheet import RawSheet
from pipeline.intake.text import Raw, is_blank, quoted, squeezed, text_of
from pipeline.intake.totals import Totals, is_total
from pipeline.sheets import DECISIONS, Kind

_EXAMPLE = re.compile(r"[(\[【]?(填写)?(示例|样例|例如|例$|例[:)\]】\d])")
_FOOT = re.compile(
    r"[(]?(填表|填报|制表|审核|复核|负责人|经办|联系人|联系电话|主管|分管|单位负责|单位[(]?(盖章|公章)|盖章|签字|签章|日期|电话"
    r"|注[:1一]|备注[:1]|说明|附[:注]|本表|此表|以上|请|[(]?[\d一二三四五六七八九十]{1,2}[)、.]\D)")
_WORDS = re.compile(r"[\u4e00-\u9fff]{2}")
# A review's rows come back as they went out where nothing was decided yet.
_DECIDED_BY = ("opinion", "decided_on", "decided_by")


class DataRows:
    """The rows of one table, told apart; `findings` holds what is odd about those that are no data."""

    def __init__(self, sheet: RawSheet, block: Block) -> None:
        self.findings: list[Finding] = []
        self._sheet, self._block = sheet, block
        self._columns = block.header.columns
        kind = block.header.sheet
        self._required = [self._columns.get(column.field) for column in kind.columns if column.required]
        self._id_column = next((self._columns.get(one.field) for one in kind.columns if one.kind is Kind.ID), None)
        self._examples = {self._columns[one.field]: one.example for one in kind.columns
                          if one.example and one.field in self._columns}
        self._trouble = sheet.oddities.unreadable

    def find(self) -> Iterator[int]:
        """The zero-based data rows in order; a row that cannot be told is data, and its faults are reported."""
        totals = Totals(self._sheet, self._block)
        for row in self._block.rows:
            if row in self._block.repeated or not self._has_something(row) or self._is_example(row):
                continue
            if self._is_plainly_data(row):
                totals.add(row)
                yield row
            elif is_total(self._sheet.rows[row]):
                self.findings += totals.differences(row)
            elif not self._is_foot(row):
                totals.add(row)
                yield row

    def _has_something(self, row: int) -> bool:
        cells = self._sheet.rows[row]
        used = self._columns.values()
        if any(not is_blank(cells[at]) or (row, at) in self._trouble for at in used):
            return not self._is_undecided(cells)
        self._note_stray_text(row, cells)
        return False

    def _is_undecided(self, cells: list[Raw]) -> bool:
        decided = [cells[self._columns[name]] for name in _DECIDED_BY if name in self._columns]
        return self._block.header.sheet is DECISIONS and bool(decided) and all(map(is_blank, decided))

    def _note_stray_text(self, row: int, cells: list[Raw]) -> None:
        """Words beside the table's columns are shown to somebody, unless they are a signature or an instruction."""
        for at, cell in enumerate(cells):
            if isinstance(cell, str) and _WORDS.search(cell):
                if not (_FOOT.match(squeezed(cell)) or is_total(cells)):
                    self._note(row, at, f"{quoted(cell)}不在任何一列中，没有读；如是要报的内容，请填到对应的列")
                return

    def _is_example(self, row: int) -> bool:
        """Marked as such and without an own ID, or with the very values that the template gives as examples."""
        cells = self._sheet.rows[row]
        number = cells[self._id_column] if self._id_column is not None else None
        has_id = looks_like_an_id(number)
        if has_id and text_of(number) not in self._examples.values():
            return False
        first = islice((cell for cell in cells if not is_blank(cell)), 3)
        if not any(_EXAMPLE.match(squeezed(text_of(cell))) for cell in first):
            return has_id and self._is_as_the_example(cells)
        if not has_id and not self._is_as_the_example(cells) and self._is_plainly_data(row):
            self._note(row, 0, "这一行标着“示例”，没有读；如是要报的内容，请去掉“示例”二字")
        return True

    def _is_as_the_example(self, cells: list[Raw]) -> bool:
        return all(is_blank(cells[at]) or text_of(cells[at]) == example for at, example in self._examples.items())

    def _is_plainly_data(self, row: int) -> bool:
        """An ID, right or wrong, or more than half of the required cells filled."""
        cells = self._sheet.rows[row]
        if self._id_column is not None and looks_like_an_id(cells[self._id_column]):
            return True
        filled = sum(at is not None and not is_blank(cells[at]) for at in self._required)
        return 2 * filled > len(self._required)

    def _is_foot(self, row: int) -> bool:
        """Signatures, instructions and remarks below a table begin with such a word."""
        first = next((text_of(cell) for cell in self._sheet.rows[row] if not is_blank(cell)), "")
        return bool(_FOOT.match(squeezed(first)))

    def _note(self, row: int, column: int, text: str) -> None:
        self.findings.append(Finding(0, "N11", Severity.NOTE, text, self._block.header.sheet.key, self._sheet.name,
                                     row + 1, address(row, column)))
