"""Sound workbooks of every format, damaged by number: the same seed, damage and number give the same bytes."""

from __future__ import annotations

import io
import re
import struct
import warnings
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random
from xml.parsers import expat

SEEDS = Path(__file__).parents[1] / "tests" / "cases" / "seeds"
_EDGES = (0, 1, 2, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFE, 0xFFFFFFFF)
# Where a workbook says what stands in its cells: a sound change there is a change of what somebody wrote.
_CELL_PARTS = re.compile(r"content\.xml|xl/(worksheets/.*|sharedStrings\.(xml|bin)|styles\.xml|workbook\.bin)")
_ARCHIVE, _COMPOUND = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_DIRECTORY_ENTRY, _DIRECTORY_END = b"PK\x01\x02", b"PK\x05\x06"

Damage = Callable[[bytes, Random], bytes]


@dataclass(frozen=True)
class Mutant:
    """A damaged workbook; `in_text` where the damage may be a change of what stands in the cells."""

    seed: str
    damage: str
    number: int
    content: bytes
    in_text: bool


def flipped(content: bytes, chance: Random) -> bytes:
    """Some bits are others."""
    changed = bytearray(content)
    for _ in range(chance.choice((1, 1, 2, 8, 64))):
        changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def cut(content: bytes, chance: Random) -> bytes:
    """The end, or a piece from the middle, is missing."""
    start = chance.randrange(len(content))
    return content[:start] + content[start + chance.choice((1, 7, 512, len(content))) :]


def spliced(content: bytes, chance: Random) -> bytes:
    """A piece stands where another should, or once more."""
    start, length, at = chance.randrange(len(content)), chance.choice((1, 4, 64, 512)), chance.randrange(len(content))
    return content[:at] + content[start : start + length] + content[at + chance.choice((0, length)) :]


def zeroed(content: bytes, chance: Random) -> bytes:
    """A stretch was never written to the disk."""
    at, length = chance.randrange(len(content)), chance.choice((1, 4, 64, 512, 4096))
    return (content[:at] + bytes(length) + content[at + length :])[: len(content)]


def renumbered(content: bytes, chance: Random) -> bytes:
    """Four bytes become a number at the edge of what four bytes can say: sizes, offsets, chains."""
    at = chance.randrange(max(1, len(content) - 4))
    return content[:at] + struct.pack("<I", chance.choice(_EDGES)) + content[at + 4 :]


def header_changed(content: bytes, chance: Random) -> bytes:
    """A field in the first sector of a compound file."""
    at = chance.randrange(24, 128)
    return content[:at] + struct.pack("<I", chance.choice((*_EDGES, chance.randrange(64)))) + content[at + 4 :]


def directory_changed(content: bytes, chance: Random) -> bytes:
    """A field of the archive's directory, with which its parts are found."""
    entries = [found.start() for found in re.finditer(_DIRECTORY_ENTRY + b"|" + _DIRECTORY_END, content)]
    at = chance.choice(entries) + chance.randrange(4, 46)
    return content[:at] + struct.pack("<H", chance.choice(_EDGES) & 0xFFFF) + content[at + 2 :]


def parts_moved(content: bytes, chance: Random) -> bytes:
    """A part is gone, stands twice, has another's name or another's content."""
    parts = _parts(content)
    at, other = chance.randrange(len(parts)), chance.randrange(len(parts))
    name, body = parts[at]
    parts[at : at + 1] = chance.choice((
        [], [(name, body), (name, body)], [(parts[other][0], body)], [(name, parts[other][1])], [(name.upper(), body)]))
    return _archive(parts)


def part_changed(content: bytes, chance: Random) -> bytes:
    """A part is damaged and the archive written anew, so that every checksum holds."""
    parts = _parts(content)
    at = chance.choice([place for place, (_, body) in enumerate(parts) if body])
    parts[at] = (parts[at][0], chance.choice((_digits, _tag, _attribute, flipped, cut, spliced, renumbered))(parts[at][1], chance))
    return _archive(parts)


