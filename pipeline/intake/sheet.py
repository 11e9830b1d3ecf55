"""A sheet as it was opened, before anybody knows what stands in it."""

from __future__ import annotations

from dataclasses import dataclass, field

from pipeline.intake.ooxml import NOTHING_ODD, Oddities
from pipeline.intake.text import Raw, is_blank


# Cells without a readable value are blank for the reader: their rows and columns must not be lost.
def padded(rows: list[list[Raw]], odd: Oddities) -> list[list[Raw]]:
    """The rows, wide and long enough for every cell of which only the oddities know."""
    height = max((row + 1 for row, _ in odd.unreadable), default=0)
    width = max([*(column + 1 for _, column in odd.unreadable), *(len(cells) for cells in rows[:1])], default=0)
    padded_rows = rows + [[] for _ in range(len(rows), height)]
    return [cells + [None] * (width - len(cells)) for cells in padded_rows] if odd.unreadable else rows


Merge = tuple[tuple[int, int], tuple[int, int]]


@dataclass(frozen=True, slots=True)
class RawSheet:
    """Rows of raw cells from A1, merged ranges as zero-based corners, and what is odd about the sheet."""

    name: str
    rows: list[list[Raw]]
    merges: list[Merge] = field(default_factory=list)
    hidden: bool = False
    oddities: Oddities = NOTHING_ODD

    @property
    def has_content(self) -> bool:
        """Whether anything at all stands in it."""
        return any(not is_blank(cell) for row in self.rows for cell in row)


@dataclass(frozen=True, slots=True)
class RawBook:
    """A file as it was opened; `links_out` where it points to other files."""

    sheets: list[RawSheet]
    links_out: bool = False
