"""Intake: from files dropped into inputs/ to rows with the origin of every cell (intake.md)."""

from pipeline.intake.find import FoundFile, Oddity, find
from pipeline.intake.opening import WORKBOOK_ENDINGS
from pipeline.intake.reader import read

__all__ = ["WORKBOOK_ENDINGS", "FoundFile", "Oddity", "find", "read"]
