"""What the terminal says at the end of a run, in Chinese, within 80 columns."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from rich.console import Console
from rich.table import Table

from pipeline.findings import Severity
from pipeline.quarter_report import QuarterReport

_ADVICE_REVIEWS = "把 reviews/ 里的审核表发给各审核单位，填好后放回 inputs/ 再运行一次"
_ADVICE_RECEIPTS = "把 receipts/ 里的回执发回各单位，改好后放回 inputs/ 再运行一次"
_ADVICE_SEND = "看过 {folder} 里的进度表和邮件后，运行 python run.py send 发给领导小组"


def show(report: QuarterReport, written: list[Path], console: Console) -> None:
    """Print what was taken, returned, repeated and missing, what was written and what to do next."""
    console.print(f"\n[bold]{report.quarter.chinese}[/bold]　{report.today:%Y年%m月%d日}运行"
                  + (f"　截至{report.as_of:%Y年%m月%d日}的台账" if report.as_of else ""))
    if report.closed_on:
        console.print(f"该季度已于{report.closed_on:%Y年%m月%d日}封存：进度表和邮件不再改写，以后的变动见下一季度的“变动说明”。")
    console.print(_files(report))
    console.print(_figures(report))
    console.print(_findings(report))
    _tell_missing(report, console)
    _tell_written(written, report.closed_on is not None, console)


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left", min_width=60)
    for at, column in enumerate(columns):
        table.add_column(column, justify="left" if at == 0 else "right")
    return table


def _files(report: QuarterReport) -> Table:
    files = report.files
    table = _table("本次收件", "共", "未变", "接收", "部分退回", "整件退回")
    table.add_row(*map(str, (files.read, files.unchanged, files.accepted, files.partly, files.returned)))
    return table


def _figures(report: QuarterReport) -> Table:
    table = _table("培育进度", "培育范围", "计划", "实际", "现有")
    for line in report.sectors:
        table.add_row(line.sector, str(line.target), str(line.actual), str(line.existing_actual))
    existing = sum(line.existing_actual for line in report.sectors)
    table.add_row("合计", str(report.total.target), str(report.total.actual), str(existing), style="bold")
    return table


def _findings(report: QuarterReport) -> Table:
    certificates = report.reconciliation["certificates"]
    weights = Counter(line.finding.severity for line in report.findings)
    states = Counter(claim.state for claim in report.claims)
    table = _table("核对结果", "项目", "数量")
    table.add_row("持证人员：读入", str(certificates.read))
    for label, number in (("计入", certificates.counted), ("计划外", certificates.outside),
                          ("重复", certificates.duplicate), ("退回", certificates.returned),
                          ("被更正代替", certificates.superseded)):
        table.add_row(f"　　{label}", str(number))
    for severity in Severity:
        table.add_row(f"问题：{severity}", str(weights[severity]))
    for state, number in sorted(states.items()):
        table.add_row(f"申请：{state}", str(number))
    return table


def _tell_missing(report: QuarterReport, console: Console) -> None:
    for month in sorted({line.month for line in report.missing}):
        units = "、".join(line.unit for line in report.missing if line.month == month)
        console.print(f"{month} 未报（{units.count('、') + 1} 个）：{units}", soft_wrap=True)


def _tell_written(written: list[Path], frozen: bool, console: Console) -> None:
    if not written:
        console.print("本次没有写出文件。")
        return
    console.print(f"写出 {len(written)} 个文件，第一个：{written[0].as_posix()}", soft_wrap=True)
    steps = [] if frozen else [_ADVICE_SEND.format(folder=written[0].parent.as_posix())]
    if any("reviews" in path.parts for path in written):
        steps.insert(0, _ADVICE_REVIEWS)
    if any("receipts" in path.parts and path.stem != "收件清单" for path in written):
        steps.insert(0, _ADVICE_RECEIPTS)
    console.print("下一步：")
    for number, step in enumerate(steps, 1):
        console.print(f"  {number}. {step}", soft_wrap=True)
