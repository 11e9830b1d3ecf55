"""What the terminal says at the end of a run: in Chinese, on one screen of 80 columns and 24 lines.

Without lines and boxes: a Chinese console draws them twice as wide as they are counted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from pipeline.calendar import chinese_day
from pipeline.claim_report import STATES
from pipeline.findings import Severity
from pipeline.quarter_report import FindingLine, QuarterReport

_INDENT = "　" * 5
_MOST_UNITS = 2
_MOST_NOTICES = 3
_IN_A_LINE = 5


def show(report: QuarterReport, written: list[Path], console: Console) -> None:
    """Print what was taken, returned, repeated and missing, what was written and what to do next."""
    console.print(f"[bold]{report.quarter.chinese}[/bold]　{chinese_day(report.today)}运行"
                  + (f"　截至{chinese_day(report.as_of)}的台账" if report.as_of else ""))
    if report.closed_on:
        console.print(f"该季度已于{chinese_day(report.closed_on)}封存：进度表和邮件不再改写，以后的变动见下一季度的“变动说明”。")
    _tell_files(report, console)
    console.print(_figures(report), "")
    _tell_checks(report, console)
    _tell_missing(report, console)
    console.print()
    _tell_written(written, report, console)


def _tell_files(report: QuarterReport, console: Console) -> None:
    files = report.files
    console.print(f"本次收件　共 {files.read} 份：接收 {files.accepted}，部分退回 {files.partly}，整件退回 {files.returned}，"
                  f"未变 {files.unchanged}")
    noticed = [*_refused(report), *(line for line in report.findings if not line.finding.submission)]
    not_taken = [line for line in noticed if line.finding.severity is Severity.RETURNED]
    if console.is_terminal and len(not_taken) > 1:
        names = "、".join(line.file for line in not_taken)
        _print_line(f"{_INDENT}没有收的 {len(not_taken)} 个（原因见“问题清单”）：{names}", console)
        noticed = [line for line in noticed if line not in not_taken]
    for line in noticed[:_MOST_NOTICES]:
        _print_line(f"{_INDENT}{line.file}：{line.finding.message}", console)
    if len(noticed) > _MOST_NOTICES:
        console.print(f"{_INDENT}另有 {len(noticed) - _MOST_NOTICES} 条，见进度表的“问题清单”")


def _refused(report: QuarterReport) -> list[FindingLine]:
    """This run's files that could not be taken at all: nobody finds them under their unit."""
    newest = max((one.run for one in report.submissions), default=0)
    came = {one.number for one in report.submissions if one.refused and one.run == newest}
    return [line for line in report.findings if line.finding.submission in came] if report.files.returned else []


def _print_line(line: str, console: Console) -> None:
    """One line of a screen; all of it where there is no screen."""
    if console.is_terminal:
        console.print(line, markup=False, no_wrap=True, overflow="ellipsis")
    else:
        console.print(line, markup=False, soft_wrap=True)


def _figures(report: QuarterReport) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 3, 0, 0))
    for at, label in enumerate(("培育范围", "计划", "实际", "现有")):
        table.add_column(label, justify="right" if at else "left", min_width=6)
    for line in report.sectors:
        table.add_row(line.sector, str(line.target), str(line.actual), str(line.existing_actual))
    existing = sum(line.existing_actual for line in report.sectors)
    table.add_row("合计", str(report.total.target), str(report.total.actual), str(existing), style="bold")
    return table


def _tell_checks(report: QuarterReport, console: Console) -> None:
    rows = report.reconciliation["certificates"]
    console.print(f"持证人员　读入 {rows.read} 行 ＝ 计入 {rows.counted} ＋ 计划外 {rows.outside} ＋ 重复 {rows.duplicate}"
                  f" ＋ 退回 {rows.returned} ＋ 已更正 {rows.superseded}")
    weights = Counter(line.finding.severity for line in report.findings)
    _tell_counted("发现问题　", [(str(severity), weights[severity]) for severity in Severity], console)
    states = Counter(claim.state for claim in report.claims)
    _tell_counted("奖励申请　", [(state, states[state]) for state in STATES if states[state]], console)


def _tell_counted(what: str, sizes: Sequence[tuple[str, int]], console: Console) -> None:
    """Lines that no console breaks."""
    for first in range(0, len(sizes), _IN_A_LINE):
        told = "，".join(f"{label} {size}" for label, size in sizes[first : first + _IN_A_LINE])
        console.print(f"{_INDENT if first else what}{told}")


def _tell_missing(report: QuarterReport, console: Console) -> None:
    """Each month in one line of the screen; all names where there is no screen, and in 报送情况."""
    for place, month in enumerate(sorted({line.month for line in report.missing})):
        units = [line.unit for line in report.missing if line.month == month]
        _print_line(f"{_INDENT if place else '未报单位　'}{month} {len(units)} 个：{'、'.join(units)}", console)


def _tell_written(written: list[Path], report: QuarterReport, console: Console) -> None:
    if not written:
        console.print("本次没有写出文件。")
        return
    console.print(f"写出文件　{len(written)} 个，先看 {written[0].as_posix()}", soft_wrap=True)
    if report.as_of:
        return
    for number, step in enumerate(_steps(written, report), 1):
        console.print(f"{_INDENT if number > 1 else '下一步　　'}{number}. {step}", soft_wrap=True)


def _steps(written: list[Path], report: QuarterReport) -> Iterable[str]:
    if not report.submissions and not report.files.read:
        yield "把各单位交来的工作簿放进 inputs/，再运行一次 python run.py"
        return
    receipts = [path for path in written if "receipts" in path.parts and path.stem != "收件清单"]
    if receipts:
        yield f"把 receipts/ 里的回执发回{_units(receipts)}"
    reviews = [path for path in written if "reviews" in path.parts and not path.stem.startswith("复核结论")]
    if reviews:
        yield f"把 reviews/ 里的审核表发给{_units(reviews)}"
    if receipts or reviews:
        yield "改好、填好的放回 inputs/，再运行一次 python run.py"
    if not report.closed_on and report.today > report.quarter.last_day:
        yield "季度已结束：看过进度表，运行 python run.py send 发给领导小组"


def _units(papers: list[Path]) -> str:
    """The first units that papers are for; a paper of nobody known has a number in the place of the unit."""
    units = list(dict.fromkeys("单位不明者" if path.stem.isdigit() else path.stem.split("_")[0] for path in papers))
    named = "、".join(units[:_MOST_UNITS])
    return f"{named}等 {len(units)} 个单位" if len(units) > _MOST_UNITS else named
