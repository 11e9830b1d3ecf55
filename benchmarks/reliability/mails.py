"""`send` killed at random moments and repeated, against a real SMTP server that writes down what it accepted."""

from __future__ import annotations

import multiprocessing
import os
import random
import socket
import time
from collections import Counter
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller

from benchmarks.reliability.kills import kill_after, without_news
from benchmarks.reliability.stage import Tally, copy, done, month_of, started
from pipeline import sending
from pipeline.config import Smtp
from pipeline.ledger.opening import engine_for
from pipeline.mail.deliver import State
from pipeline.office import Office


class _Accepting:
    """Takes every letter, after a moment, and notes its Message-ID."""

    def __init__(self, log: Path) -> None:
        self.log = log

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        time.sleep(0.01)
        headers = envelope.content.split(b"\r\n\r\n")[0].decode("ascii").split("\r\n")
        name = next(line for line in headers if line.lower().startswith("message-id:")).split(":", 1)[1].strip()
        with self.log.open("a") as log:
            log.write(name + "\n")
        return "250 OK"


def _serve(log: Path, port: int) -> None:
    Controller(_Accepting(log), hostname="127.0.0.1", port=port).start()
    while True:
        time.sleep(3600)


def mails(folder: Path, times: int) -> Tally:
    """Letters that nobody has and nobody is told of are lost, second copies doubled."""
    base, today = without_news(folder / "mails", 3)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    source = base.config_source + b"\n# with a server on loopback\n"  # by which papers know another config.yaml
    desk = replace(base, config=_reachable(base, port), config_source=source)
    month_of(desk, today)
    log = folder / "accepted"
    server = multiprocessing.get_context("fork").Process(target=_serve, args=(log, port), daemon=True)
    server.start()
    _wait_for(port)
    try:
        return _tried(desk, today, log, times)
    finally:
        server.kill()


def _tried(base: Office, today: date, log: Path, times: int) -> Tally:
    job, trial, chance = partial(_send, today=today), base.inputs.parent.with_name("mails-trial"), random.Random(6)
    begun = time.perf_counter()
    if not done(job, copy(base, trial)):
        raise SystemExit("the undisturbed sending failed")
    seconds, expected = time.perf_counter() - begun, set(log.read_text(encoding="utf-8").split())
    tally = Tally("kill -9：发送邮件")
    for _ in range(times):
        log.write_text("", encoding="utf-8")
        desk = copy(base, trial)
        kill_after(started(job, desk), chance.uniform(0, seconds))
        done(job, desk)
        copies = Counter(log.read_text(encoding="utf-8").split())
        lost = expected - set(copies) - _flagged(desk, today)
        tally = tally.plus(len(lost), sum(number - 1 for number in copies.values()))
    return tally


def _send(desk: Office, today: date) -> None:
    engine = engine_for(desk.config.ledger.url, desk.outputs)
    _, waiting = sending.waiting(desk, engine, None, today)
    sending.send(desk, engine, waiting, today, lambda _: None)


def _flagged(desk: Office, today: date) -> set[str]:
    """Letters of which the office is told that it must ask the recipient."""
    engine = engine_for(desk.config.ledger.url, desk.outputs)
    _, waiting = sending.waiting(desk, engine, None, today)
    engine.dispose()
    return {one.letter.message_id for one in waiting if one.state == State.UNCERTAIN}


def _reachable(desk: Office, port: int) -> Any:
    members = [member.model_copy(update={"email": member.email.replace(".invalid", ".example")})
               for member in desk.config.leading_group]
    smtp = Smtp(host="127.0.0.1", port=port, security="none", user=None, sender="office@district.example")
    return desk.config.model_copy(update={"leading_group": members, "smtp": smtp})


def _wait_for(port: int) -> None:
    for _ in range(100):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise SystemExit(f"the mail server did not start ({os.getpid()})")
