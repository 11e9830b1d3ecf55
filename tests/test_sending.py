"""`send` against a real server that misbehaves: every recipient has a state, nobody gets a second copy."""

from __future__ import annotations

import socket
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from pipeline import monthly, sending
from pipeline.config import Smtp
from pipeline.ledger.opening import engine_for
from pipeline.office import Office
from pipeline.verification import verify
from tests.support.desk import CONFIG, holder
from tests.support.workbooks import office, workbook

TODAY = date(2020, 10, 8)
MEMBERS = [member.model_copy(update={"email": f"m{at}@district.example"}) for at, member in enumerate(CONFIG.leading_group[:4])]


@dataclass
class Moody:
    """Answers each recipient by its own list of replies, the last for ever; None: the line is cut after DATA."""

    moods: dict[str, list[str | None]] = field(default_factory=dict)
    asked: Counter[str] = field(default_factory=Counter)
    accepted: Counter[str] = field(default_factory=Counter)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        (recipient,) = envelope.rcpt_tos
        replies = self.moods.get(recipient, ["250 OK"])
        reply = replies[min(self.asked[recipient], len(replies) - 1)]
        self.asked[recipient] += 1
        if reply is None:
            self.accepted[recipient] += 1
            server.transport.abort()
            return "250 nobody hears this"
        self.accepted[recipient] += reply.startswith("2")
        return reply


@pytest.fixture
def server() -> Iterator[tuple[Moody, int]]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    moody = Moody()
    controller = Controller(moody, hostname="127.0.0.1", port=port)
    controller.start()
    yield moody, port
    controller.stop()


@pytest.fixture
def desk(tmp_path: Path, server: tuple[Moody, int]) -> Office:
    smtp = Smtp(host="127.0.0.1", port=server[1], security="none", sender="office@district.example", retry_seconds=[0, 0])
    made = replace(office(tmp_path), config=CONFIG.model_copy(update={"leading_group": MEMBERS, "smtp": smtp}))
    (made.inputs / "练市镇.xlsx").write_bytes(workbook("练市镇", "2020-08", {"certificates": [holder(1)]}))
    monthly.run(made, TODAY, None, False, 1, lambda *_: None)
    return made


def send(desk: Office, again: tuple[str, ...] = ()) -> tuple[bool, list[str], dict[str, str]]:
    """Whether all arrived, what was told, and each recipient's state afterwards."""
    engine, told = engine_for(desk.config.ledger.url, desk.outputs), []
    _, mails = sending.waiting(desk, engine, None, TODAY, again)
    arrived = sending.send(desk, engine, mails, TODAY, told.append)
    states = {one.letter.recipient: one.state for one in sending.waiting(desk, engine, None, TODAY)[1]}
    engine.dispose()
    return arrived, told, states


def test_what_is_put_off_is_tried_again_after_the_pauses_and_arrives_once(desk: Office, server: tuple[Moody, int]):
    server[0].moods["m1@district.example"] = ["451 later", "451 later", "250 OK"]
    arrived, told, states = send(desk)
    assert arrived
    assert server[0].asked["m1@district.example"] == 3
    assert server[0].accepted == Counter({member.email: 1 for member in MEMBERS})
    assert [line for line in told if "封待重试" in line and "0 秒后再试" in line]
    assert set(states.values()) == {"已发送"}


def test_after_the_last_pause_it_waits_for_the_next_send(desk: Office, server: tuple[Moody, int]):
    server[0].moods["m1@district.example"] = ["451 later"] * 3 + ["250 OK"]
    assert not send(desk)[0]
    arrived, _, states = send(desk)
    assert arrived
    assert server[0].accepted == Counter({member.email: 1 for member in MEMBERS})
    assert set(states.values()) == {"已发送"}


def test_who_is_refused_for_good_is_listed_and_not_tried_again(desk: Office, server: tuple[Moody, int]):
    server[0].moods["m2@district.example"] = ["554 no such person"]
    arrived, told, states = send(desk)
    assert not arrived
    assert [line for line in told if line.startswith("m2@district.example：被拒") and "no such person" in line]
    assert states["m2@district.example"] == "被拒"
    send(desk)
    assert server[0].asked["m2@district.example"] == 1


def test_a_reply_lost_after_data_is_flagged_and_never_blindly_repeated(desk: Office, server: tuple[Moody, int]):
    server[0].moods["m0@district.example"] = [None, "250 OK"]
    arrived, told, states = send(desk)
    assert not arrived
    assert [line for line in told if line.startswith("m0@district.example：待核实") and "不要直接重发" in line]
    send(desk)
    assert server[0].accepted == Counter({member.email: 1 for member in MEMBERS})
    assert states["m0@district.example"] == "待核实"


def test_it_is_sent_once_more_where_the_office_has_asked_the_recipient(desk: Office, server: tuple[Moody, int]):
    server[0].moods["m0@district.example"] = [None, "250 OK"]
    send(desk)
    arrived, _, states = send(desk, again=("m0@district.example", "m1@district.example"))
    assert arrived
    assert set(states.values()) == {"已发送"}
    assert (server[0].asked["m0@district.example"], server[0].asked["m1@district.example"]) == (2, 1)


def test_what_another_run_has_sent_while_somebody_was_asked_is_not_sent_again(desk: Office, server: tuple[Moody, int]):
    engine = engine_for(desk.config.ledger.url, desk.outputs)
    _, shown = sending.waiting(desk, engine, None, TODAY)
    assert send(desk)[0]
    assert sending.send(desk, engine, shown, TODAY, lambda _: None)
    assert server[0].accepted == Counter({member.email: 1 for member in MEMBERS})


def test_the_outbox_is_part_of_the_ledger_that_verify_replays(desk: Office, server: tuple[Moody, int]):
    server[0].moods["m2@district.example"] = ["554 no"]
    send(desk)
    assert verify(desk) == []
