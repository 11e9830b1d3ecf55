"""How a sheet of many columns is printed: over several pages beside each other, the person's columns on each of them."""

from __future__ import annotations

import math
from collections.abc import Sequence

from xlsxwriter.worksheet import Worksheet

from pipeline.report.look import look

_A4 = 1009  # pixels of A4 landscape between the margins
_PADDING, _UNIT = 5, 7  # pixels of a column beside its characters, and of each of them


def pages_across(widths: Sequence[float], repeated: int) -> int:
    """How many pages it takes not to print smaller than look.yaml allows, the first `repeated` columns on each of them."""
    pixels = [width * _UNIT + _PADDING for width in widths]
    again, room = sum(pixels[:repeated]), _A4 / look().least_scale
    return max(1, math.ceil((sum(pixels) - again) / (room - again)))


def print_across(page: Worksheet, pages: int, repeated: int) -> None:
    """So many pages beside each other, the left one first; the columns that stay in sight on the screen stand on each."""
    page.fit_to_pages(pages, 0)
    page.repeat_columns(0, repeated - 1)
    page.print_across()
