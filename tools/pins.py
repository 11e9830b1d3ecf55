"""What requirements.txt and requirements-dev.txt pin."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

_ENTRY = re.compile(r"^(?P<requirement>[a-z0-9].*?)( \\)?\n(?P<rest>(?: +.*\n?)*)", re.MULTILINE)
_HASH = re.compile(r"^ +--hash=sha256:([0-9a-f]{64})(?: \\)?$", re.MULTILINE)
_BROUGHT_BY = re.compile(r"^ +#(?: via|  ) ([\w.-]+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Pin:
    """One distribution, the files of it that may be installed, and which others bring it along."""

    requirement: Requirement
    hashes: frozenset[str]
    brought_by: tuple[str, ...]

    @property
    def version(self) -> str:
        """The one version that is allowed."""
        return str(self.requirement.specifier).removeprefix("==")


def pins(file: Path) -> dict[str, Pin]:
    """Each pin of a file by its canonical name, in the order of the file."""
    found = [_pin(entry) for entry in _ENTRY.finditer(file.read_text(encoding="utf-8"))]
    return {canonicalize_name(pin.requirement.name): pin for pin in found}


def _pin(entry: re.Match[str]) -> Pin:
    rest = entry["rest"]
    return Pin(Requirement(entry["requirement"]), frozenset(_HASH.findall(rest)), tuple(_BROUGHT_BY.findall(rest)))
