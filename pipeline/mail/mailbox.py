"""The office's mailbox by IMAP: what lies in it, the letters themselves, and a mark on those that were taken.

Nothing is deleted, and a letter that is only looked at stays unread (BODY.PEEK).
"""

from __future__ import annotations

import imaplib
import re
import ssl
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from email import message_from_bytes
from typing import Any

from pipeline.config import Imap
from pipeline.faults import CannotGoOn
from pipeline.idnumber import masked_text
from pipeline.mail.connection import TIMEOUT_SECONDS, no_connection, printable
from pipeline.mail.words import said
from pipeline.plain_text import harmless

_BEIJING = timezone(timedelta(hours=8))
_WHAT = "(UID FLAGS INTERNALDATE RFC822.SIZE BODY.PEEK[HEADER.FIELDS (FROM SUBJECT MESSAGE-ID)])"
_AT_ONCE = 200  # envelopes asked for in one command
_LONGEST = 200  # characters of a header that are kept
# All that looks like an address: two of them in one From, in whichever place, and it is nobody's.
_ADDRESS = re.compile(r"""[^\s<>(),;:"'\[\]]+@[^\s<>(),;:"'\[\]]+""")
_NOT_ASCII = re.compile("[^\x20-\x7e]+")


@dataclass(frozen=True, slots=True)
class Envelope:
    """What the server tells of a letter; `sender` is None unless From holds one address and no other."""

    uid: int
    received: datetime  # by the server, in Beijing's time
    size: int
    seen: bool
    sender: str | None
    subject: str
    message_id: str


class MailboxError(CannotGoOn):
    """The mailbox cannot be read; what was taken before stays taken."""


class Mailbox:
    """One folder of an account, open; `validity` changes where the server has numbered its letters anew."""

    def __init__(self, server: imaplib.IMAP4, imap: Imap) -> None:
        self._server, self._imap = server, imap
        self._can = set(_joined(self._ask(server.capability)).upper().split())
        if "ID" in self._can:  # some providers open no folder to a program that does not say what it is
            self._ask(server.xatom, "ID", '("name" "pipeline")')
        self._ask(server.select, _mailbox_name(imap.folder))
        self.validity = int(server.response("UIDVALIDITY")[1][0] or 0)

    def envelopes(self, since: date) -> list[Envelope]:
        """The letters that were received on `since` or later, in the order of arrival."""
        numbers = _joined(self._ask(self._server.uid, "SEARCH", "SINCE", f"{since:%d-%b-%Y}")).split()
        answers = (self._ask(self._server.uid, "FETCH", ",".join(numbers[at:at + _AT_ONCE]), _WHAT)
                   for at in range(0, len(numbers), _AT_ONCE))
        return [_envelope(part) for answer in answers for part in _parts(answer)]

    def letter(self, uid: int) -> bytes:
        """A whole letter, left unread."""
        answer = self._ask(self._server.uid, "FETCH", str(uid), "(UID BODY.PEEK[])")
        return next((item[1] for item in answer if isinstance(item, tuple)), b"")

    def settle(self, uid: int) -> None:
        """Mark a letter as read and, where config.yaml names a folder for it and the server can, move it there."""
        self._ask(self._server.uid, "STORE", str(uid), "+FLAGS", r"(\Seen)")
        if self._imap.done_folder and "MOVE" in self._can:
            folder = _mailbox_name(self._imap.done_folder)
            self._server.create(folder)  # refused where it is there already
            self._ask(self._server.uid, "MOVE", str(uid), folder)

    def _ask(self, command: Callable[..., tuple[str, list[Any]]], *arguments: str) -> list[Any]:
        try:
            state, answer = command(*arguments)
        except (imaplib.IMAP4.error, OSError) as error:
            raise MailboxError(_broken(self._imap, error)) from error
        if state != "OK":
            raise MailboxError(_broken(self._imap, _joined(answer)))
        return answer


@contextmanager
def opened(imap: Imap, password: str | None) -> Iterator[Mailbox]:
    """The folder of config.yaml, open; raises MailboxError where server, account or folder are not to be had."""
    if password is None:
        raise MailboxError("没有收信的密码：请放在环境变量 IMAP_PASSWORD，或系统钥匙串里（见 docs/邮件.md）")
    server = _logged_in(imap, password)
    try:
        yield Mailbox(server, imap)
    finally:
        with suppress(imaplib.IMAP4.error, OSError):
            server.logout()


