"""Reading in child processes, so that a reader which dies or never ends is counted and does not end the count."""

from __future__ import annotations

import multiprocessing
import os
import resource
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from multiprocessing.connection import Connection

from pipeline.config import Config
from pipeline.intake import read
from pipeline.reading import Reading

CRASH, HANG = "crash", "hang"
_SECONDS, _MEMORY = 20.0, 3 << 30
_processes = multiprocessing.get_context("spawn")

File = tuple[str, bytes]


def read_apart(files: Sequence[File], today: date, config: Config, workers: int) -> list[Reading | str]:
    """What each file holds, or, in a word, how the reading of it ended otherwise."""
    shares = [files[start::workers] for start in range(workers)]
    with ThreadPoolExecutor(workers) as threads:
        read_shares = list(threads.map(lambda share: _read_share(share, today, config), shares))
    return [read_shares[place % workers][place // workers] for place in range(len(files))]


def _read_share(files: Sequence[File], today: date, config: Config) -> list[Reading | str]:
    outcomes: list[Reading | str] = []
    while len(outcomes) < len(files):
        line, its_end = _processes.Pipe(duplex=False)
        child = _processes.Process(target=_read, args=(its_end, files[len(outcomes) :], today, config), daemon=True)
        child.start()
        its_end.close()
        outcomes += _outcomes(line, len(files) - len(outcomes))
        child.kill()
        child.join()
    return outcomes


def _outcomes(line: Connection[Reading | str, Reading | str], expected: int) -> list[Reading | str]:
    """What a child says until it has read everything, dies or falls silent."""
    outcomes: list[Reading | str] = []
    while len(outcomes) < expected:
        try:
            outcomes.append(line.recv() if line.poll(_SECONDS) else HANG)
        except (EOFError, OSError):
            outcomes.append(CRASH)
        if outcomes[-1] in (HANG, CRASH):
            break
    return outcomes


def _read(line: Connection[Reading | str, Reading | str], files: Sequence[File], today: date, config: Config) -> None:
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # a parser's last words are long
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    for source, content in files:
        try:
            line.send(read(content, source, today, config))
        except BaseException as error:  # whatever it is, it is what we are looking for
            line.send(f"{type(error).__name__}: {error}")
