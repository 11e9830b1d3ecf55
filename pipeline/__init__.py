"""The monthly pipeline of a district's work-safety committee office; from Python: docs/python.md."""

from typing import TYPE_CHECKING

__version__ = "0.6.0"
__released__ = "2026-11-25"  # a clock that is before this day is wrong

if TYPE_CHECKING:
    from pipeline.api import Frames, dictionary, read, read_ledger, roll_up, validate

__all__ = ["Frames", "__version__", "dictionary", "read", "read_ledger", "roll_up", "validate"]


def __getattr__(name: str) -> object:
    """The functions of `pipeline.api`, loaded when one is used: `import pipeline` itself loads nothing."""
    if name in __all__:
        from pipeline import api

        return getattr(api, name)
    raise AttributeError(f"module 'pipeline' has no attribute {name!r}")
