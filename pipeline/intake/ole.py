"""Compound files (.xls, .et, and .xlsx under a password): made sure of before the reader follows their chains."""

from __future__ import annotations

import io
import struct

from pipeline.intake.refusal import BROKEN, Refused

# Sector size as a power of two, first sector of the small table, first sector of further table places, table sectors.
_HEADER = struct.Struct("<30xH28xI4xI4x109I")
_MOST_SECTORS = 0xFFFFFFFA  # greater numbers are marks: free, end of chain


def check_compound_file(content: bytes) -> None:
    """Raise Refused where a chain of sectors never ends: the reader would follow it until memory is gone."""
    try:
        shift, small, further, *places = _HEADER.unpack_from(content)
    except struct.error as error:
        raise Refused(BROKEN) from error
    size = 1 << min(shift, 20)
    table = _numbers(content, size, _table_sectors(content, size, places, further))
    if _has_loop(table) or _has_loop(_numbers(content, size, _chain(table, small))):
        raise Refused(BROKEN)


def _table_sectors(content: bytes, size: int, places: list[int], further: int) -> list[int]:
    """Where the table stands that names for each sector the one that follows it."""
    seen: set[int] = set()
    while further < _MOST_SECTORS and further not in seen:
        seen.add(further)
        *more, further = _numbers(content, size, [further]) or [_MOST_SECTORS]
        places = places + more
    if further in seen:
        raise Refused(BROKEN)
    return [place for place in places if place < _MOST_SECTORS]


def _numbers(content: bytes, size: int, sectors: list[int]) -> list[int]:
    parts = b"".join(content[(sector + 1) * size : (sector + 2) * size] for sector in sectors)
    return list(struct.unpack(f"<{len(parts) // 4}I", parts[: len(parts) // 4 * 4]))


def _chain(table: list[int], sector: int) -> list[int]:
    sectors: list[int] = []
    while sector < len(table) and len(sectors) < len(table):
        sectors.append(sector)
        sector = table[sector]
    return sectors


def _has_loop(table: list[int]) -> bool:
    walk_of = [-1] * len(table)
    for start in range(len(table)):
        at = start
        while at < len(table) and walk_of[at] == -1:
            walk_of[at] = start
            at = table[at]
        if at < len(table) and walk_of[at] == start:
            return True
    return False


def refuse_passwords(content: bytes) -> None:
    """Raise Refused where the workbook is encrypted, if only with Excel's default password."""
    import msoffcrypto

    try:
        locked = msoffcrypto.OfficeFile(io.BytesIO(content)).is_encrypted()
    except Exception:  # any damage: the reader itself will say so
        locked = False
    if locked:
        raise Refused("文件有密码，读不了；请在 Excel 或 WPS 中打开，在“文件—信息—保护工作簿”中取消打开密码，保存后再报")
