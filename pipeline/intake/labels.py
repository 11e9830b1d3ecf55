"""The words of headings: which label or alias means which field, and which sheet a name means."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

from pipeline.intake.text import Raw, squeezed, text_of
from pipeline.sheets import BY_KEY, BY_LABEL, COVER, COVER_LABEL, OWN_SHEETS, SERIAL_LABELS, SHEETS, Sheet

# Remarks in brackets, and the marks that stand around labels.
_HINTS = re.compile(r"[(\[【][^)\]】]*[)\]】]|[*:\s]")
_NAME_ENDINGS = re.compile(r"(名单|名册|登记表|汇总表|明细表|统计表|表|副本|\(\d+\)|[-_]|\d+)+$")


def bare_label(raw: Raw) -> str:
    """A heading without spaces, line breaks, asterisks, colons and remarks in brackets; empty for what is no text."""
    return _bare(raw) if isinstance(raw, str) else ""


@lru_cache(maxsize=1 << 14)
def _bare(text: str) -> str:
    return _HINTS.sub("", unicodedata.normalize("NFKC", text_of(text)))


@cache
def fields(kind: str) -> dict[str, str]:
    """Bare label or alias → field, for one kind of sheet; a label goes before an alias."""
    columns = BY_KEY[kind].columns
    aliases = {bare_label(alias): column.field for column in columns for alias in column.aliases}
    return aliases | exact_fields(kind)


@cache
def exact_fields(kind: str) -> dict[str, str]:
    """Bare label → field, without the aliases."""
    return {bare_label(column.label): column.field for column in BY_KEY[kind].columns}


COVER_FIELDS = {bare_label(name): column.field for column in COVER for name in (*column.aliases, column.label)}
SERIALS = frozenset(map(bare_label, SERIAL_LABELS))
KNOWN = frozenset().union(*(fields(kind.key) for kind in SHEETS))
_BEGINNINGS = frozenset(label[0] for label in KNOWN)


def is_known(text: str) -> bool:
    """Whether a text is the heading of some column; most texts show by their first character that they are not."""
    first = text[:1]
    plain = "\u4e00" <= first <= "\u9fff" or (first.isascii() and first.isalnum())
    return not (plain and first not in _BEGINNINGS) and _bare(text) in KNOWN


def kind_by_name(name: str) -> Sheet | None:
    """The kind of a sheet by its name; names such as 持证人员名单 and 持证人员 (2) are understood."""
    return BY_LABEL.get(squeezed(name)) or BY_LABEL.get(_base_name(name))


def is_cover_name(name: str) -> bool:
    """Whether a sheet is named 封面, or is a copy of such a one."""
    return _base_name(name) == COVER_LABEL


def is_own(name: str) -> bool:
    """Whether the program itself put this sheet into the workbook, for people to read."""
    return name in OWN_SHEETS or _base_name(name) in OWN_SHEETS


def is_nameless(name: str) -> bool:
    """Whether nothing can be told from a sheet's name."""
    return not (kind_by_name(name) or is_cover_name(name) or is_own(name))


def _base_name(name: str) -> str:
    return _NAME_ENDINGS.sub("", squeezed(name))
