"""How much room a text takes in a cell: a Chinese character is two half-width ones wide."""

from __future__ import annotations

import math
from functools import lru_cache
from unicodedata import east_asian_width

_UNIT = 7  # pixels of a column's width for each half-width character


@lru_cache(maxsize=1 << 14)  # most texts of a list stand in many of its rows
def width_of(text: str) -> int:
    """The text's width in half-width characters, that of its longest line."""
    return max(sum(2 if east_asian_width(one) in "WFA" else 1 for one in line) for line in text.split("\n"))


@lru_cache(maxsize=1 << 14)
def lines_of(text: str, width: float, size: float) -> int:
    """How many lines the text takes in points of `size` in a column of so many half-width characters."""
    half = math.ceil(size * 4 / 3) / 2  # pixels of a half-width character: the screen knows whole ones only
    room = width * _UNIT / half
    if 2 * len(text) <= room and "\n" not in text:
        return 1
    return sum(_lines(width_of(line), room) for line in text.split("\n"))


def _lines(width: int, room: float) -> int:
    """Where there is more than one line, a line's last character may have to go with the mark that follows it."""
    return 1 if width <= room else math.ceil(width / max(room - 1, 1))
