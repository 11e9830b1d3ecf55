"""What several commands share: opening the office, showing a path, ending with a message."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import typer

if TYPE_CHECKING:
    from pipeline.office import Office


def opened(config: Path, inputs: Path, outputs: Path) -> Office:
    """The office with its config.yaml; where that has mistakes, the program ends with code 2 and their lines."""
    from pipeline.config_file import ConfigError, load
    from pipeline.office import Office

    try:
        settings = load(config)
    except ConfigError as error:
        fail(str(error), code=2)
    return Office(settings, config.read_bytes(), inputs, outputs)


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
