"""Names from outside, as they may be shown on a terminal, in a log and in a workbook."""

from __future__ import annotations

import re
import unicodedata

_STEERING = ("Cc", "Cf", "Cs", "Zl", "Zp")
_NOT_IN_FILE_NAMES = re.compile(r'[\\/:*?"<>|.\s\ufffd]')


def harmless(text: str) -> str:
    """The text with U+FFFD for all that steers a terminal, ends a line, turns the writing direction or is half a character."""
    if text.isprintable():
        return text
    return "".join("\ufffd" if unicodedata.category(sign) in _STEERING else sign for sign in text)


def in_file_name(text: str, longest: int = 20) -> str:
    """The text as a part of a file's name on any system."""
    return _NOT_IN_FILE_NAMES.sub("_", harmless(text))[:longest]
