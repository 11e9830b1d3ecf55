"""The columns of 计划进度 and its header of four rows."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.config import Config
from pipeline.report.ruled import Page

HEADER_ROWS = 4
_NUMERALS = "零一二三四五六七八九十"
_PAIR = ("计划", "实际")


@dataclass(frozen=True)
class PlanColumns:
    """Where each part of the table stands (zero-based)."""

    config: Config
    demand: int = 2
    existing: int = 4
    target: int = 6
    first_cell: int = 9

    def cell(self, level: str, year: int) -> int:
        """The column of a level's and year's 计划; 实际 is the next one."""
        at = self.config.target_levels.index(level) * len(self.config.years) + self.config.years.index(year)
        return self.first_cell + 2 * at

    @property
    def remark(self) -> int:
        """The last column."""
        return self.first_cell + 2 * len(self.config.target_levels) * len(self.config.years)

    @property
    def kinds(self) -> list[str]:
        """The kind of every column."""
        return ["layer", "wording", *["figure"] * 6, "rate", *["figure"] * (self.remark - self.first_cell), "remark"]


def write_header(page: Page, top: int, columns: PlanColumns) -> None:
    """培育范围, the three pairs, then each level with its years, 备注."""
    head, config = page.head(), columns.config
    years = _NUMERALS[len(config.years)]
    page.sheet.merge_range(top, 0, top + 3, 1, "培育范围", head)
    for column, label, width in ((columns.demand, "总体需求\n数量", 2), (columns.existing, "现有数量", 2),
                                 (columns.target, f"{years}年预培育数量", 3)):
        page.sheet.merge_range(top, column, top + 2, column + width - 1, label, head)
    page.sheet.merge_range(top, columns.first_cell, top, columns.remark - 1, "其中", head)
    for level in config.target_levels:
        start, end = columns.cell(level, config.years[0]), columns.cell(level, config.years[-1]) + 1
        page.sheet.merge_range(top + 1, start, top + 1, end, level, head)
        for year in config.years:
            at = columns.cell(level, year)
            page.sheet.merge_range(top + 2, at, top + 2, at + 1, f"{year}年", head)
    page.sheet.merge_range(top, columns.remark, top + 3, columns.remark, "备注", head)
    _write_pairs(page, top + 3, columns)
    for row in range(top, top + HEADER_ROWS):
        page.sheet.set_row(row, 20)


def _write_pairs(page: Page, row: int, columns: PlanColumns) -> None:
    small = page.head(font_size=page.sizes.small)
    for column in (columns.demand, columns.existing, columns.target, *range(columns.first_cell, columns.remark, 2)):
        for offset, label in enumerate(_PAIR):
            page.sheet.write_string(row, column + offset, label, small)
    page.sheet.write_string(row, columns.target + 2, "完成率", small)