def _digits(xml: bytes, chance: Random) -> bytes:
    return _replaced(xml, rb"\d+", (b"0", b"1", b"-1", b"65536", b"99999999999", b"1e9", b""), chance)


def _attribute(xml: bytes, chance: Random) -> bytes:
    return _replaced(xml, rb'[\w:]+="[^"]*"', (b"", b'r="A1"', b't="s"', b't="e"', b'hidden="1"'), chance)


def _replaced(xml: bytes, pattern: bytes, others: tuple[bytes, ...], chance: Random) -> bytes:
    places = [found.span() for found in re.finditer(pattern, xml)]
    if not places:
        return flipped(xml, chance)
    start, end = chance.choice(places)
    return xml[:start] + chance.choice(others) + xml[end:]


def _tag(xml: bytes, chance: Random) -> bytes:
    places = [found.span() for found in re.finditer(rb"<[^>]*>", xml)]
    if not places:
        return flipped(xml, chance)
    start, end = chance.choice(places)
    return xml[:start] + xml[start:end] * chance.choice((0, 0, 2, 50)) + xml[end:]


def _parts(content: bytes) -> list[tuple[str, bytes]]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return [(name, archive.read(name)) for name in archive.namelist()]


def _archive(parts: list[tuple[str, bytes]]) -> bytes:
    target = io.BytesIO()
    with warnings.catch_warnings(action="ignore"), zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in parts:  # two of one name are part of the damage
            archive.writestr(zipfile.ZipInfo(name), body, zipfile.ZIP_DEFLATED)
    return target.getvalue()


_ANYWHERE = (flipped, cut, spliced, zeroed, renumbered)
DAMAGES: dict[str, Damage] = {damage.__name__: damage for damage in (
    *_ANYWHERE, header_changed, directory_changed, parts_moved, part_changed)}


def damages_of(content: bytes) -> list[str]:
    """The names of the damages that a format can take; what checksums would betray anyway comes more seldom."""
    anywhere = [damage.__name__ for damage in _ANYWHERE]
    if content.startswith(_ARCHIVE):
        return [*anywhere, directory_changed.__name__, parts_moved.__name__, *[part_changed.__name__] * 5]
    return [*anywhere, header_changed.__name__] if content.startswith(_COMPOUND) else anywhere


def mutant(seed: str, damage: str, number: int) -> Mutant:
    """The workbook of this name in tests/cases/seeds, damaged so."""
    sound = (SEEDS / seed).read_bytes()
    damaged = DAMAGES[damage](sound, Random(f"{seed} {damage} {number}"))
    return Mutant(seed, damage, number, damaged, _in_text(sound, damage, damaged))


def mutant_of(number: int) -> Mutant:
    """The mutant of a number: seeds and damages in turn."""
    seeds = sorted(path.name for path in SEEDS.iterdir())
    seed = seeds[number % len(seeds)]
    damages = damages_of((SEEDS / seed).read_bytes())
    return mutant(seed, damages[number // len(seeds) % len(damages)], number)


def _in_text(sound: bytes, damage: str, damaged: bytes) -> bool:
    """Archives have checksums, so only a part that was packed anew can say something else; other formats have none."""
    if not sound.startswith(_ARCHIVE):
        return True
    if damage != part_changed.__name__:
        return damage == parts_moved.__name__
    changed = [(name, body) for (name, body), one in zip(_parts(damaged), _parts(sound), strict=True) if (name, body) != one]
    return all(_CELL_PARTS.fullmatch(name) and _well_formed(name, body) for name, body in changed)


def _well_formed(name: str, body: bytes) -> bool:
    try:
        return name.endswith(".bin") or bool(expat.ParserCreate().Parse(body, True))
    except (expat.ExpatError, LookupError):  # torn, or in an encoding that nobody knows
        return False
