"""The quarter's mails on the disk; their picture is drawn only where its figures are new."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from pipeline.config import Config
from pipeline.files import write_atomically, write_if_changed
from pipeline.level_trends import level_trends
from pipeline.mail.chart import chart
from pipeline.mail.compose import compose
from pipeline.quarter_report import QuarterReport
from pipeline.written import Written


def write_mails(
    folder: Path, report: QuarterReport, config: Config, workbook: bytes, workbook_name: str,
    earlier: Mapping[str, Sequence[str]], memory: Written,
) -> Iterator[Path]:
    """One .eml for each member of the leading group, waiting for `send`; gives the paths."""
    picture = _picture(folder / "进度图.png", report, config, memory)
    for letter in compose(report, config, workbook, workbook_name, earlier, picture):
        yield write_if_changed(folder / letter.file_name, letter.content)


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
