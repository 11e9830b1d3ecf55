"""Marks that people make beside the values, in an .xlsx: comments, struck-through text, red fills."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from pipeline.intake.addresses import Place, column_number
from pipeline.receipt_marks import own_words

_CELL = re.compile(rb"<(?:\w+:)?c\b([^>]*[^/])>\s*<(?:\w+:)?(v|is)\b[^>]*>(.*?)</(?:\w+:)?\2>", re.DOTALL)
_ADDRESS = re.compile(rb"""\br\s*=\s*["']([A-Z]+)(\d+)["']""")
_STYLE = re.compile(rb"""\bs\s*=\s*["'](\d+)["']""")
_SHARED = re.compile(rb"""\bt\s*=\s*["']s["']""")
_STRIKE = re.compile(rb"""<(?:\w+:)?strike\b(?!\s+val\s*=\s*["'](?:0|false))""")
_TEXT = re.compile(rb"<(?:\w+:)?si\b(?:[^>]*/>|.*?</(?:\w+:)?si>)", re.DOTALL)
_COMMENT_ADDRESS = re.compile(r"([A-Z]+)(\d+)")
_RED_IN_THE_OLD_PALETTE = ("2", "10")


@dataclass(frozen=True, slots=True)
class HandMarks:
    """Of one sheet: the zero-based places of each kind of mark."""

    comments: frozenset[Place] = frozenset()
    struck: frozenset[Place] = frozenset()
    red: frozenset[Place] = frozenset()


NO_MARKS = HandMarks()


@dataclass(frozen=True, slots=True)
class Inks:
    """What a workbook's sheets share: by their numbers, the cell styles and texts that are struck through or red."""

    struck_styles: frozenset[int]
    red_styles: frozenset[int]
    struck_texts: frozenset[int]

    def __bool__(self) -> bool:
        return bool(self.struck_styles or self.red_styles or self.struck_texts)


def inks(parts: Mapping[str, bytes]) -> Inks:
    """The inks of a workbook; raises ParseError where its styles are damaged."""
    styles = ElementTree.fromstring(parts.get("xl/styles.xml", b"<styles/>"))
    struck = {at for at, font in enumerate(_listed(styles, "fonts")) if _is_struck(font)}
    red = {at for at, fill in enumerate(_listed(styles, "fills")) if _is_red(fill)}
    formats = list(_listed(styles, "cellXfs"))
    texts = parts.get("xl/sharedstrings.xml", b"")
    return Inks(frozenset(_using(formats, "fontId", struck)), frozenset(_using(formats, "fillId", red)),
                frozenset(_struck_texts(texts) if b"strike" in texts else ()))


def hand_marks(part: str, xml: bytes, parts: Mapping[str, bytes], shared: Inks) -> HandMarks:
    """The marks on the sheet that stands in `part` as `xml`; raises ParseError where its comments are damaged."""
    struck: set[Place] = set()
    red: set[Place] = set()
    for place, style, text, inline in _cells(xml) if shared or b"strike" in xml else ():
        if style in shared.struck_styles or text in shared.struck_texts or _STRIKE.search(inline):
            struck.add(place)
        if style in shared.red_styles:
            red.add(place)
    return HandMarks(frozenset(_commented(part, parts)), frozenset(struck), frozenset(red))


def _named(root: Element, name: str) -> Iterator[Element]:
    return (one for one in root.iter() if one.tag.rpartition("}")[2] == name)


def _listed(styles: Element, name: str) -> Element | tuple[()]:
    return next(_named(styles, name), ())


def _is_struck(font: Element) -> bool:
    return any(one.get("val", "1") not in ("0", "false") for one in _named(font, "strike"))


def _is_red(fill: Element) -> bool:
    """A solid fill of plain red; the receipts' light red is none."""
    solid = any(one.get("patternType") == "solid" for one in _named(fill, "patternFill"))
    return solid and any(_red_enough(one) for one in _named(fill, "fgColor"))


def _red_enough(colour: Element) -> bool:
    if colour.get("indexed") in _RED_IN_THE_OLD_PALETTE:
        return True
    shares = re.fullmatch(r"(?:..)?([0-9A-F]{2})([0-9A-F]{2})([0-9A-F]{2})", colour.get("rgb", ""), re.IGNORECASE)
    if shares is None:
        return False
    red, green, blue = (int(share, 16) for share in shares.groups())
    return red >= 0xC0 and max(green, blue) <= 0x50


def _using(formats: list[Element], attribute: str, chosen: Collection[int]) -> Iterator[int]:
    return (at for at, one in enumerate(formats) if int(one.get(attribute, "0")) in chosen)


def _struck_texts(texts: bytes) -> Iterator[int]:
    return (at for at, text in enumerate(_TEXT.findall(texts)) if _STRIKE.search(text))


def _cells(xml: bytes) -> Iterator[tuple[Place, int, int | None, bytes]]:
    """Of each filled cell: place, style, the number of its shared text, its own text with its formats."""
    for attributes, tag, content in _CELL.findall(xml):
        where, style = _ADDRESS.search(attributes), _STYLE.search(attributes)
        if where:
            shared = int(content) if tag == b"v" and _SHARED.search(attributes) else None
            place = int(where[2]) - 1, column_number(where[1].decode())
            yield place, int(style[1]) if style else 0, shared, content if tag == b"is" else b""


def _commented(part: str, parts: Mapping[str, bytes]) -> Iterator[Place]:
    folder, name = posixpath.split(part)
    relations = parts.get(f"{folder}/_rels/{name}.rels", b"<none/>")
    for one in ElementTree.fromstring(relations):
        if one.get("Type", "").endswith("/comments"):
            target = posixpath.normpath(posixpath.join(f"/{folder}", one.get("Target", "")))
            yield from _told_by(parts.get(target.lstrip("/").lower(), b"<none/>"))


def _told_by(comments: bytes) -> Iterator[Place]:
    for one in _named(ElementTree.fromstring(comments), "comment"):
        where = _COMMENT_ADDRESS.fullmatch(one.get("ref", ""))
        if where and own_words("".join(text.text or "" for text in _named(one, "t"))).strip():
            yield int(where[2]) - 1, column_number(where[1])
