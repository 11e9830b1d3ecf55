"""Delivery against real SMTP servers on the loopback: well-behaved ones, refusing ones, ones that hang up."""

import socket
import ssl
from collections import Counter
from collections.abc import Callable, Iterator
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP as Server
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword, Session

from pipeline.config import Config, Smtp
from pipeline.mail.compose import compose
from pipeline.mail.deliver import Outcome, Outgoing, State, deliver
from pipeline.quarter_report import QuarterReport
from tests.support.certificates import write_certificate

OK = "250 OK"


class PostOffice:
    """Keeps what it accepts; answers per recipient, and hangs up where the answer is None."""

    def __init__(self, rcpt: dict[str, str] | None = None, data: dict[str, str | None] | None = None) -> None:
        self.rcpt, self.data = rcpt or {}, data or {}
        self.accepted: list[tuple[str, bytes]] = []
        self.connections = 0

    async def handle_EHLO(
        self, server: Server, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_RCPT(
        self, server: Server, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = self.rcpt.get(address, OK)
        if answer == OK:
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: Server, session: Session, envelope: Envelope) -> str:
        [recipient] = envelope.rcpt_tos
        answer = self.data.get(recipient, OK)
        if answer is None:
            assert server.transport is not None
            server.transport.abort()
            return "421 gone"
        if answer == OK:
            assert isinstance(envelope.content, bytes)
            self.accepted.append((recipient, envelope.content))
        return answer


class HangsUpAtData(Server):
    """Closes the line when DATA is announced, before any of it was sent."""

    async def smtp_DATA(self, arg: str) -> None:
        assert self.transport is not None
        self.transport.abort()


class HangsUpMidway(Server):
    """Asks for the letter and closes the line while it is coming in."""

    async def smtp_DATA(self, arg: str) -> None:
        assert self.transport is not None
        await self.push("354 go on")
        self.transport.abort()


class Opened(Controller):
    """A controller whose server class can be chosen."""

    def __init__(self, handler: PostOffice, server: type[Server], options: dict[str, Any]) -> None:
        self.server_class = server
        super().__init__(handler, hostname="127.0.0.1", port=free_port(), **options)

    def factory(self) -> Server:
        return self.server_class(self.handler, **self.SMTP_kwargs)


Open = Callable[..., Smtp]


@pytest.fixture
def open_office() -> Iterator[Open]:
    """Opens servers; gives the settings to reach them and closes them after the test."""
    running: list[Controller] = []

    def start(office: PostOffice, server: type[Server] = Server, security: str = "none", **options: Any) -> Smtp:
        controller = Opened(office, server, options)
        controller.start()
        running.append(controller)
        host = "localhost" if security != "none" else "127.0.0.1"
        return settings(controller.port, host=host, security=security)

    yield start
    for controller in running:
        controller.stop()


def settings(port: int, **more: Any) -> Smtp:
    values = {"host": "127.0.0.1", "security": "none", "sender": "office@nanxun.example"}
    return Smtp.model_validate(values | {"port": port} | more)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def letter(name: str, content: bytes = b"Subject: hello\r\n\r\nbody\r\n") -> Outgoing:
    return Outgoing(f"{name}@nanxun.example", f"<{name}@nanxun.example>", content)


class Diary:
    """Every outcome in the order in which it was recorded."""

    def __init__(self) -> None:
        self.entries: list[tuple[str, Outcome]] = []

    def __call__(self, outgoing: Outgoing, outcome: Outcome) -> None:
        self.entries.append((outgoing.recipient, outcome))

    @property
    def last(self) -> dict[str, State]:
        return {recipient.partition("@")[0]: outcome.state for recipient, outcome in self.entries}

    @property
    def details(self) -> dict[str, str]:
        return {recipient.partition("@")[0]: outcome.detail for recipient, outcome in self.entries}


def delivered(letters: list[Outgoing], smtp: Smtp, password: str | None = None) -> Diary:
    diary = Diary()
    deliver(letters, smtp, password, diary)
    return diary


def test_each_member_receives_the_letter_as_composed(report: QuarterReport, config: Config, open_office: Open) -> None:
    office = PostOffice()
    letters = [
        Outgoing(made.recipient, made.message_id, made.content)
        for made in compose(report, config, b"workbook", "季度进度表_2020Q3.xlsx", {})
    ]
    diary = delivered(letters, open_office(office))
    assert set(diary.last.values()) == {State.SENT}
    assert office.accepted == [(sent.recipient, sent.content) for sent in letters]
    received = [message_from_bytes(content, policy=default) for _, content in office.accepted]
    assert [message["Message-ID"] for message in received] == [sent.message_id for sent in letters]
    assert all("2020年第三季度" in message["Subject"] for message in received)
    assert office.connections == 1


def test_a_refused_recipient_does_not_stop_the_others(open_office: Open) -> None:
    office = PostOffice(rcpt={"gone@nanxun.example": "550 no such user", "full@nanxun.example": "451 try later"})
    diary = delivered([letter("first"), letter("gone"), letter("full"), letter("last")], open_office(office))
    assert diary.last == {"first": State.SENT, "gone": State.REFUSED, "full": State.RETRY, "last": State.SENT}
    assert [recipient for recipient, _ in office.accepted] == ["first@nanxun.example", "last@nanxun.example"]
    assert "550 no such user" in diary.details["gone"]
    assert "451 try later" in diary.details["full"]


def test_a_refusal_after_data_is_told_apart_in_the_same_way(open_office: Open) -> None:
    office = PostOffice(data={"a@nanxun.example": "554 looks like spam", "b@nanxun.example": "452 no space"})
    diary = delivered([letter("a"), letter("b"), letter("c")], open_office(office))
    assert diary.last == {"a": State.REFUSED, "b": State.RETRY, "c": State.SENT}


def test_a_line_lost_after_data_leaves_the_letter_uncertain_and_the_others_go_on(open_office: Open) -> None:
    office = PostOffice(data={"lost@nanxun.example": None})
    diary = delivered([letter("lost"), letter("next")], open_office(office))
    assert diary.last == {"lost": State.UNCERTAIN, "next": State.SENT}
    assert "不要直接重发" in diary.details["lost"]
    assert office.connections == 2


@pytest.mark.parametrize("server", [HangsUpAtData, HangsUpMidway])
def test_a_line_lost_before_the_whole_letter_was_sent_may_be_tried_again(
    open_office: Open, server: type[Server]
) -> None:
    office, more_than_any_buffer_holds = PostOffice(), b"Subject: x\r\n\r\n" + (b"x" * 900 + b"\r\n") * 30_000
    diary = delivered([letter("a", more_than_any_buffer_holds)], open_office(office, server))
    assert diary.last == {"a": State.RETRY}
    assert office.accepted == []


def test_what_was_put_off_arrives_once_on_the_second_run(open_office: Open) -> None:
    office = PostOffice(rcpt={"b@nanxun.example": "451 try later"})
    smtp, letters = open_office(office), [letter("a"), letter("b"), letter("c")]
    first = delivered(letters, smtp)
    office.rcpt.clear()
    put_off = [waiting for waiting in letters if first.last[waiting.recipient[0]] == State.RETRY]
    assert delivered(put_off, smtp).last == {"b": State.SENT}
    assert Counter(recipient[0] for recipient, _ in office.accepted) == {"a": 1, "b": 1, "c": 1}


def test_sending_is_recorded_before_the_letter_leaves_and_the_outcome_at_once(open_office: Open) -> None:
    office, seen = PostOffice(), []

    def record(outgoing: Outgoing, outcome: Outcome) -> None:
        seen.append((outgoing.recipient[0], outcome.state, len(office.accepted)))

    deliver([letter("a"), letter("b")], open_office(office), None, record)
    assert seen == [("a", State.SENDING, 0), ("a", State.SENT, 1), ("b", State.SENDING, 1), ("b", State.SENT, 2)]


def test_a_letter_whose_sending_cannot_be_recorded_does_not_leave(open_office: Open) -> None:
    office = PostOffice()

    def full_disk(outgoing: Outgoing, outcome: Outcome) -> None:
        raise OSError("No space left on device")

    with pytest.raises(OSError, match="No space left"):
        deliver([letter("a"), letter("b")], open_office(office), None, full_disk)
    assert office.accepted == []


def test_an_unreachable_server_puts_everything_off() -> None:
    diary = delivered([letter("a"), letter("b")], settings(free_port()))
    assert diary.last == {"a": State.RETRY, "b": State.RETRY}
    assert diary.details["a"].startswith("连不上邮件服务器 127.0.0.1:")


@pytest.mark.parametrize(
    "content",
    [b"Subject: x\r\n\r\n.\r\n..\r\n.hidden\r\n", b"Subject: x\n\n.edited by hand\n", b"Subject: x\r\n\r\nno line end"],
)
def test_periods_and_line_ends_cannot_end_the_letter_early(open_office: Open, content: bytes) -> None:
    office = PostOffice()
    delivered([letter("a", content)], open_office(office))
    assert office.accepted == [("a@nanxun.example", b"\r\n".join(content.splitlines()) + b"\r\n")]


def test_control_characters_in_an_answer_do_not_reach_the_screen(open_office: Open) -> None:
    office = PostOffice(rcpt={"a@nanxun.example": "550 \x1b[31mred\x07"})
    diary = delivered([letter("a")], open_office(office))
    assert diary.details["a"].isprintable()


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
def test_a_wrong_password_puts_everything_off_after_one_attempt(open_office: Open) -> None:
    office = PostOffice()
    smtp = open_office(office, authenticator=only("right"), auth_require_tls=False, auth_required=True)
    account = smtp.model_copy(update={"user": "office"})
    diary = delivered([letter("a"), letter("b")], account, "wrong")
    assert diary.last == {"a": State.RETRY, "b": State.RETRY}
    assert "不接受用户名或密码" in diary.details["a"]
    assert office.connections == 1
    assert delivered([letter("a")], account, "right").last == {"a": State.SENT}


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
def test_a_missing_password_is_the_offices_fault_and_no_recipients(open_office: Open) -> None:
    smtp = open_office(PostOffice(), authenticator=only("right"), auth_require_tls=False, auth_required=True)
    diary = delivered([letter("a")], smtp.model_copy(update={"user": "office"}))
    assert diary.last == {"a": State.RETRY}
    assert "530" in diary.details["a"]


def only(secret: str) -> Callable[..., AuthResult]:
    def authenticate(server: Server, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
        assert isinstance(data, LoginPassword)
        return AuthResult(success=data.password == secret.encode(), handled=False)

    return authenticate


@pytest.mark.parametrize(("security", "option"), [("tls", "ssl_context"), ("starttls", "tls_context")])
def test_an_unknown_certificate_is_not_trusted(open_office: Open, tmp_path: Path, security: str, option: str) -> None:
    office = PostOffice()
    smtp = open_office(office, security=security, **{option: self_signed(tmp_path)})
    diary = delivered([letter("a"), letter("b")], smtp)
    assert diary.last == {"a": State.RETRY, "b": State.RETRY}
    assert "证书未通过验证，没有发送" in diary.details["a"]
    assert office.accepted == []


@pytest.mark.parametrize(("security", "option"), [("tls", "ssl_context"), ("starttls", "tls_context")])
def test_a_trusted_certificate_carries_the_letter(
    open_office: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, security: str, option: str
) -> None:
    office = PostOffice()
    smtp = open_office(office, security=security, **{option: self_signed(tmp_path)})
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "certificate.pem"))
    assert delivered([letter("a")], smtp).last == {"a": State.SENT}
    assert len(office.accepted) == 1


def test_a_server_without_encryption_is_not_used_where_encryption_is_asked_for(open_office: Open) -> None:
    office = PostOffice()
    diary = delivered([letter("a")], open_office(office, security="starttls"))
    assert diary.last == {"a": State.RETRY}
    assert "smtp.security" in diary.details["a"]
    assert office.accepted == []


def self_signed(folder: Path) -> ssl.SSLContext:
    """A server's context with a fresh certificate for localhost that nobody has signed."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*write_certificate(folder))
    return context
