"""Names from outside, as they may be shown on a terminal, in a log and in a workbook."""

from __future__ import annotations

import unicodedata

_STEERING = ("Cc", "Cf", "Cs", "Zl", "Zp")


def harmless(text: str) -> str:
    """The text with U+FFFD for all that steers a terminal, ends a line, turns the writing direction or is half a character."""
    if text.isprintable():
        return text
    return "".join("\ufffd" if unicodedata.category(sign) in _STEERING else sign for sign in text)
