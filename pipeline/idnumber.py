"""Resident ID numbers (GB 11643): six digits of place, eight of birth, three of order, a check digit.

Before 1999 they had 15 digits, without the century and the check digit; both forms are one person.
Foreigners' permanent residence cards have 18 digits since 2017 and three letters with twelve digits
before. A wrong checksum returns the row; an unknown place only flags it, because historical codes
are many and refusing a valid number is the graver fault.

>>> compact("３３０５０３ 1990-0101-123x")
'33050319900101123X'
>>> mask("33050319900101123X")
'330503********123X'
"""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from string import ascii_lowercase

RESIDENT, RESIDENCE_PERMIT, PERMANENT_RESIDENCE = "居民身份证", "港澳台居民居住证", "外国人永久居留身份证"
DOCUMENTS = (RESIDENT, RESIDENCE_PERMIT, PERMANENT_RESIDENCE)

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_DIGITS = "10X98765432"
_SEPARATORS = re.compile(r"[\s\-‐‑–—'’‘`\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\u00ad]")
# Width and case alone: a letter that merely looks like a digit is to be flagged, never repaired.
_PLAIN = {0xFEE0 + code: chr(code).upper() for code in range(0x21, 0x7F)} | {
    ord(letter): letter.upper() for letter in ascii_lowercase
}
_OLD_PERMANENT = re.compile(r"[A-Z]{3}\d{12}")
_IN_TEXT = re.compile(
    r"(?<![0-9A-Za-z])(\d{6}(?:(?:18|19|20)\d{2})(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])\d{3}[\dXx]"
    r"|\d{8}(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])\d{3}|[A-Z]{3}\d{12})(?![0-9A-Za-z])"
)


def compact(text: str) -> str:
    """The number without spaces, hyphens and invisible characters, half-width, in capitals."""
    return _SEPARATORS.sub("", text.translate(_PLAIN))


def check_digit(first17: str) -> str:
    """The eighteenth character for seventeen digits (GB 11643, ISO 7064 MOD 11-2)."""
    return _CHECK_DIGITS[sum(map(int.__mul__, _WEIGHTS, map(int, first17))) % 11]


def upgrade(number: str) -> str:
    """A 15-digit number in its 18-digit form; anything else as it is."""
    if len(number) != 15 or not _digits(number):
        return number
    first17 = f"{number[:6]}19{number[6:]}"
    return first17 + check_digit(first17)


def birth_date(number: str) -> date | None:
    """The day of birth in an 18-digit number, None where there is no such day."""
    if len(number) != 18 or not _digits(number[6:14]):
        return None
    try:
        return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None


@lru_cache(maxsize=65536)
def fault(number: str, document: str | None = None) -> str | None:
    """Why a compacted, upgraded number is not valid, in Chinese; None where it is valid.

    Without `document` (sheets that do not ask for it) every kind of document is admitted.
    """
    if document in (PERMANENT_RESIDENCE, None) and _OLD_PERMANENT.fullmatch(number):
        return None
    if len(number) != 18:
        return f"应为18位，现为{len(number)}位"
    if not _digits(number[:17]) or number[17] not in "0123456789X":
        return "含有数字和末位X以外的字符"
    if birth_date(number) is None:
        return "第7至14位不是真实的出生日期"
    if check_digit(number[:17]) != number[17]:
        return "校验码不符，至少有一位写错"
    return None


def known_place(number: str) -> bool:
    """Whether the first six digits are, or ever were, a county's code (residence permits: 81 to 83)."""
    return number[:2] in ("81", "82", "83") or number[:1] == "9" or len(number) != 18 or _county(number[:6])


@lru_cache(maxsize=4096)
def _county(code: str) -> bool:
    from stdnum import numdb

    parts = numdb.get("cn/loc").info(code)
    return len(parts) > 1 and bool(parts[1][1])


def mask(number: str) -> str:
    """The number as it may be shown: 330503********1234; the seventh to fourteenth characters never are."""
    head, tail = number[: 6 if len(number) > 11 else 2], number[14:][-4:]
    return head + "*" * max(len(number) - len(head) - len(tail), 1) + tail


def masked_text(text: str) -> str:
    """A sentence with every ID number in it masked."""
    return _IN_TEXT.sub(lambda found: mask(found.group()), text)


def _digits(text: str) -> bool:
    return text.isascii() and text.isdigit()