def _logged_in(imap: Imap, password: str) -> imaplib.IMAP4:
    try:
        server = _dial(imap)
    except (imaplib.IMAP4.error, OSError, UnicodeError) as error:
        raise MailboxError(_no_server(imap, error)) from error
    try:
        server.login(imap.user, password)
    except (imaplib.IMAP4.error, OSError, UnicodeError) as error:
        server.shutdown()
        raise MailboxError(f"收信服务器 {imap.host}:{imap.port} 不接受用户名或密码（不少邮箱要用“授权码”）：{_words(error)}") from error
    return server


def _dial(imap: Imap) -> imaplib.IMAP4:
    context = ssl.create_default_context()
    if imap.security == "tls":
        return imaplib.IMAP4_SSL(imap.host, imap.port, ssl_context=context, timeout=TIMEOUT_SECONDS)
    server = imaplib.IMAP4(imap.host, imap.port, timeout=TIMEOUT_SECONDS)
    if imap.security == "starttls":
        try:
            server.starttls(context)
        except BaseException:
            server.shutdown()
            raise
    return server


def _no_server(imap: Imap, error: Exception) -> str:
    if isinstance(error, imaplib.IMAP4.error):
        return f"收信服务器 {imap.host}:{imap.port} 不支持所要求的加密，请核对 imap.security：{_words(error)}"
    return no_connection("imap", imap.host, imap.port, error)


def _broken(imap: Imap, error: object) -> str:
    return f"收信服务器 {imap.host}:{imap.port} 没有照办，已取的不受影响，稍后再运行一次 fetch 会接着取：{_words(error)}"


def _joined(answer: list[Any]) -> str:
    """A server may answer in several pieces."""
    return b" ".join(filter(None, answer)).decode("utf-8", "replace")


def _words(error: object) -> str:
    """A server's reason; imaplib gives it as bytes in an exception."""
    reason = error.args[0] if isinstance(error, Exception) and error.args else error
    return printable(reason.decode("utf-8", "replace") if isinstance(reason, bytes) else str(reason))


def _parts(answer: list[Any]) -> Iterator[tuple[bytes, bytes]]:
    """Each letter's attributes and headers; the attributes may go on behind the headers."""
    attributes, headers = b"", b""
    for item in answer:
        if isinstance(item, tuple):
            attributes, headers = attributes + item[0], item[1]
        elif item:
            attributes += item
        if attributes.endswith(b")") and not isinstance(item, tuple):
            if b"RFC822.SIZE" in attributes:  # the server may tell of flags that somebody else has set
                yield attributes, headers
            attributes, headers = b"", b""


def _envelope(part: tuple[bytes, bytes]) -> Envelope:
    attributes, headers = part
    told = {name: found[1] for name, pattern in _ATTRIBUTES.items() if (found := pattern.search(attributes))}
    values = _headers(headers)
    return Envelope(
        uid=int(told["uid"]), size=int(told["size"]), seen=rb"\Seen" in told.get("flags", b""),
        received=datetime.strptime(told["received"].decode(), "%d-%b-%Y %H:%M:%S %z").astimezone(_BEIJING),
        sender=_sender(values.get("from", [])), subject=_one_line(values.get("subject", [])),
        message_id=_one_line(values.get("message-id", [])))


_ATTRIBUTES = {
    "uid": re.compile(rb"UID (\d+)"), "size": re.compile(rb"RFC822\.SIZE (\d+)"), "flags": re.compile(rb"FLAGS \(([^)]*)\)"),
    "received": re.compile(rb'INTERNALDATE "([^"]+)"'),
}


def _headers(raw: bytes) -> Mapping[str, list[str]]:
    values: dict[str, list[str]] = {}
    for name, value in message_from_bytes(raw).raw_items():
        values.setdefault(name.lower(), []).append(str(value))
    return values


def _sender(values: list[str]) -> str | None:
    found = _ADDRESS.findall(values[0]) if len(values) == 1 else []
    addresses = {address.lower() for address in found}
    return addresses.pop() if len(addresses) == 1 and values[0].count("@") == len(found) else None


def _one_line(values: list[str]) -> str:
    return masked_text(harmless(" ".join(said(values[0]).split())))[:_LONGEST] if values else ""


def _mailbox_name(name: str) -> str:
    """A folder's name as IMAP writes it: quoted, in modified UTF-7 (RFC 3501, 5.1.3)."""
    encoded = _NOT_ASCII.sub(
        lambda found: f"&{b64encode(found[0].encode('utf-16-be')).decode().rstrip('=').replace('/', ',')}-", name.replace("&", "&-"))
    return '"' + encoded.replace("\\", "\\\\").replace('"', '\\"') + '"'
