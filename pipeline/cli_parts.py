"""What several commands share: showing a path, ending with a message."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import typer


def shown(path: Path) -> Path:
    """A path as a person would write it from where they are."""
    try:
        relative = Path(os.path.relpath(path))
    except ValueError:  # on another drive of Windows
        return path
    return path if relative.parts[:1] == ("..",) else relative


def fail(message: str, code: int = 1) -> NoReturn:
    """End the program with a message on stderr."""
    typer.echo(message, err=True)
    raise typer.Exit(code)


def agreed(yes: bool, question: Callable[[], str]) -> bool:
    """Whether what cannot be undone may be done: somebody at the screen is asked, elsewhere the command was the answer."""
    at_a_screen = sys.stdin is not None and sys.stdin.isatty()
    return yes or not at_a_screen or typer.confirm(question())
