"""The terminal: what is being done, on stderr, and options that hold for every command."""

from __future__ import annotations

import io
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

EVERYWHERE = ("--config", "--inputs", "--outputs", "--district")

Advance = Callable[[str, int, int], None]  # stage, by how much, of how much


def print_what_can_be_printed() -> None:
    """A Chinese code page has not every character that a file name may have: better a question mark than an end."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def write_json(text: str) -> None:
    """One JSON document on stdout, in UTF-8 (RFC 8259), whatever the console has."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")
    sys.stdout.write(text + "\n")


@contextmanager
def progress_bars() -> Iterator[Advance]:
    """A bar for each stage, gone when all are over; where stderr is no terminal, a line for each stage that is over."""
    if not sys.stderr.isatty():
        yield _line_for_each_stage()
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

    with Progress(TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
                  console=Console(stderr=True), transient=True) as bars:
        tasks: dict[str, TaskID] = {}

        def advance(stage: str, by: int, of: int) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(stage, total=of)
            bars.update(tasks[stage], advance=by, total=of)

        yield advance


def _line_for_each_stage() -> Advance:
    done: Counter[str] = Counter()

    def advance(stage: str, by: int, of: int) -> None:
        done[stage] += by
        if by and done[stage] == of:
            sys.stderr.write(f"{stage}：完成\n" if of == 1 else f"{stage}：{of} 个\n")

    return advance


def global_options_first(arguments: list[str]) -> list[str]:
    """--config, --inputs and --outputs hold for every command, before or behind its name."""
    first, rest = [], []
    remaining = iter(arguments)
    for argument in remaining:
        if argument in EVERYWHERE:
            first += [argument, *[value for value in [next(remaining, None)] if value is not None]]
        elif argument.split("=")[0] in EVERYWHERE:
            first.append(argument)
        else:
            rest.append(argument)
    return [*first, *rest]
