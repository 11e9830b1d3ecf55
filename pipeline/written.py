"""What was written from which facts, so that an unchanged paper is not made again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from functools import cache
from pathlib import Path

from pipeline import __version__
from pipeline.files import TEMPLATES, write_if_changed
from pipeline.press import Begin, Make, in_this_process

Finish = Callable[[], Path]


class Written:
    """The memory of the papers, kept beside the ledger.

    All of them depend, beside their own facts, on this version, on templates/ as the office has it, and on `basis`.
    """

    def __init__(self, path: Path, basis: str = "", begin: Begin = in_this_process) -> None:
        self.path, self.begin = path, begin
        self.basis = f"{__version__} {_templates()} {basis}"
        self.known: dict[str, str] = json.loads(path.read_text("utf-8")) if path.is_file() else {}

    def paper(self, path: Path, facts: object, make: Make) -> Path:
        """The paper, made only where its facts are others or it is not as it was written; gives where it lies."""
        digest = digest_of((self.basis, facts))
        return path if self._lies_there(path, digest) else self._put(path, digest, make())

    def begun(self, path: Path, facts: object, make: Make) -> Finish:
        """As `paper`, beside what else is done; what is given finishes it."""
        digest = digest_of((self.basis, facts))
        if self._lies_there(path, digest):
            return lambda: path
        content = self.begin(make)
        return lambda: self._put(path, digest, content())

    def _lies_there(self, path: Path, digest: str) -> bool:
        return path.is_file() and self.known.get(self._key(path)) == f"{digest} {_digest(path.read_bytes())}"

    def _put(self, path: Path, digest: str, content: bytes) -> Path:
        written = write_if_changed(path, content)
        if written == path:
            self.known[self._key(path)] = f"{digest} {_digest(content)}"
        return written

    def is_stale(self, path: Path, facts: object) -> bool:
        """Whether the paper must be written, because its facts have changed or it is gone; remembers the facts."""
        key, digest = self._key(path), digest_of(facts)
        stale = self.known.get(key) != digest or not path.is_file()
        self.known[key] = digest
        return stale

    def wrote(self, path: Path) -> bool:
        """Whether a file is one that this program wrote."""
        return self._key(path) in self.known

    def forget(self, path: Path) -> None:
        """Take a paper for one that must be written; of one that was removed nothing stays, for its name may tell of a person."""
        self.known.pop(self._key(path), None)

    def keep(self) -> None:
        """Remember for the next run."""
        text = json.dumps(self.known, ensure_ascii=False, indent=0, sort_keys=True)
        write_if_changed(self.path, text.encode())

    def _key(self, path: Path) -> str:
        return path.relative_to(self.path.parent.parent).as_posix()


def digest_of(facts: object) -> str:
    """What can be handed over in place of large facts on which several papers depend, so that they are gone through once."""
    return _digest(repr(facts).encode("utf-8", "surrogatepass"))


@cache
def _templates() -> str:
    """The digest of templates/, without what Word puts there (and locks) while one is being changed."""
    files = [path for path in sorted(TEMPLATES.iterdir()) if path.is_file() and not path.name.startswith("~$")]
    return _digest(b"".join(path.name.encode() + path.read_bytes() for path in files))


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
