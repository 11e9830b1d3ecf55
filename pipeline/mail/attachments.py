"""The files that came with a letter, under names that no disk and no reader trips over. Nothing in them is opened."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from pathlib import PurePosixPath

from pipeline.mail.words import file_name_of
from pipeline.plain_text import harmless

_NOT_IN_NAMES = re.compile(r'[:*?"<>|\ufffd]')
_RESERVED = re.compile(r"(CON|PRN|AUX|NUL|CONIN\$|CONOUT\$|(COM|LPT)[0-9\u00b9\u00b2\u00b3])(\..*)?", re.IGNORECASE)  # devices on Windows
_LONGEST = 150  # bytes before the ending: a disk takes 255 for a name, Windows 260 characters for the whole path
_LONGEST_ENDING = 10  # what is longer is no ending but a sentence with a full stop
_NAMELESS = "附件"


@dataclass(frozen=True, slots=True)
class Attachment:
    """One attached file; `name` is one that can be given to a file anywhere."""

    name: str
    content: bytes


def attachments(letter: bytes) -> list[Attachment]:
    """Every named part of a letter, also of letters inside it, but for pictures that its text shows."""
    return [Attachment(safe_name(name), content) for name, content in _named_parts(message_from_bytes(letter))]


def _named_parts(message: Message) -> Iterator[tuple[str, bytes]]:
    for part in message.walk():
        name = None if part.is_multipart() else file_name_of(part)
        shown_in_text = part.get_content_maintype() == "image" and "Content-ID" in part
        if name is not None and not shown_in_text:
            content = part.get_payload(decode=True)
            yield name, content if isinstance(content, bytes) else b""


def safe_name(raw: str) -> str:
    """A name from outside as a file's: no folders, no controls, no device, not hidden, of moderate length."""
    plain = harmless(unicodedata.normalize("NFC", re.split(r"[/\\]", raw)[-1]))
    name = _NOT_IN_NAMES.sub("_", plain).strip().rstrip(". ")
    suffix = PurePosixPath(f"_{name}").suffix
    ending = suffix if len(suffix) <= _LONGEST_ENDING else ""
    visible = name.removesuffix(ending).lstrip(".~$ ")  # the reader passes hidden files over
    stem = visible.encode("utf-8", "replace")[:_LONGEST].decode("utf-8", "ignore").strip() or _NAMELESS
    return f"_{stem}{ending}" if _RESERVED.fullmatch(stem) else f"{stem}{ending}"
