"""The data rows of a located table: what each of their cells is worth, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from string import ascii_uppercase
from typing import cast

from pipeline.columns import required_where
from pipeline.config import Config
from pipeline.findings import Finding, Severity
from pipeline.intake.addresses import address, column_letters
from pipeline.intake.cells import Taker, phone_is_plausible, take_id
from pipeline.intake.locate import Block
from pipeline.intake.memory import Known, memory_of
from pipeline.intake.rejection import Rejected
from pipeline.intake.sheet import RawSheet
from pipeline.intake.text import Raw, is_blank, quoted, shown, text_of
from pipeline.reading import Change, Table, Value
from pipeline.sheets import Column, Kind

# Facts that must have happened by the day of filling in (N07).
_PAST = ("issued_on", "collected_on", "introduced_on", "contract_from", "insured_since", "taxed_since", "registered_on",
         "titled_on")
_UNKNOWN = object()
_SAME_BY_NATURE = {Kind.YESNO, Kind.TICK}  # √ for 1 is no change worth telling


class Rows:
    """The rows of one table being normalised, column by column."""

    def __init__(self, sheet: RawSheet, block: Block, rows: list[int], config: Config) -> None:
        self.findings: list[Finding] = []
        self.changes: list[Change] = []
        self._sheet, self._header, self._config, self._memory = sheet, block.header, config, memory_of(config)
        self._numbers = rows
        self._values: dict[str, list[Value]] = {}

    def table(self, filled_on: str) -> Table:
        """The normalised rows; `filled_on` (ISO) is the day that holds for rows without one of their own."""
        for column in self._header.sheet.columns:
            at = self._header.columns.get(column.field)
            self._values[column.field] = self._absent(column) if at is None else list(self._column(column, at))
        self._demand_what_depends()
        self._refuse_the_future(filled_on)
        self.findings.sort(key=lambda found: found.row or 0)
        self.changes.sort(key=lambda change: int(change.cell.lstrip(ascii_uppercase)))
        letters = {name: column_letters(at) for name, at in self._header.columns.items()}
        return Table(self._header.sheet.key, self._sheet.name, letters, [row + 1 for row in self._numbers],
                     self._values)

    def _absent(self, column: Column) -> list[Value]:
        """A column that the table does not have."""
        if column.required:
            text = f"表中没有“{column.label}”这一列；请用下发的填报表，补上这一列再报"
            for row in self._numbers:
                self._add("N01", Severity.RETURNED, row, address(self._header.rows.start, self._first_column), text)
        return [column.default] * len(self._numbers)

    @cached_property
    def _first_column(self) -> int:
        return min(self._header.labels)

    def _column(self, column: Column, at: int) -> Iterator[Value]:
        take, known = self._memory.of(column) if self._is_plain else (self._memory.of(column)[0], {})
        if column.kind is Kind.ID:
            documents = self._values.get("document") or [None] * len(self._numbers)
            for row, document in zip(self._numbers, documents, strict=True):
                yield self._cell(column, row, at, self._taker_of_ids(document))
            return
        for row in self._numbers:
            raw = self._sheet.rows[row][at]
            value = known.get((type(raw), raw), _UNKNOWN)
            yield self._learnt(column, row, at, take, known) if value is _UNKNOWN else cast(Value, value)

    def _learnt(self, column: Column, row: int, at: int, take: Taker, known: Known) -> Value:
        """A cell that was not seen before; where nothing was found or changed in it, the next one like it is the same."""
        raw, before = self._sheet.rows[row][at], len(self.findings) + len(self.changes)
        value = self._cell(column, row, at, take)
        if len(self.findings) + len(self.changes) == before and (self._is_plain or not is_blank(raw)):
            known[type(raw), raw] = value
        return value

    @staticmethod
    def _taker_of_ids(document: Value) -> Taker:
        return lambda raw: take_id(raw, str(document) if document else None)

    def _cell(self, column: Column, row: int, at: int, take: Taker) -> Value:
        try:
            raw = self._sheet.rows[row][at]
            if not self._is_plain:
                raw = self._spanned(column, row, at)
                self._note_formula(column, row, at)
            if is_blank(raw):
                return self._blank(column, row, at)
            value = take(raw)
        except Rejected as fault:
            self._add(fault.rule, Severity.RETURNED, row, address(row, at), f"“{column.label}”：{fault.message}")
            return None
        if value != raw and column.kind not in _SAME_BY_NATURE and text_of(raw) != text_of(value):
            self.changes.append(Change(self._sheet.name, address(row, at), shown(raw), shown(value)))
        if column.kind is Kind.PHONE and not phone_is_plausible(str(value)):
            text = f"“{column.label}”{quoted(raw)}不像电话号码；应为 11 位手机号，或带区号的座机号，请核对"
            self._add("N10", Severity.NOTE, row, address(row, at), text)
        return value

    def _spanned(self, column: Column, row: int, at: int) -> Raw:
        """A merged value holds for every row that it spans, but for what belongs to one person alone."""
        top = self._merged.get((row, at))
        if top is None:
            return self._sheet.rows[row][at]
        if column.one_per_row:
            raise Rejected("N01", "与上一行合并成了一个单元格，内容只算第一行的；请取消合并，逐行填写")
        return self._sheet.rows[top][at]

    @cached_property
    def _merged(self) -> dict[tuple[int, int], int]:
        """Cells below the first of a vertical merge → the row that holds the value."""
        if not self._sheet.merges or not self._numbers:
            return {}
        used, first, last = set(self._header.columns.values()), self._header.rows.stop, self._numbers[-1]
        return {(row, left): top for (top, left), (bottom, _) in self._sheet.merges if left in used and top >= first
                for row in range(top + 1, min(bottom, last) + 1)}

    @cached_property
    def _is_plain(self) -> bool:
        """Whether every cell stands for itself: no merged ranges, no errors, no formulas without a value."""
        return not (self._merged or self._sheet.oddities.unreadable)

    def _blank(self, column: Column, row: int, at: int) -> Value:
        odd = self._sheet.oddities
        if (row, at) in odd.errors:
            raise Rejected("N01" if column.required else "N08",
                           f"单元格是错误值 {odd.errors[row, at]}，没有内容；请改填正确的内容")
        if (row, at) in odd.without_value and not column.required:
            raise Rejected("N08", "公式没有计算结果，读不到内容；请补填，或清空")
        if column.required:
            why = "公式没有计算结果，读不到内容" if (row, at) in odd.without_value else "必填项没有填"
            raise Rejected("N01", f"{why}；请补填")
        return column.default

    def _note_formula(self, column: Column, row: int, at: int) -> None:
        if (row, at) in self._sheet.oddities.without_value:
            text = f"“{column.label}”是没有计算结果的公式；请在 Excel 或 WPS 中打开、保存一次，或改填内容"
            self._add("N11", Severity.NOTE, row, address(row, at), text)

    def _demand_what_depends(self) -> None:
        for column in self._header.sheet.columns:
            decider, values = required_where(column, self._config)
            for place, row in enumerate(self._numbers if decider in self._values else ()):
                decided = self._values[decider][place]
                if decided in values and self._is_left_blank(column.field, place, row):
                    at = self._header.columns.get(column.field, self._first_column)
                    text = f"“{column.label}”：“{decided}”的必须填；请补填"
                    self._add("N01", Severity.RETURNED, row, address(row, at), text)

    def _is_left_blank(self, name: str, place: int, row: int) -> bool:
        """Nothing was written: a cell that was written and rejected has its own finding."""
        at = self._header.columns.get(name)
        if at is None:
            return True
        return self._values[name][place] is None and is_blank(self._sheet.rows[self._merged.get((row, at), row)][at])

    def _refuse_the_future(self, filled_on: str) -> None:
        limits = self._values.get("applied_on") or [None] * len(self._numbers)
        for name in _PAST:
            for place, value in enumerate(self._values.get(name, ())):
                limit = limits[place] or filled_on
                if value and str(value) > str(limit):
                    column = self._header.sheet.column(name)
                    row = self._numbers[place]
                    text = f"“{column.label}”{value}晚于填报日期{limit}；应为已经发生的日期，请核对后改正"
                    self._add("N07", Severity.RETURNED, row, address(row, self._header.columns[name]), text)
                    self._values[name][place] = None

    def _add(self, rule: str, severity: Severity, row: int, cell: str, text: str) -> None:
        self.findings.append(
            Finding(0, rule, severity, text, self._header.sheet.key, self._sheet.name, row + 1, cell))
