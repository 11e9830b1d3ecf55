"""The terminal: bars on stderr, and options that hold for every command."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

EVERYWHERE = ("--config", "--inputs", "--outputs", "--district")


@contextmanager
def progress_bars() -> Iterator[Callable[[str, int, int], None]]:
    """Bars on stderr, one for each stage."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn

    with Progress(TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(),
                  console=Console(stderr=True), disable=not sys.stderr.isatty()) as bars:
        tasks: dict[str, TaskID] = {}

        def advance(stage: str, by: int, of: int) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(stage, total=of)
            bars.update(tasks[stage], advance=by, total=of)

        yield advance


def shown(path: Path) -> Path:
    """A path as a person would write it from where they are."""
    relative = Path(os.path.relpath(path))
    return path if relative.parts[:1] == ("..",) else relative


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
