"""What headers say, as people wrote it: encoded words (RFC 2047), parameters (RFC 2231), raw bytes in either Chinese encoding."""

from __future__ import annotations

from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message

# What is labelled with the smaller set is often written with the larger.
_WIDER = {"gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030"}
_PARAMETERS = (("content-disposition", "filename"), ("content-type", "name"))


def said(text: str) -> str:
    """The text of a raw header; what cannot be decoded stands as U+FFFD."""
    whole = _eight_bit(text)
    try:
        pieces = decode_header(whole)
    except (HeaderParseError, ValueError):
        return whole
    return "".join(piece if isinstance(piece, str) else _decoded(piece, charset or "raw-unicode-escape")
                   for piece, charset in pieces)


def file_name_of(part: Message) -> str | None:
    """What the sender called an attachment, the encoded form (filename*) before the plain one; None where it has no name."""
    for header, name in _PARAMETERS:
        raw = next((value for key, value in part.raw_items() if key.lower() == header), None)
        if raw is not None:
            part.replace_header(header, _eight_bit(str(raw)))
            values = [value for key, value in part.get_params([], header) if key.lower() == name]
            if values:
                return _parameter(values[-1])
    return None


def _parameter(value: str | tuple[str | None, str | None, str]) -> str:
    if isinstance(value, str):
        return said(value)
    charset, _, text = value
    return _decoded(text.encode("raw-unicode-escape"), charset or "utf-8")


def _eight_bit(text: str) -> str:
    """Bytes that no header may hold, as the parser leaves them, read as UTF-8 or else as Chinese code page."""
    raw = text.encode("utf-8", "surrogateescape")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("gb18030", "replace")


def _decoded(raw: bytes, charset: str) -> str:
    try:
        return raw.decode(_WIDER.get(charset.lower(), charset), "replace")
    except (LookupError, UnicodeError, ValueError):
        return raw.decode("gb18030", "replace")
