"""A file before it is written: its pages, and where on them every field stands."""

from __future__ import annotations

from dataclasses import dataclass, field

from pipeline.demo.paper import Cell, Return
from pipeline.demo.styles import Habit

_WIDEST = 40


@dataclass
class Page:
    """One sheet of a file: cells and vertical merges by 0-based row and column."""

    name: str
    cells: dict[tuple[int, int], Cell] = field(default_factory=dict)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden: set[int] = field(default_factory=set)
    comments: dict[tuple[int, int], str] = field(default_factory=dict)

    def lone(self, row: int) -> bool:
        """Whether a row is a title or a signature: one cell alone."""
        return sum(at == row for at, _ in self.cells) == 1

    def widths(self) -> dict[int, int]:
        """The width of each column, for its longest text; Chinese characters take two places."""
        lone = {row for row, _ in self.cells if self.lone(row)}
        widths: dict[int, int] = {}
        for (row, column), cell in self.cells.items():
            length = 0 if row in lone else len(str(cell).encode("gb18030", "replace"))
            widths[column] = min(max(widths.get(column, 6), length + 2), _WIDEST)
        return widths


@dataclass(frozen=True)
class Printed:
    """A return on its pages; `cells` gives the address of a field of a kind's n-th row (cover: kind "", row 0)."""

    filed: Return
    habit: Habit
    pages: list[Page]
    names: dict[str, str]
    cells: dict[tuple[str, int, str], str]
