"""A return laid out on pages: which value stands in which cell, before any file is written."""

from __future__ import annotations

from random import Random

from xlsxwriter.utility import xl_rowcol_to_cell

from pipeline.config import Config
from pipeline.demo.pages import Page, Printed
from pipeline.demo.paper import Cell, Merge, Return, Row
from pipeline.demo.styles import habit_of, label_of, month_text, spelt
from pipeline.demo.tricks import play
from pipeline.sheets import BY_KEY, COVER, COVER_LABEL, Column, Kind, Sheet

_GAP_AFTER, _HEADER_AGAIN_AFTER, _SUBTOTAL_AFTER = 2, 3, 3


def lay_out(filed: Return, config: Config) -> Printed:
    """Every sheet of a return as its unit would fill it in."""
    habit = habit_of(filed, config)
    printed = Printed(filed, habit, [], {}, {})
    if habit.format != "csv":
        printed.pages.append(_cover(filed, printed, config))
    for kind, rows in filed.sheets.items():
        name = BY_KEY[kind].label if habit.format == "csv" else habit.sheet_name.format(label=BY_KEY[kind].label)
        printed.names[kind] = name
        printed.pages.append(_Sheet(BY_KEY[kind], rows, printed, config).page(name))
    play(printed)
    return printed


def _cover(filed: Return, printed: Printed, config: Config) -> Page:
    page = Page(COVER_LABEL)
    values: dict[str, Cell] = {
        "unit": filed.unit, "month": month_text(filed.month, printed.habit), "filled_by": "填报员甲",
        "phone": "0572-3000000", "reviewed_by": "审核员乙", "filled_on": filed.filled_on,
        "nil_return": "是" if filed.nil else "否", "template_version": config.template_version,
    }
    page.cells[0, 0] = f"{config.district}注册安全工程师培育月报"
    for row, column in enumerate(COVER, 2):
        value = (values | filed.cover)[column.field]
        page.cells[row, 0], page.cells[row, 1] = column.label, spelt(column, value, printed.habit, config)
        printed.cells["", 0, column.field] = xl_rowcol_to_cell(row, 1)
    return page


class _Sheet:
    """One kind's rows being put on a page, from the top down."""

    def __init__(self, sheet: Sheet, rows: list[Row], printed: Printed, config: Config) -> None:
        self.sheet, self.rows, self.printed, self.config = sheet, rows, printed, config
        self.habit = printed.habit
        self.random = Random(f"{printed.filed.unit}{sheet.key}{printed.filed.month.year}")
        self.columns = self._columns()
        self.cells: dict[tuple[int, int], Cell] = {}
        self.merges: list[tuple[int, int, int, int]] = []
        self.lines: list[int] = []
        self.line = 0

    def page(self, name: str) -> Page:
        """The finished page."""
        self._above()
        self._header()
        self._data()
        self._merge()
        self._below()
        return Page(name, self.cells, self.merges)

    def _columns(self) -> list[Column]:
        """The required columns and those in which something stands, in the unit's own order."""
        filled = {name for row in self.rows for name in (*row.values, *row.written)}
        columns = [column for column in self.sheet.columns if column.required or column.field in filled]
        if self.habit.own_order:
            self.random.shuffle(columns)
        return columns

    def _put(self, *cells: Cell) -> int:
        for at, cell in enumerate(cells):
            if cell is not None:
                self.cells[self.line, at] = cell
        self.line += 1
        return self.line - 1

    def _above(self) -> None:
        if self.habit.title:
            self._put(f"{self.config.district}{self.sheet.label}表")
        if self.habit.instructions:
            self._put("填表说明：带 * 的栏目必填，日期写成 2020-08-31 的样子")

    def _header(self) -> None:
        labels = [label_of(column, self.habit, self.random) for column in self.columns]
        if not self.habit.two_rows:
            self.labels = ["序号", *labels]
            self._put(*self.labels)
        else:
            self._two_rows(labels)
        if self.habit.example:
            self._put("示例", *[column.example or None for column in self.columns])

    def _two_rows(self, labels: list[str]) -> None:
        """序号 and the first column span both rows; the rest stands under two group headings."""
        half = 2 + (len(labels) - 1) // 2
        top, last = self.line, len(labels)
        self.merges += [(top, 0, top + 1, 0), (top, 1, top + 1, 1), (top, 2, top, half), (top, half + 1, top, last)]
        self._put("序号", labels[0], "基本情况", *[None] * (half - 2), "具体内容")
        self.labels = [None, None, *labels[1:]]  # type: ignore[list-item]  # merged into the row above
        self._put(*self.labels)

    def _data(self) -> None:
        for at, row in enumerate(self.rows):
            if self.habit.gaps and at and at % _GAP_AFTER == 0:
                self.line += 1
            if self.habit.header_again and at and at % _HEADER_AGAIN_AFTER == 0:
                self._put(*self.labels)
            if self.habit.subtotals and at and at % _SUBTOTAL_AFTER == 0:
                self._put_total("小计", self.rows[at - _SUBTOTAL_AFTER : at])
            line = self._put(at + 1, *[self._cell(column, row) for column in self.columns])
            self.lines.append(line)
            for place, column in enumerate(self.columns, 1):
                self.printed.cells[self.sheet.key, at, column.field] = xl_rowcol_to_cell(line, place)

    def _cell(self, column: Column, row: Row) -> Cell:
        if column.field in row.written:
            return row.written[column.field]
        value = row.values.get(column.field)
        assert not isinstance(value, tuple)  # claim keys have become numbers before anything is laid out
        return spelt(column, value, self.habit, self.config)

    def _merge(self) -> None:
        for merge in self.printed.filed.merges:
            if merge.kind == self.sheet.key:
                self._merge_one(merge)

    def _merge_one(self, merge: Merge) -> None:
        place = 1 + [column.field for column in self.columns].index(merge.field)
        lines = self.lines[merge.first : merge.last + 1]
        self.merges.append((lines[0], place, lines[-1], place))
        for line in lines[1:]:
            self.cells.pop((line, place), None)

    def _below(self) -> None:
        if self.habit.totals and self.rows:
            self._put_total("合计", self.rows)
        if self.habit.signature:
            self._put("填表人：填报员甲　　审核人：审核员乙")

    def _put_total(self, label: str, rows: list[Row]) -> None:
        self._put(label, *[_total(column, rows) for column in self.columns])


def _total(column: Column, rows: list[Row]) -> Cell:
    if column.kind is Kind.NAME:
        return f"{len(rows)}人"
    amounts = [row.values.get(column.field) for row in rows]
    numbers = [amount for amount in amounts if isinstance(amount, int)]
    return sum(numbers) if column.kind is Kind.MONEY and numbers else None
