"""What the handbook says of one rule."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class HandbookLine:
    """One rule: its sentence, how it is checked, what was decided, an example of either kind, what units are told."""

    chapter: str
    id: str
    clause: str
    words: str
    condition: str
    severity: str
    decision: str
    switches: str
    passes: str
    fails: str
    messages: tuple[str, ...]
