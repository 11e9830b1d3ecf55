"""The stream of an .xls ([MS-XLS] 2.1): whether it is whole, for it has no checksums, and what the reader does not tell."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterable, Iterator

import olefile

from pipeline.intake.addresses import Place
from pipeline.intake.odd_cells import ERROR_WORDS, UNKNOWN_ERROR
from pipeline.intake.ooxml import Oddities
from pipeline.intake.refusal import BROKEN, Refused

_STREAMS = ("Workbook", "Book")
_BOF, _EOF, _SHEET, _ROW = 0x0809, 0x000A, 0x0085, 0x0208
_BOOLERR, _FORMULA, _BOOK = 0x0205, 0x0006, 0x01AE
_HIDDEN, _ERROR = 0x20, 2  # of a row, of a formula's result
_ITSELF = (b"\x01\x04", b"\x01\x3a")  # a book that sheets refer to: this one, or add-ins
# BLANK, NUMBER, LABEL, BOOLERR, FORMULA, RK, LABELSST, RSTRING, MULRK, MULBLANK: each begins with its row.
_CELLS = {0x0201, 0x0203, 0x0204, 0x0205, 0x0006, 0x027E, 0x00FD, 0x00D6, 0x00BD, 0x00BE}
# What BOUNDSHEET says that a sheet is, and what the sheet's own BOF must then say.
_KINDS = {0: 0x0010, 1: 0x0040, 2: 0x0020, 6: 0x0006}

Record = tuple[int, bytes]


def inspect_stream(content: bytes) -> tuple[list[Oddities], bool]:
    """The oddities of each sheet in the order of the tabs, and whether the workbook points to other files.

    Raises Refused where records run out, sheets are not where they should be, or a row has lost its cells.
    """
    try:
        with olefile.OleFileIO(io.BytesIO(content)) as document:
            stream = next(document.openstream(name).read() for name in _STREAMS if document.exists(name))
        announced = {place: kind for place, _, kind in _sheets(stream)}
        found = dict(_behind_the_first(stream))
        if found.keys() != announced.keys():
            raise ValueError("a sheet that is not there, or that nobody announced")
        for place, kind in announced.items():
            _check_sheet(found[place], kind)
        links_out = any(kind == _BOOK and body[2:4] not in _ITSELF for kind, body in _substream(stream, 0))
        return [_oddities(found[place]) for place in announced], links_out
    except (OSError, StopIteration, struct.error, ValueError, TypeError, AttributeError, LookupError) as error:
        raise Refused(BROKEN) from error


def _sheets(stream: bytes) -> Iterator[tuple[int, int, int]]:
    """Place, visibility and kind of each sheet that the workbook announces."""
    for kind, body in _substream(stream, 0):
        if kind == _SHEET:
            yield struct.unpack_from("<IBB", body)


def _behind_the_first(stream: bytes) -> Iterator[tuple[int, list[Record]]]:
    """Each sheet's place and records, in the order in which they stand behind the workbook's own."""
    at = _length(_substream(stream, 0))
    while stream[at : at + 2] == _BOF.to_bytes(2, "little"):
        records = list(_substream(stream, at))
        yield at, records
        at += _length(records)


def _length(records: Iterable[Record]) -> int:
    return sum(4 + len(body) for _, body in records)


def _check_sheet(records: list[Record], kind: int) -> None:
    if struct.unpack_from("<H", records[0][1], 2)[0] != _KINDS[kind]:
        raise ValueError("another kind of sheet than announced")
    announced = {row for row, first, behind in (struct.unpack_from("<HHH", body) for one, body in records if one == _ROW)
                 if first < behind}
    filled = {struct.unpack_from("<H", body)[0] for one, body in records if one in _CELLS}
    if announced - filled or (announced and filled - announced):
        raise ValueError("a row without its cells, or cells without their row")


def _oddities(records: Iterable[Record]) -> Oddities:
    """Of a sheet's own records, not those of charts within it."""
    errors: dict[Place, str] = {}
    hidden: list[int] = []
    depth = 0
    for kind, body in records:
        depth += (kind == _BOF) - (kind == _EOF)
        if depth > 1:
            continue
        if kind == _ROW and body[12] & _HIDDEN:
            hidden.append(struct.unpack_from("<H", body)[0])
        elif kind == _BOOLERR and body[7]:
            errors[struct.unpack_from("<HH", body)] = ERROR_WORDS.get(body[6], UNKNOWN_ERROR)
        elif kind == _FORMULA and body[12:14] == b"\xff\xff" and body[6] == _ERROR:
            errors[struct.unpack_from("<HH", body)] = ERROR_WORDS.get(body[8], UNKNOWN_ERROR)
    return Oddities(hidden_rows=tuple(hidden), errors=errors)


def _substream(stream: bytes, at: int) -> Iterator[Record]:
    """The records from a BOF to its EOF, those of charts within included."""
    depth = 0
    while True:
        kind, length = struct.unpack_from("<HH", stream, at)
        at += 4
        if kind == 0 or at + length > len(stream) or (depth == 0 and kind != _BOF):
            raise ValueError("no record where one should be")
        depth += (kind == _BOF) - (kind == _EOF)
        yield kind, stream[at : at + length]
        at += length
        if depth == 0:
            return
