"""How much room a text takes in a cell: a Chinese character is two half-width ones wide."""

from __future__ import annotations

import math
from functools import lru_cache
from unicodedata import east_asian_width


@lru_cache(maxsize=1 << 14)  # most texts of a list stand in many of its rows
def width_of(text: str) -> int:
    """The text's width in half-width characters, that of its longest line."""
    return max(sum(2 if east_asian_width(one) in "WFA" else 1 for one in line) for line in text.split("\n"))


@lru_cache(maxsize=1 << 14)
def lines_of(text: str, width: float) -> int:
    """How many lines the text takes in a column of so many half-width characters."""
    return sum(max(1, math.ceil(width_of(line) / max(width - 1, 1))) for line in text.split("\n"))
