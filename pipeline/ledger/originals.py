"""The originals: every file byte for byte, named by its place in the order of arrival."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from pathlib import Path, PurePosixPath

from pipeline.calendar import Month
from pipeline.files import write_if_changed

_EXTENSION = re.compile(r"\.[A-Za-z0-9]{1,8}")


def name_of(number: int, arrived_on: date, month: Month | None, unit: str | None, source: str) -> str:
    """000123_20201008_2020-08_练市镇.xlsx."""
    suffix = PurePosixPath(unicodedata.normalize("NFKC", source)).suffix.lower()
    extension = suffix if _EXTENSION.fullmatch(suffix) else ""
    return f"{number:06d}_{arrived_on:%Y%m%d}_{month or '月份不明'}_{unit or '单位不明'}{extension}"


def keep(folder: Path, name: str, content: bytes) -> None:
    """Put a file among the originals; doing it again changes nothing."""
    write_if_changed(folder / name, content)
