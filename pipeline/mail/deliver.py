"""Delivery by SMTP, one transaction per letter, so that every recipient has a state of its own.

The phases are told apart, because they decide whether a letter may be sent again: until DATA has
been sent whole nobody has it, and from then until the server's reply nobody knows.
"""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum

from pipeline.config import Smtp
from pipeline.mail.connection import TIMEOUT_SECONDS, no_connection, printable

_GO_ON = 354
Reply = tuple[int, bytes]


class State(StrEnum):
    """Where a letter to one recipient stands; only 待重试 may be sent again without asking."""

    SENDING = "发送中"
    SENT = "已发送"
    RETRY = "待重试"
    REFUSED = "被拒"
    UNCERTAIN = "待核实"


@dataclass(frozen=True, slots=True)
class Outcome:
    """A state and, in Chinese, what led to it."""

    state: State
    detail: str


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One approved letter: the whole .eml and whom it goes to."""

    recipient: str
    message_id: str
    content: bytes


Record = Callable[[Outgoing, Outcome], None]


def deliver(letters: Sequence[Outgoing], smtp: Smtp, password: str | None, record: Record) -> None:
    """Send each letter once and record its outcome at once.

    `record` is called with 发送中 before the letter leaves: where no later outcome follows, the run
    was cut off and the letter is 待核实. Where the server cannot be reached or refuses the account,
    all letters that are left are 待重试. What `record` raises is passed on.
    """
    server: smtplib.SMTP | None = None
    try:
        for place, letter in enumerate(letters):
            try:
                server = _connected(server, smtp, password)
            except (OSError, UnicodeError) as error:
                _put_off(letters[place:], Outcome(State.RETRY, _no_connection(smtp, error)), record)
                return
            record(letter, _send(server, smtp.sender, letter, record))
        _take_leave(server)
    finally:
        if server is not None:
            server.close()


def _take_leave(server: smtplib.SMTP | None) -> None:
    if server is not None:
        with suppress(OSError):
            server.quit()


def _put_off(letters: Sequence[Outgoing], outcome: Outcome, record: Record) -> None:
    for letter in letters:
        record(letter, outcome)


def _connected(server: smtplib.SMTP | None, smtp: Smtp, password: str | None) -> smtplib.SMTP:
    """The open connection, cleared for the next letter, or a new one."""
    if server is not None:
        if _cleared(server):
            return server
        server.close()
    return _logged_in(_dial(smtp), smtp, password)


def _cleared(server: smtplib.SMTP) -> bool:
    try:
        return _accepted(server.rset())
    except OSError:
        return False


def _dial(smtp: Smtp) -> smtplib.SMTP:
    # The machine's own name may be slow to find out, not ASCII, or nobody's business.
    name = smtp.sender.rpartition("@")[2]
    if smtp.security == "tls":
        context = ssl.create_default_context()
        return smtplib.SMTP_SSL(smtp.host, smtp.port, name, timeout=TIMEOUT_SECONDS, context=context)
    return smtplib.SMTP(smtp.host, smtp.port, name, timeout=TIMEOUT_SECONDS)


def _logged_in(server: smtplib.SMTP, smtp: Smtp, password: str | None) -> smtplib.SMTP:
    try:
        if smtp.security == "starttls":
            server.starttls(context=ssl.create_default_context())
        server.ehlo_or_helo_if_needed()
        if smtp.user and password is not None:
            server.login(smtp.user, password)
    except BaseException:
        server.close()
        raise
    return server


def _send(server: smtplib.SMTP, sender: str, letter: Outgoing, record: Record) -> Outcome:
    if refusal := _refused_envelope(server, sender, letter.recipient):
        return refusal
    record(letter, Outcome(State.SENDING, "已开始发送，尚未收到服务器答复"))
    return _hand_over(server, letter.content)


def _refused_envelope(server: smtplib.SMTP, sender: str, recipient: str) -> Outcome | None:
    """Why the letter cannot be handed over, None where sender and recipient were accepted."""
    try:
        answer = server.mail(sender)
        if not _accepted(answer):
            # It is the office's account that is refused; the recipient has not been named yet.
            return Outcome(State.RETRY, f"服务器不接受发件人 {sender}：{_text(answer)}")
        answer = server.rcpt(recipient)
    except OSError as error:
        return Outcome(State.RETRY, f"发送前连接中断：{printable(str(error))}")
    return None if _accepted(answer) else _refusal(answer)


def _hand_over(server: smtplib.SMTP, content: bytes) -> Outcome:
    try:
        answer = server.docmd("DATA")
        if answer[0] != _GO_ON:
            return _refusal(answer)
        server.send(_on_the_wire(content))
    except OSError as error:
        return Outcome(State.RETRY, f"邮件未发完连接就中断：{printable(str(error))}")
    return _final_answer(server)


def _final_answer(server: smtplib.SMTP) -> Outcome:
    try:
        answer = server.getreply()
    except OSError as error:
        return _unknown(printable(str(error)))
    if _accepted(answer):
        return Outcome(State.SENT, _text(answer))
    return _refusal(answer) if answer[0] >= 400 else _unknown(_text(answer))


def _unknown(reason: str) -> Outcome:
    detail = f"邮件已发出，未收到服务器的明确答复，请先向收件人核实，不要直接重发：{reason}"
    return Outcome(State.UNCERTAIN, detail)


def _refusal(answer: Reply) -> Outcome:
    """5xx is final; 4xx, and anything else that is no acceptance, may be tried again."""
    if 500 <= answer[0] < 600:
        return Outcome(State.REFUSED, f"服务器拒收：{_text(answer)}")
    return Outcome(State.RETRY, f"服务器暂不接收：{_text(answer)}")


def _accepted(answer: Reply) -> bool:
    return 200 <= answer[0] < 300


def _text(answer: Reply) -> str:
    return f"{answer[0]} {printable(answer[1].decode('utf-8', 'replace'))}"


def _on_the_wire(content: bytes) -> bytes:
    """CRLF lines, leading periods doubled, the end marked (RFC 5321 4.5.2)."""
    lines = [b"." + line if line.startswith(b".") else line for line in content.splitlines()]
    return b"\r\n".join([*lines, b".", b""])


def _no_connection(smtp: Smtp, error: Exception) -> str:
    where, reason = f"{smtp.host}:{smtp.port}", printable(str(error))
    match error:
        case smtplib.SMTPAuthenticationError():
            return f"邮件服务器 {where} 不接受用户名或密码：{reason}"
        case smtplib.SMTPNotSupportedError():
            return f"邮件服务器 {where} 不支持所要求的加密或登录方式，请核对 smtp.security：{reason}"
    return no_connection("smtp", smtp.host, smtp.port, error)
