"""The notes of a release: `python -m tools.release_notes v0.3.0` prints that version's section of CHANGELOG.md."""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path

from pipeline import __version__

ROOT = Path(__file__).parents[1]


def notes(tag: str, changelog: str) -> str:
    """The text below the tag's heading; raises SystemExit where tag, version and changelog do not agree."""
    version = tag.removeprefix("v")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    if not version == __version__ == project:
        raise SystemExit(f"tag {tag}, but pipeline says {__version__} and pyproject.toml {project}")
    sections = dict(re.findall(r"^## (\S+)\n(.*?)(?=^## |\Z)", changelog, re.MULTILINE | re.DOTALL))
    if not sections.get(version, "").strip():
        raise SystemExit(f"CHANGELOG.md has no section {version}")
    return f"{sections[version].strip()}\n"


if __name__ == "__main__":
    sys.stdout.write(notes(sys.argv[1], (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")))
