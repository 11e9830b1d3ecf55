"""The monthly pipeline of a district's work-safety committee office."""

__version__ = "0.3.0"
__released__ = "2026-11-24"  # a clock that is before this day is wrong
