"""Papers made in processes of their own, beside what else is done: making them is most of a run."""

from __future__ import annotations

import gc
import os
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import parent_process
from threading import Thread

_MOST_PROCESSES = 8  # a month has some dozens of papers; Windows waits for 61 at most
_WORTH_A_POOL = 3  # fewer are made sooner than a second process starts

Make = Callable[[], bytes]  # to be taken to another process: no lambda
Begin = Callable[[Make], Make]


def in_this_process(make: Make) -> Make:
    """To begin nothing: the paper is made when it is asked for."""
    return make


@contextmanager
def press() -> Iterator[Begin]:
    """What begins a paper; what that gives waits for the paper, or makes it where there are few, and raises what making it raised."""
    made = _Press()
    try:
        yield made.begin
    finally:
        made.stop()


class _Press:
    def __init__(self) -> None:
        self._few: list[_Paper] = []
        self._pool: ProcessPoolExecutor | None = None

    def begin(self, make: Make) -> Make:
        self._few.append(paper := _Paper(make))
        if len(self._few) >= _WORTH_A_POOL and self._pool is None:
            self._pool = ProcessPoolExecutor(min(os.cpu_count() or 1, _MOST_PROCESSES), initializer=_serve_the_parent_alone)
        if self._pool:
            for one in self._few:
                one.begun = self._pool.submit(one.make)
            self._few.clear()
        return paper.done

    def stop(self) -> None:
        if self._pool:
            self._pool.shutdown(cancel_futures=True)


class _Paper:
    def __init__(self, make: Make) -> None:
        self.make = make
        self.begun: Future[bytes] | None = None

    def done(self) -> bytes:
        return self.begun.result() if self.begun else self.make()


def _serve_the_parent_alone() -> None:
    """Ctrl+C is for the parent, and a parent that was killed leaves nobody behind.

    What the parent had in memory is no garbage here: to look for it there would copy all of it.
    """
    gc.freeze()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with_the_parent, daemon=True).start()


def _end_with_the_parent() -> None:
    if parent := parent_process():
        parent.join()
        os._exit(1)
