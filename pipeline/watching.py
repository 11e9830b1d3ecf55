"""`watch`: each workbook that is dropped into inputs/ is taken in at once, by the ordinary monthly job.

What wakes the loop is only a hint; whether there is something to do is told by what lies there, so
that a system that reports no changes (some network shares) costs seconds, not files.
"""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pipeline import monthly
from pipeline.files import opens
from pipeline.intake import find
from pipeline.ledger.lock import LedgerBusyError
from pipeline.monthly import Outcome
from pipeline.office import Office
from pipeline.reading import Submission

_LOOK_AGAIN_MS = 3_000  # where nothing was reported
_GATHER_MS, _QUIET_MS = 3_000, 300  # what is dropped together is one run
_BETWEEN_LOOKS_SECONDS = 0.5
_LOOKS_BEFORE_A_WORD, _MOST_LOOKS = 6, 240  # a file that never comes to rest is left to the run, which says so
_RETRY_SECONDS = 1.0

Sight = Mapping[str, tuple[Path, int, int]]  # name → path, size, time of the last change
Say = Callable[[str], None]


@dataclass
class Stop:
    """Whether the window was asked to close; no Event, which a signal could catch in the middle of its own lock."""

    asked: bool = False

    def is_set(self) -> bool:
        """As watchfiles asks for it."""
        return self.asked


@dataclass(frozen=True)
class Batch:
    """One run: the files that came in by it, and the names of dropped ones from which nothing new came."""

    outcome: Outcome
    entered: list[Submission]
    others: list[str]


@contextmanager
def until_interrupted() -> Iterator[Stop]:
    """Ctrl+C lets what is being done come to its end; a second one does not wait."""
    stop = Stop()

    def ask(*_: object) -> None:
        if stop.asked:
            raise KeyboardInterrupt
        stop.asked = True

    before = signal.signal(signal.SIGINT, ask)
    try:
        yield stop
    finally:
        signal.signal(signal.SIGINT, before)


def batches(open_office: Callable[[], Office], stop: Stop, say: Say) -> Iterator[Batch]:
    """A run for whatever lies in inputs/ at first and for all that is dropped later; the office is opened anew for each.

    Raises what the monthly job raises, but waits where another run has the ledger.
    """
    inputs, seen = open_office().inputs, dict[str, tuple[Path, int, int]]()
    inputs.mkdir(parents=True, exist_ok=True)
    for _ in _hints(inputs, stop):
        sight = _at_rest(inputs, seen, stop, say)
        fresh = [name for name in sight if sight[name] != seen.get(name)]
        if stop.asked:
            return
        if fresh and (outcome := _run(open_office(), stop, say)):
            seen.update(sight)
            yield _batch(outcome, fresh)


def _hints(inputs: Path, stop: Stop) -> Iterator[None]:
    """At once, whenever something changes there, and every few seconds; until asked to stop."""
    from watchfiles import watch

    yield
    try:
        for _ in watch(inputs, watch_filter=None, debounce=_GATHER_MS, step=_QUIET_MS, stop_event=stop,
                       rust_timeout=_LOOK_AGAIN_MS, yield_on_timeout=True):
            yield
    except (OSError, RuntimeError):  # the system watches no folder (any more): the clock does
        while not stop.asked:
            time.sleep(_LOOK_AGAIN_MS / 1000)
            yield


def _at_rest(inputs: Path, seen: Sight, stop: Stop, say: Say) -> Sight:
    """What lies there as soon as nothing new changes any more and all of it can be opened."""
    before = _look(inputs)
    for look in range(_MOST_LOOKS):
        if all(before[name] == seen.get(name) for name in before):
            break
        time.sleep(_BETWEEN_LOOKS_SECONDS)
        now = _look(inputs)
        moving = [name for name in now if now[name] != seen.get(name) and (now[name] != before.get(name) or not opens(now[name][0]))]
        before = now
        if not moving or stop.asked:
            break
        if look == _LOOKS_BEFORE_A_WORD:
            say(f"还在复制或正被占用：{'、'.join(moving[:3])}，等它完成……")
    return before


def _look(inputs: Path) -> Sight:
    sight = {}
    for file in find(inputs)[0]:
        try:
            stat = file.path.stat()
        except OSError:  # gone in the meantime
            continue
        sight[file.source] = (file.path, stat.st_size, stat.st_mtime_ns)
    return sight


def _run(office: Office, stop: Stop, say: Say) -> Outcome | None:
    """The monthly job as soon as the ledger is free; None where it was not before the end."""
    waiting = False
    while not stop.asked:
        try:
            return monthly.run(office, date.today(), None, False, 1, _silent)
        except LedgerBusyError:
            if not waiting:
                say("台账正在被另一次运行使用，等它结束后接着处理……")
            waiting = True
            time.sleep(_RETRY_SECONDS)
    return None


def _batch(outcome: Outcome, fresh: list[str]) -> Batch:
    files = outcome.report.files
    new = files.accepted + files.partly + files.returned
    numbers = sorted(outcome.book.submissions)[len(outcome.book.submissions) - new:]
    entered = [outcome.book.submissions[number] for number in numbers]
    return Batch(outcome, entered, sorted({*fresh} - {one.source for one in entered}))


def _silent(*_: object) -> None:
    return None
