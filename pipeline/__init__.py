"""The monthly pipeline of a district's work-safety committee office."""

__version__ = "0.3.0"
