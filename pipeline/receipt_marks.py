"""How a receipt's comments are told from a unit's own: report writes them, intake must not take them for a unit's word."""

from __future__ import annotations

AUTHOR = "安委办回执"


def own_words(comment: str) -> str:
    """What a unit itself wrote into a comment: ours stands behind it."""
    return comment.partition(AUTHOR)[0].rstrip()
