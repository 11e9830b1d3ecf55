"""The quarter's mails on the disk, composed only where what they tell is new; so is their picture drawn."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache, partial
from pathlib import Path

from pipeline.config import Config
from pipeline.files import write_atomically
from pipeline.ledger.store import sha256
from pipeline.level_trends import level_trends
from pipeline.mail.chart import chart
from pipeline.mail.compose import compose, file_name
from pipeline.quarter_report import QuarterReport
from pipeline.written import Written


def write_mails(
    folder: Path, report: QuarterReport, facts: str, config: Config, workbook: tuple[str, bytes],
    earlier: Mapping[str, Sequence[str]], memory: Written,
) -> Iterator[Path]:
    """One .eml for each member of the leading group, waiting for `send`; gives the paths.

    `facts` is the digest of the report, `workbook` the name and content of what is attached.
    """
    name, content = workbook
    picture = _picture(folder / "进度图.png", report, config, memory)
    told = [facts, name, sha256(content), picture and sha256(picture), earlier]
    letters = cache(lambda: {one.file_name: one.content for one in compose(report, config, content, name, earlier, picture)})
    for place, member in enumerate(config.leading_group, 1):
        letter = file_name(place, member)
        yield memory.paper(folder / letter, told, partial(_one_of, letters, letter))


def _one_of(letters: Callable[[], Mapping[str, bytes]], name: str) -> bytes:
    return letters()[name]


def _picture(path: Path, report: QuarterReport, config: Config, memory: Written) -> bytes | None:
    """The picture as it lies there, drawn anew where its figures, or somebody's hand, have changed; None without a font."""
    trends = level_trends(report.trend, config.target_levels)
    kept = path.read_bytes() if path.is_file() else None
    if not memory.is_stale(path, [trends, kept]):
        return kept
    drawn = chart(trends)
    if drawn is not None:
        write_atomically(path, drawn)
        memory.is_stale(path, [trends, drawn])  # to be remembered as it is now
    return drawn
