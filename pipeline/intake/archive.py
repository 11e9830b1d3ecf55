"""Zip archives, unpacked within limits before any parser sees them."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping

from pipeline.config import Limits
from pipeline.intake.refusal import BROKEN, Refused

_LOCAL_HEADER = struct.Struct("<4s22xHH")
_MOST_ENTRIES = 5000
_ENCRYPTED = 1
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")

Parts = Mapping[str, bytes]


def unpack(content: bytes, limits: Limits) -> Parts:
    """The parts of an archive by their names in lower case; raises Refused where one is doubtful or they are too big.

    What the archive says of its sizes is not believed: every part is unpacked and must have that size.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, EOFError, NotImplementedError, OSError, ValueError, struct.error) as error:
        raise Refused(BROKEN) from error
    _gate(entries, limits)
    return {entry.filename.lower(): _unpacked(content, entry) for entry in entries}


def is_utf_16(part: bytes) -> bool:
    """Whether a part is in UTF-16, which XML may be and next to nobody writes."""
    return part.startswith(_UTF_16)


def in_utf_8(part: bytes) -> bytes:
    """A part's XML in UTF-8; raises UnicodeDecodeError where it is damaged."""
    return part.decode("utf-16").encode() if is_utf_16(part) else part


def _gate(entries: list[zipfile.ZipInfo], limits: Limits) -> None:
    if len(entries) > _MOST_ENTRIES:
        raise Refused(f"文件内部有 {len(entries)} 个部分，不是正常的工作簿；请用下发的填报表填写再报")
    if len({entry.filename.lower() for entry in entries}) < len(entries):
        raise Refused("文件内部有重名的部分，不是正常的工作簿；请在 Excel 或 WPS 中另存一份再报")
    if any(entry.flag_bits & _ENCRYPTED for entry in entries):
        raise Refused("文件有密码，读不了；请取消密码后再报")
    if sum(entry.file_size for entry in entries) > limits.unpacked_mb << 20:
        raise Refused(f"解压后超过 {limits.unpacked_mb} MB，不是正常的报表；请删去多余内容再报")


def _unpacked(content: bytes, entry: zipfile.ZipInfo) -> bytes:
    try:
        mark, name, extra = _LOCAL_HEADER.unpack_from(content, entry.header_offset)
        start = entry.header_offset + _LOCAL_HEADER.size + name + extra
        packed = content[start : start + entry.compress_size]
        part = _inflated(packed, entry)
    except (struct.error, zlib.error) as error:
        raise Refused(BROKEN) from error
    if mark != b"PK\x03\x04" or len(part) != entry.file_size or zlib.crc32(part) != entry.CRC:
        raise Refused(BROKEN)
    return part


def _inflated(packed: bytes, entry: zipfile.ZipInfo) -> bytes:
    if entry.compress_type == zipfile.ZIP_STORED:
        return packed
    if entry.compress_type != zipfile.ZIP_DEFLATED:
        raise Refused(BROKEN)
    # One byte more than declared: that it comes shows that the declaration lies.
    return zlib.decompressobj(-zlib.MAX_WBITS).decompress(packed, entry.file_size + 1)
