"""What the window of `watch` says of each file that came in: taken or returned, what to mend and where, its receipt."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from rich.cells import cell_len, chop_cells
from rich.console import Console
from rich.text import Text

from pipeline.finding_groups import grouped
from pipeline.findings import Finding, Severity
from pipeline.idnumber import masked_text
from pipeline.judge import DUPLICATE, RETURNED, STANDS, SUPERSEDED
from pipeline.office import statuses
from pipeline.quarter_report import FindingLine
from pipeline.reading import Submission
from pipeline.watching import Batch

_INDENT = " " * 8
_MOST_FAULTS = 12
_MOST_CELLS = 6
_MOST_KNOWN = 3
_STATUSES = {STANDS: "取用", RETURNED: "退回", DUPLICATE: "重复不另计", SUPERSEDED: "已有更正"}
_COLOURS = {Severity.RETURNED: "red", Severity.REVIEW: "yellow", Severity.NOTE: "dim"}  # beside the word, never alone


def show(batch: Batch, shown: Callable[[Path], Path], console: Console) -> None:
    """Print a batch; `shown` writes a path as a person would."""
    for one in batch.entered:
        lines = [line for line in batch.outcome.report.findings if line.finding.submission == one.number]
        findings = [line.finding for line in lines]
        heading = f"{one.source}　{one.unit or '单位不明'} {one.month or '月份不明'}　{_result(batch, one, findings)}"
        console.print(Text(heading, style="bold"), soft_wrap=True)
        for severity, text in _faults(lines):
            parts = chop_cells(text, max(console.width - cell_len(_INDENT), 20))  # rich would break at spaces alone
            console.print(Text.assemble("  ", (str(severity), _COLOURS[severity]), "　", f"\n{_INDENT}".join(parts)), soft_wrap=True)
        to_mend = any(found.severity is not Severity.NOTE for found in findings)
        if to_mend and (receipt := _receipt(one, batch.outcome.written)):
            console.print(f"  回执　{shown(receipt).as_posix()}", markup=False, soft_wrap=True)
    for line in _others(batch):
        console.print(line, markup=False, soft_wrap=True)


def _result(batch: Batch, one: Submission, findings: list[Finding]) -> str:
    sizes: dict[str, int] = defaultdict(int)
    for by_status in statuses(batch.outcome.judgement).get(one.number, {}).values():
        for status, size in by_status.items():
            sizes[status] += size
    read = sum(sizes.values())
    back = len({(found.sheet, found.row) for found in findings if found.severity is Severity.RETURNED and found.kind})
    if one.refused or 0 < read <= back:
        return "整件退回"
    rows = "，".join([f"读入 {read} 行", *(f"{word} {sizes[status]}" for status, word in _STATUSES.items() if sizes[status])])
    if back:
        return f"部分退回：{rows}"
    return f"已收：{'零报告' if one.nil_return and not read else rows}" + (
        "" if any(found.severity is Severity.REVIEW for found in findings) else "，没有要改的")


def _faults(lines: Iterable[FindingLine]) -> Iterator[tuple[Severity, str]]:
    """The same words about one sheet once, with their cells; what must be mended comes first."""
    groups = grouped(lines)
    for one in groups[:_MOST_FAULTS]:
        more = f" 等 {len(one.cells)} 处" if len(one.cells) > _MOST_CELLS else ""
        place = " ".join(filter(None, [one.sheet, "、".join(one.cells[:_MOST_CELLS])]))
        yield one.severity, f"{place}{more}　{masked_text(one.message)}（{one.rule}）"
    if len(groups) > _MOST_FAULTS:
        yield Severity.NOTE, f"另有 {len(groups) - _MOST_FAULTS} 项，见回执"


def _receipt(one: Submission, written: Iterable[Path]) -> Path | None:
    """Where its receipt was written: under its unit, under its number where the unit has a newer file or is not known."""
    own = {f"{one.unit}_{one.number:06d}", f"{one.number:06d}"}
    receipts = [path for path in written if path.parent.parent.name == "receipts"]
    of_number = next((path for path in receipts if path.stem in own), None)
    return of_number or next((path for path in receipts if (path.stem, path.parent.name) == (one.unit, str(one.month))), None)


def _others(batch: Batch) -> Iterator[str]:
    """Dropped files that brought nothing new: what was noticed about them, else that they are known."""
    noticed = {line.file: line.finding.message for line in batch.outcome.report.findings if not line.finding.submission}
    for name in batch.others:
        if name in noticed:
            yield f"{name}　{noticed[name]}"
    known = [name for name in batch.others if name not in noticed]
    if len(known) > _MOST_KNOWN:
        yield f"{len(known)} 个文件已经收过，没有变化"
    else:
        yield from (f"{name}　已经收过，没有变化" for name in known)
