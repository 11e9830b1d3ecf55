"""Borders dragged to a sheet's last row: hundreds of thousands of blank cells, of which openpyxl would make every one."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping

_LARGE = 1 << 20  # the blank rows of a smaller sheet may be meant for entries
_VALUE_ENDS = (b"</c>", b":c>")
_ROW_ENDS = re.compile(rb"</(?:\w+:)?row>")
_ROWS_END = re.compile(rb"</(?:\w+:)?sheetData>")


def without_blank_rest(xml: bytes) -> bytes:
    """A sheet's XML, of a large one without the blank rows below its last value."""
    last = max(map(xml.rfind, _VALUE_ENDS)) if len(xml) > _LARGE else -1
    if last < 0:
        return xml
    row, rows = _ROW_ENDS.search(xml, last), _ROWS_END.search(xml, last)
    return xml[: row.end()] + xml[rows.start() :] if row and rows else xml


def with_parts(original: bytes, parts: Mapping[str, bytes]) -> bytes:
    """The archive with these parts in the place of those that it has."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(original)) as archive, zipfile.ZipFile(target, "w") as copy:
        for name in archive.namelist():
            copy.writestr(name, parts[name] if name in parts else archive.read(name))
    return target.getvalue()
