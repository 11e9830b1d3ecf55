"""What the handbook says of one rule."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class HandbookLine:
    """One rule: its sentence, how it is checked, what was decided, examples with their outcome, what units are told."""

    chapter: str
    id: str
    clause: str
    words: str
    condition: str
    severity: str
    decision: str
    switches: str
    examples: tuple[tuple[str, str], ...]  # 通过 or the severity, and the case in words; those that pass come first
    messages: tuple[str, ...]
