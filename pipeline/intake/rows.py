"""The data rows of a located table: what each of their cells is worth."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property

from pipeline.config import Config
from pipeline.findings import Finding, Severity
from pipeline.intake.addresses import column_letters
from pipeline.intake.cells import Rejected, Surroundings, phone_is_plausible, take
from pipeline.intake.data_rows import DataRows
from pipeline.intake.locate import Block
from pipeline.intake.opening import Raw, RawSheet
from pipeline.intake.texts import is_blank, normal_choice, quoted, text_of
from pipeline.reading import Change, Table, Value
from pipeline.sheets import Column, Kind, spellings_of

# Facts that must have happened by the day of filling in (N07).
_PAST = ("issued_on", "collected_on", "introduced_on", "contract_from", "insured_since", "taxed_since", "registered_on",
         "titled_on")


@dataclass
class Harvest:
    """One block being read: rows, values, findings and changes so far."""

    sheet: RawSheet
    block: Block
    config: Config
    filled_on: str  # ISO; of a file that does not say, the day of its arrival
    findings: list[Finding] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)

    def table(self) -> Table:
        """The block's data rows, normalised; `findings` and `changes` are filled on the way."""
        selected = DataRows(self.sheet, self.block)
        rows = list(selected)
        self.findings += selected.findings
        columns = self.block.header.sheet.columns
        values: dict[str, list[Value]] = {column.field: [] for column in columns}
        for row in rows:
            taken = self._row(row)
            for name, cells in values.items():
                cells.append(taken.get(name))
        letters = {name: column_letters(at) for name, at in self.block.header.columns.items()}
        return Table(self.kind, self.sheet.name, letters, [row + 1 for row in rows], values)

    @property
    def kind(self) -> str:
        """The key of the block's kind of sheet."""
        return self.block.header.sheet.key

    @cached_property
    def _surroundings(self) -> dict[str, Surroundings]:
        return {column.field: Surroundings({normal_choice(spelling): value for spelling, value in
                                            spellings_of(column, self.config).items()})
                for column in self.block.header.sheet.columns}

    @cached_property
    def _troubled(self) -> bool:
        return bool(self.sheet.oddities.unreadable)

    @cached_property
    def _merged(self) -> dict[tuple[int, int], tuple[int, int]]:
        """Cells below the first of a vertical merge → the cell that holds the value."""
        used, last = set(self.block.header.columns.values()), self.block.rows.stop - 1
        return {
            (row, left): (top, left)
            for (top, left), (bottom, _) in self.sheet.merges if left in used and top in self.block.rows
            for row in range(top + 1, min(bottom, last) + 1)
        }

    def _raw(self, row: int, column: int) -> Raw:
        cells = self.sheet.rows[row]
        return cells[column] if column < len(cells) else None

    def _row(self, row: int) -> dict[str, Value]:
        taken: dict[str, Value] = {}
        for column in self.block.header.sheet.columns:
            try:
                taken[column.field] = self._cell(row, column, taken)
            except Rejected as rejected:
                self._report(row, column, rejected.rule, Severity.RETURNED, rejected.message)
                taken[column.field] = None
        self._demand_what_depends(row, taken)
        self._refuse_the_future(row, taken)
        return taken

    def _cell(self, row: int, column: Column, taken: dict[str, Value]) -> Value:
        at = self.block.header.columns.get(column.field)
        if at is None:
            return column.default if not column.required else self._demand_column(column)
        raw = self._spanned(row, at, column) if self._merged else self._raw(row, at)
        if self._troubled:
            self._note_trouble(row, at, column)
        if is_blank(raw):
            if column.required:
                raise Rejected("N01", f"“{column.label}”是必填项，没有填{self._why_blank(row, at)}；请补填")
            return column.default
        beside = self._surroundings[column.field]
        if column.kind is Kind.ID and (document := taken.get("document")):
            beside = replace(beside, document=str(document))
        result = take(column.kind, raw, beside)
        if result.changed:
            self._note_change(row, at, raw, result.value, column)
        if column.kind is Kind.PHONE and not phone_is_plausible(str(result.value)):
            self._report(row, column, "N10", Severity.NOTE, f"“{column.label}”{quoted(raw)}不像电话号码；请核对")
        return result.value

    def _demand_column(self, column: Column) -> Value:
        raise Rejected("N01", f"表中没有“{column.label}”这一列；请用下发的填报表，补上这一列再报")

    def _spanned(self, row: int, at: int, column: Column) -> Raw:
        """A merged value holds for every row that it spans, but for what belongs to one person alone."""
        holder = self._merged.get((row, at))
        if holder is None:
            return self._raw(row, at)
        if column.one_per_row:
            raise Rejected("N01", f"“{column.label}”与上一行合并成了一个单元格，只算第一行的；请取消合并，逐行填写")
        return self._raw(*holder)

    def _note_trouble(self, row: int, at: int, column: Column) -> None:
        if (row, at) in self.sheet.oddities.without_value:
            text = f"“{column.label}”是没有计算结果的公式，读不到数值；请重新计算后保存，或改填数值"
            self._report(row, column, "N11", Severity.NOTE, text)
            if not column.required:
                raise Rejected("N08", text)
        elif (row, at) in self.sheet.oddities.errors and not column.required:
            error = self.sheet.oddities.errors[row, at]
            raise Rejected("N08", f"“{column.label}”是错误值 {error}；请改填正确内容或清空")

    def _why_blank(self, row: int, at: int) -> str:
        if (row, at) in self.sheet.oddities.errors:
            return f"（单元格是错误值 {self.sheet.oddities.errors[row, at]}）"
        return "（公式没有计算结果）" if (row, at) in self.sheet.oddities.without_value else ""

    def _demand_what_depends(self, row: int, taken: dict[str, Value]) -> None:
        """Columns that are required only in some rows."""
        for column in self.block.header.sheet.columns:
            decider, values = column.required_if or ("", ())
            at = self.block.header.columns.get(column.field)
            blank = at is None or (is_blank(self._raw(row, at)) and (row, at) not in self._merged)
            if blank and taken.get(decider) in values:
                text = f"“{taken[decider]}”的必须填“{column.label}”；请补填"
                self._report(row, column, "N01", Severity.RETURNED, text)

    def _refuse_the_future(self, row: int, taken: dict[str, Value]) -> None:
        limit = taken.get("applied_on") or self.filled_on
        for name in _PAST:
            value = taken.get(name)
            if isinstance(value, str) and value > str(limit):
                column = self.block.header.sheet.column(name)
                text = f"“{column.label}”{value}晚于填报日期{limit}；已发生的日期不会在填报之后，请核对"
                self._report(row, column, "N07", Severity.RETURNED, text)
                taken[name] = None

    def _note_change(self, row: int, at: int, raw: Raw, value: Value, column: Column) -> None:
        shown = quoted(raw).strip("“”"), quoted(text_of(value)).strip("“”")
        if column.kind is Kind.ID or shown[0] != shown[1]:
            self.changes.append(Change(self.sheet.name, f"{column_letters(at)}{row + 1}", *shown))

    def _report(self, row: int, column: Column, rule: str, severity: Severity, text: str) -> None:
        at = self.block.header.columns.get(column.field, 0)
        self.findings.append(Finding(
            0, rule, severity, text, self.kind, self.sheet.name, row + 1, f"{column_letters(at)}{row + 1}"))
