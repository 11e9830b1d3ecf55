"""Addresses of cells: zero-based rows and columns inside the program, "D7" for people."""

from __future__ import annotations

from functools import cache

Place = tuple[int, int]  # row and column


@cache
def column_letters(number: int) -> str:
    """The letters of a zero-based column: 0 is A."""
    before, last = divmod(number, 26)
    return (column_letters(before - 1) if before else "") + chr(ord("A") + last)


@cache
def column_number(letters: str) -> int:
    """The zero-based number of a column: A is 0."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def address(row: int, column: int) -> str:
    """The address of a zero-based row and column: (6, 3) is D7."""
    return f"{column_letters(column)}{row + 1}"
