"""What was written from which facts, so that an unchanged paper is not made again."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from pipeline.files import write_if_changed


class Written:
    """The memory of the papers, kept beside the ledger."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.known: dict[str, str] = json.loads(path.read_text("utf-8")) if path.is_file() else {}

    def is_stale(self, path: Path, facts: object) -> bool:
        """Whether the paper must be written, because its facts have changed or it is gone; remembers the facts."""
        key, digest = self._key(path), hashlib.sha256(repr(facts).encode("utf-8", "surrogatepass")).hexdigest()
        stale = self.known.get(key) != digest or not path.is_file()
        self.known[key] = digest
        return stale

    def forget(self, path: Path) -> None:
        """Take the paper for one that must be written."""
        self.known.pop(self._key(path), None)

    def wrote(self, path: Path) -> bool:
        """Whether a file is one that this program wrote."""
        return self._key(path) in self.known

    def keep(self) -> None:
        """Remember for the next run."""
        text = json.dumps(self.known, ensure_ascii=False, indent=0, sort_keys=True)
        write_if_changed(self.path, text.encode())

    def _key(self, path: Path) -> str:
        return path.relative_to(self.path.parent.parent).as_posix()
