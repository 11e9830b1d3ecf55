"""Files that are no readable workbook: a locked one, half of one, and something else under its name."""

from __future__ import annotations

import base64
import io
from datetime import datetime
from struct import pack

import xlsxwriter

PDF = b"%PDF-1.4\n% a scan of the form, not a workbook\n%%EOF\n"
_SECTOR, _STREAM = 512, 4096  # a stream below 4096 bytes would have to lie in the file's mini stream
_FREE, _END, _FAT, _NONE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFF
_SALT = base64.b64encode(bytes(16)).decode()
_CIPHER = ('saltSize="16" blockSize="16" keyBits="256" hashSize="64" cipherAlgorithm="AES" '
           f'cipherChaining="ChainingModeCBC" hashAlgorithm="SHA512" saltValue="{_SALT}"')
_AGILE = f"""<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<encryption xmlns="http://schemas.microsoft.com/office/2006/encryption"
 xmlns:p="http://schemas.microsoft.com/office/2006/keyEncryptor/password"><keyData {_CIPHER}/>
<dataIntegrity encryptedHmacKey="{_SALT}" encryptedHmacValue="{_SALT}"/>
<keyEncryptors><keyEncryptor uri="http://schemas.microsoft.com/office/2006/keyEncryptor/password">
<p:encryptedKey spinCount="100000" {_CIPHER} encryptedVerifierHashInput="{_SALT}"
 encryptedVerifierHashValue="{_SALT}" encryptedKeyValue="{_SALT}"/></keyEncryptor></keyEncryptors></encryption>"""


def half_a_workbook() -> bytes:
    """The first half of a sound workbook: the transfer broke off."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        book.set_properties({"created": datetime(2019, 10, 4)})
        book.add_worksheet("封面")
    return target.getvalue()[: len(target.getvalue()) // 2]


def locked_workbook() -> bytes:
    """An OLE file with the two streams of a workbook that has a password; random salts would change its bytes."""
    information = pack("<HHI", 4, 4, 0x40) + _AGILE.encode()
    streams = [("EncryptionInfo", information.ljust(_STREAM, b" ")), ("EncryptedPackage", bytes(_STREAM))]
    length = _STREAM // _SECTOR
    chains = [_FAT, _END]
    for start in (2, 2 + length):
        chains += [*range(start + 1, start + length), _END]
    table = b"".join(pack("<I", sector) for sector in chains).ljust(_SECTOR, pack("<I", _FREE)[:1])
    directory = _entry("Root Entry", 5, child=2, start=_END, size=0)
    for at, (name, content) in enumerate(streams):
        directory += _entry(name, 2, child=_NONE, start=2 + at * length, size=len(content), left=1 if at else _NONE)
    return _header() + table + directory.ljust(_SECTOR, b"\0") + b"".join(content for _, content in streams)


def _header() -> bytes:
    start = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16)
    shape = pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    counts = pack("<IIIIIIIII", 0, 1, 1, 0, _STREAM, _END, 0, _END, 0)
    return (start + shape + counts + pack("<I", 0)).ljust(_SECTOR, b"\xff")


def _entry(name: str, kind: int, *, child: int, start: int, size: int, left: int = _NONE) -> bytes:
    letters = name.encode("utf-16-le")
    head = letters.ljust(64, b"\0") + pack("<HBB", len(letters) + 2, kind, 1)
    return head + pack("<III", left, _NONE, child) + bytes(36) + pack("<IQ", start, size)
