"""What a check gives: a mark, what was found, and what to do. The standard library alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

OLDEST, NEWEST = (3, 11), (3, 14)  # Python: tried with these and those between
FINE, TO_KNOW, STOPS = "√", "□", "×"  # all of them in GBK


@dataclass(frozen=True)
class Check:
    """One point: its mark (√ fine, □ does not stop the month, × stops it), what was found and the remedy."""

    mark: str
    found: str
    remedy: str = ""

    def line(self, title: str) -> str:
        """The point as it is shown under its title; what is longer than a line is indented."""
        lines = [f"{self.mark} {title}　{self.found}", *([f"办法：{self.remedy}"] if self.remedy else [])]
        return "\n　　".join("\n".join(lines).splitlines())


@dataclass(frozen=True)
class Desk:
    """Where the program, config.yaml and the folders are said to be, the day by the computer, and a district of a city."""

    root: Path
    config: Path
    inputs: Path
    outputs: Path
    today: date
    district: str | None = None

    @property
    def ledger(self) -> Path:
        """The ledger's folder."""
        return self.outputs / "ledger"
