"""A sound workbook for tests whose parts can be changed, and what is said where a whole file goes back."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

from pipeline.reading import Reading
from tests.support.papers import HOLDER, holder, paper

PEOPLE = [holder(serial) for serial in range(1, 4)]
SOUND = paper({"持证人员": [HOLDER, *PEOPLE]})
NAMES = ["甲1", "甲2", "甲3"]
SHEET = "xl/worksheets/sheet2.xml"


def edited(change: Callable[[dict[str, bytes]], object], content: bytes = SOUND) -> bytes:
    """The workbook with its parts changed in place by `change`."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    change(parts)
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return target.getvalue()


def with_sheet(change: Callable[[bytes], bytes]) -> bytes:
    """The sound workbook with its sheet 持证人员 changed."""
    return edited(lambda parts: parts.__setitem__(SHEET, change(parts[SHEET])))


def sent_back(reading: Reading) -> str:
    """The reason for which the whole file goes back."""
    (one,) = reading.findings
    assert (reading.refused, reading.tables, one.rule, str(one.severity)) == (True, [], "N00", "退回")
    return one.message
