"""What a command costs: wall time, CPU time and memory of it and all that it starts."""

from __future__ import annotations

import os
import pty
import re
import resource
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

ROOT = Path(__file__).parents[1]
_PAGE = os.sysconf("SC_PAGE_SIZE")
_BETWEEN_LOOKS = 0.02
_MB = 1 << 20
_CHINESE = re.compile(r"[\u4e00-\u9fff]")


@dataclass(frozen=True)
class Cost:
    """Seconds and megabytes; `failure` says why there are none that could be trusted."""

    wall: float
    cpu: float = 0.0
    memory_sum: float = 0.0  # of all processes at the same moment, shared pages counted in each
    memory_largest: float = 0.0  # of the largest process
    failure: str | None = None


def middle(costs: Sequence[Cost]) -> Cost:
    """The median of times and the most of memory; a failure where any run failed."""
    failures = [one for one in costs if one.failure]
    if failures:
        return failures[0]
    return Cost(
        median(one.wall for one in costs), median(one.cpu for one in costs), max(one.memory_sum for one in costs),
        max(one.memory_largest for one in costs))


def cost(command: Sequence[str], limit: float, cores: int | None = None) -> Cost:
    """Run a command and wait for it, on so many cores; one that takes longer than `limit` seconds is killed."""
    os.sync()  # what others wrote is not to be waited for here
    everywhere = os.sched_getaffinity(0)
    with tempfile.TemporaryFile() as said:
        os.sched_setaffinity(0, sorted(everywhere)[:cores])
        start = time.perf_counter()
        run = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=said, stderr=said, start_new_session=True)
        os.sched_setaffinity(0, everywhere)
        watch = _Watch(run.pid, limit)
        _, status, used = os.wait4(run.pid, 0)
        wall = time.perf_counter() - start
        run.returncode = os.waitstatus_to_exitcode(status)
        watch.stop()
        failure = f"超过 {limit:.0f} 秒" if watch.too_long else None
        if failure is None and run.returncode != 0:
            failure = f"退出码 {run.returncode}"
            said.seek(0)
            print(said.read()[-2000:].decode("utf-8", "replace"))
    return Cost(wall, used.ru_utime + used.ru_stime, watch.memory_sum / _MB, max(_peak(used), watch.largest) / _MB, failure)


def _peak(used: resource.struct_rusage) -> int:
    """The kernel's own peak; what is not above ours may be ours, taken over when the process was started."""
    ours = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return used.ru_maxrss * 1024 if used.ru_maxrss > ours else 0


class _Watch(threading.Thread):
    """Looks at the memory of a process and its descendants many times a second, and ends them when their time is up."""

    def __init__(self, process: int, limit: float) -> None:
        super().__init__(daemon=True)
        self.process, self.deadline = process, time.monotonic() + limit
        self.memory_sum = self.largest = 0
        self.too_long = False
        self._done = threading.Event()
        self.start()

    def run(self) -> None:
        """Look until told to stop."""
        while not self._done.wait(_BETWEEN_LOOKS):
            sizes = [_resident(one) for one in _family(self.process)]
            self.memory_sum = max(self.memory_sum, sum(sizes))
            self.largest = max(self.largest, *sizes, 0)
            if time.monotonic() > self.deadline and not self.too_long:
                self.too_long = True
                os.killpg(self.process, signal.SIGKILL)

    def stop(self) -> None:
        """The process has ended."""
        self._done.set()
        self.join()


def _family(process: int) -> Iterator[int]:
    """A process and all that it started, whichever thread started it."""
    yield process
    try:
        threads = list(Path(f"/proc/{process}/task").iterdir())
        children = [int(child) for thread in threads for child in (thread / "children").read_text().split()]
    except OSError:  # it has ended meanwhile
        return
    for child in children:
        yield from _family(child)


def _resident(process: int) -> int:
    try:
        return int(Path(f"/proc/{process}/statm").read_text(encoding="ascii").split()[1]) * _PAGE
    except (OSError, IndexError):
        return 0


def first_line(command: Sequence[str], limit: float) -> Cost:
    """Seconds until a command at a terminal shows its first Chinese character; it is let run to its end."""
    ours, theirs = pty.openpty()
    start = time.perf_counter()
    run = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=theirs, stderr=theirs, start_new_session=True)
    os.close(theirs)
    watch = _Watch(run.pid, limit)
    shown, seen = None, b""
    while part := _read(ours):
        seen += part
        if shown is None and _CHINESE.search(seen.decode("utf-8", "ignore")):
            shown = time.perf_counter() - start
    os.close(ours)
    code = run.wait()
    watch.stop()
    failure = None if shown is not None and code == 0 else f"退出码 {code}"
    return Cost(shown or 0.0, failure=failure)


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:  # the other end is closed
        return b""
