"""What the doctor says of a desk, for tests."""

from __future__ import annotations

from datetime import date

from pipeline import __released__
from pipeline.doctor import examine
from pipeline.doctor.check import Desk

TODAY = date.fromisoformat(__released__)


def marks(desk: Desk) -> dict[str, str]:
    """The mark of each title."""
    return {title: check.mark for title, check in examine(desk)}


def text(desk: Desk, title: str) -> str:
    """All that is said under a title."""
    return "\n".join(check.line(one) for one, check in examine(desk) if one == title)


def at(desk: Desk, **changes: object) -> Desk:
    """The desk with something changed."""
    return Desk(**{**vars(desk), **changes})
