"""Workbooks are opened in child processes with a memory and a time limit.

A parser may abort the whole process, take all memory or never end, and no `except` sees it. Here
only the child dies: the file that it had open is tried once more and then returned.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import sys
import time
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import date
from functools import partial
from multiprocessing.connection import Connection, wait
from multiprocessing.context import BaseContext
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Self

from pipeline.config import Config
from pipeline.findings import Finding, Severity
from pipeline.intake.reader import read
from pipeline.reading import Reading

_ATTEMPTS = 2  # one death may be the machine's fault, two are the file's
_LOOK_FOR_PARENT_SECONDS = 1.0
_SAVE_AGAIN = "请在 Excel 或 WPS 中打开核对，另存为 .xlsx 再报"
# Forking costs milliseconds, a new interpreter half a second; only Linux forks safely.
_processes: BaseContext = multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")

# So much fits into a pipe unread: a small file can wait there, so that the child need not wait for us. Windows has less room.
_WAITS_IN_PIPE = 32 << 10 if sys.platform == "linux" else 0

File = tuple[str, bytes]
Task = tuple[int, File]


class Readers:
    """So many child processes that read workbooks; to be used as a context manager.

    Where threads are running, `processes` must not fork: a child could wait for ever for what one of them held.
    """

    def __init__(self, config: Config, today: date, workers: int, processes: BaseContext = _processes) -> None:
        self._new_child = partial(_Child, config, today, processes)
        self._children = [self._new_child() for _ in range(workers)]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for child in self._children:
            child.end()

    def read_all(self, files: Sequence[File]) -> Iterator[Reading]:
        """What each file holds, in the order of the files; a file that no child survives is refused (N00)."""
        waiting = deque(enumerate(files))
        deaths: dict[int, int] = {}
        done: dict[int, Reading] = {}
        for wanted in range(len(files)):
            while wanted not in done:
                self._hand_out(waiting)
                for child, (place, file), answer in self._answers():
                    if isinstance(answer, Reading):
                        done[place] = answer
                        continue
                    deaths[place] = deaths.get(place, 0) + 1
                    waiting.extendleft(reversed(child.tasks))
                    if deaths[place] < _ATTEMPTS:
                        waiting.appendleft((place, file))
                    else:
                        done[place] = refused(answer)
                    self._children[self._children.index(child)] = self._new_child()
            yield done.pop(wanted)

    def _hand_out(self, waiting: deque[Task]) -> None:
        for _ in range(2):
            for child in self._children:
                if waiting and child.can_take(waiting[0]):
                    child.give(waiting.popleft())

    def _answers(self) -> Iterator[tuple[_Child, Task, Reading | str]]:
        """Each child that has ended a task, well or not, with the Reading or with what went wrong."""
        busy = [child for child in self._children if child.tasks]
        soonest = min(child.due for child in busy)
        ready = wait([child.line for child in busy], max(0.0, soonest - time.monotonic()))
        for child in busy:
            if child.line in ready or child.due <= time.monotonic():
                yield child, child.tasks.popleft(), child.answer(ready=child.line in ready)


class _Child:
    """One child process and what it has to do; the first of its tasks is the one that it has open."""

    def __init__(self, config: Config, today: date, processes: BaseContext) -> None:
        self._limits = config.limits
        self.line, its_end = processes.Pipe()
        self.process: BaseProcess = processes.Process(  # type: ignore[attr-defined]  # each context has one
            target=_serve, args=(its_end, config, today), daemon=True)
        self.process.start()
        its_end.close()
        self.tasks: deque[Task] = deque()
        self.due = 0.0

    def can_take(self, task: Task) -> bool:
        """Whether it is idle, or has one task and room in its pipe for another."""
        return not self.tasks or (len(self.tasks) == 1 and len(task[1][1]) < _WAITS_IN_PIPE)

    def give(self, task: Task) -> None:
        """Set it to work; that it has died already shows in its answer."""
        if not self.tasks:
            self._begin()
        self.tasks.append(task)
        with suppress(OSError):
            self.line.send(task[1])

    def _begin(self) -> None:
        self.due = time.monotonic() + self._limits.seconds

    def answer(self, *, ready: bool) -> Reading | str:
        """What it read, or, where it died or was too slow and is ended, the reason in Chinese."""
        self._begin()
        if ready:
            try:
                return self.line.recv()  # type: ignore[no-any-return]
            except (EOFError, OSError):
                self.end()
                return f"打开这个文件时读取程序中断（文件多半已损坏，或展开后太大）；{_SAVE_AGAIN}"
        self.end()
        return f"读这个文件超过 {self._limits.seconds} 秒仍没有读完，已停止；请删去多余的内容和格式，{_SAVE_AGAIN}"

    def end(self) -> None:
        """Stop it, whatever it is doing."""
        self.process.kill()
        self.process.join()
        self.line.close()


def refused(message: str) -> Reading:
    """A file from which nothing could be taken (N00)."""
    return Reading(findings=[Finding(0, "N00", Severity.RETURNED, message)], refused=True)


def _serve(line: Connection[Reading, File], config: Config, today: date) -> None:
    """The child: read what is handed over until the parent is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent ends its children itself
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # a parser's last words may quote cells
    _limit_memory(config.limits.memory_mb)
    gc.freeze()  # what was inherited is not to be looked through, and copied, again and again
    parent = multiprocessing.parent_process()
    while parent and parent.is_alive():
        if line.poll(_LOOK_FOR_PARENT_SECONDS):
            source, content = line.recv()
            line.send(_read_one(source, content, config, today))


def _read_one(source: str, content: bytes, config: Config, today: date) -> Reading:
    try:
        return read(content, source, today, config)
    except MemoryError:
        return refused(f"读这个文件需要超过 {config.limits.memory_mb} MB 内存；请删去多余的内容和格式，{_SAVE_AGAIN}")
    except Exception as error:  # one file must not stop the others, whatever is wrong with it or with us
        return refused(f"程序没能读懂这个文件（{type(error).__name__}）；{_SAVE_AGAIN}，并告诉维护人员")


def _limit_memory(megabytes: int) -> None:
    """So much on top of what the process has; only Linux says how much that is, elsewhere the zip's gate must do."""
    sizes = Path("/proc/self/statm")
    if sizes.exists():
        import resource

        most = int(sizes.read_text(encoding="ascii").split()[0]) * resource.getpagesize() + (megabytes << 20)
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
