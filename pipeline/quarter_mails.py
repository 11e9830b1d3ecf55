"""The quarter's mails on the disk, composed only where what they tell is new; so is their picture drawn."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

from pipeline.config import Config
from pipeline.files import take_away, write_atomically
from pipeline.level_trends import LevelTrend, level_trends
from pipeline.mail.chart import chart
from pipeline.mail.compose import compose, file_name
from pipeline.press import Make
from pipeline.quarter_report import QuarterReport
from pipeline.written import Written, digest_of


@dataclass
class QuarterMails:
    """One .eml for each member of the leading group, waiting for `send`; their picture is begun at once."""

    folder: Path
    report: QuarterReport
    config: Config
    memory: Written

    def __post_init__(self) -> None:
        self._path = self.folder / "进度图.png"
        self._picture = self._begun()

    def write(self, facts: str, workbook: tuple[str, bytes], earlier: Mapping[str, Sequence[str]]) -> Iterator[Path]:
        """Gives the paths; `facts` is the digest of the report, `workbook` the name and content of what is attached."""
        (name, content), picture = workbook, self._picture()
        told = digest_of([facts, name, content, picture, earlier])
        letters = cache(lambda: {one.file_name: one.content for one in compose(
            self.report, self.config, content, name, earlier, picture)})
        names = [file_name(place, member) for place, member in enumerate(self.config.leading_group, 1)]
        for letter in names:
            yield self.memory.paper(self.folder / letter, told, partial(_one_of, letters, letter))
        self._take_away_others({*names})

    def _take_away_others(self, names: Collection[str]) -> None:
        """Letters to whoever is no longer in the leading group, so that nobody sends them."""
        for path in self.folder.glob("*.eml"):
            if path.name not in names and self.memory.wrote(path):
                take_away(path)
                self.memory.forget(path)

    def _begun(self) -> Callable[[], bytes | None]:
        """The picture as it lies there, drawn anew where its figures, or somebody's hand, have changed; None without a font."""
        trends = level_trends(self.report.trend, self.config.target_levels)
        kept = self._path.read_bytes() if self._path.is_file() else None
        if not self.memory.is_stale(self._path, [trends, kept]):
            return lambda: kept
        return partial(self._drawn, trends, self.memory.begin(partial(_draw, trends)))

    def _drawn(self, trends: Sequence[LevelTrend], drawn: Make) -> bytes | None:
        if picture := drawn():
            write_atomically(self._path, picture)
            self.memory.is_stale(self._path, [trends, picture])  # to be remembered as it is now
        return picture or None


def _draw(trends: Sequence[LevelTrend]) -> bytes:
    return chart(trends) or b""


def _one_of(letters: Callable[[], Mapping[str, bytes]], name: str) -> bytes:
    return letters()[name]
