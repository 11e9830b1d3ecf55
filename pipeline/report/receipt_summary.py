"""The sheet 回执: what to mend and where, what was taken and what went back; printable as proof of submission."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from openpyxl.worksheet.worksheet import Worksheet

from pipeline.claim_report import Claim
from pipeline.config import Config
from pipeline.findings import Finding, Severity
from pipeline.idnumber import masked_text
from pipeline.reading import Change, Submission
from pipeline.report.look import look
from pipeline.report.marks import address_of, mark_colours
from pipeline.report.receipt_page import ReceiptPage
from pipeline.report.safe_text import sheet_title

_SIGNATURES = f"收件单位（盖章）：{'　' * 16}经办人：{'　' * 12}填报单位核对人：{'　' * 10}"
_MOST_CHANGES = 30
_MOST_AREAS = 20
_ADDRESS = re.compile(r"([A-Z]+)(\d+)")
_TASKS = {
    Severity.RETURNED: "退回：请改正后重报",
    Severity.REVIEW: "复核：请核对，有误再改",
    Severity.NOTE: "提示：知悉即可，不用改",
}
_MARKED = {
    Severity.RETURNED: "（红色单元格，所在行暂不计入）",
    Severity.REVIEW: "（黄色单元格，所在行照常计入）",
}


@dataclass(frozen=True, slots=True)
class SheetOutcome:
    """What became of the rows of one sheet."""

    sheet: str
    read: int
    taken: int
    returned: int
    duplicate: int
    superseded: int


@dataclass(frozen=True, slots=True)
class Papers:
    """All that a receipt tells about one submission."""

    submission: Submission
    outcomes: Sequence[SheetOutcome]
    findings: Sequence[Finding]
    claims: Sequence[Claim]
    changes: Sequence[Change]


@dataclass(frozen=True, slots=True)
class _Fault:
    """The same words about cells of one sheet: said once."""

    severity: Severity
    sheet: str | None
    rule: str
    message: str
    areas: tuple[str, ...]

    @property
    def places(self) -> str:
        """Its cells, a long list cut short."""
        more = len(self.areas) - _MOST_AREAS
        return "、".join(self.areas[:_MOST_AREAS]) + (f" 等（另有 {more} 处）" if more > 0 else "") or "—"


def write_summary(page: Worksheet, papers: Papers, config: Config) -> None:
    """The whole page, what is to be done first; it leads to the other sheets of its workbook, if there are any."""
    paper, faults = ReceiptPage(page), _faults(papers.findings)
    sheets = [title for title in page.parent.sheetnames if title != page.title] if page.parent else []
    _write_head(paper, papers, faults, config)
    for severity in Severity:
        _write_faults(paper, severity, [fault for fault in faults if fault.severity is severity], sheets)
    _write_how_to_resend(paper, papers.submission, bool(sheets))
    _write_outcomes(paper, papers.outcomes)
    _write_claims(paper, papers.claims)
    _write_changes(paper, papers.changes)
    paper.gap()
    paper.line(_SIGNATURES)


def _faults(findings: Iterable[Finding]) -> list[_Fault]:
    cells: dict[tuple[Severity, str | None, str, str], list[str]] = defaultdict(list)
    for found in sorted(findings, key=lambda one: (one.sheet or "", one.row or 0)):
        here = cells[found.severity, found.sheet, found.rule, masked_text(found.message)]
        if address := address_of(found):
            here.append(address)
    return [_Fault(*said, areas=_areas(addresses)) for said, addresses in cells.items()]


def _areas(addresses: Iterable[str]) -> tuple[str, ...]:
    """Addresses with neighbours in one column drawn together: K11, K12, K13 is K11:K13."""
    runs: list[tuple[str, int, int]] = []
    parts = [_ADDRESS.fullmatch(address) for address in dict.fromkeys(addresses)]
    for column, row in sorted((part[1], int(part[2])) for part in parts if part):
        if runs and runs[-1][0] == column and runs[-1][2] == row - 1:
            runs[-1] = (column, runs[-1][1], row)
        else:
            runs.append((column, row, row))
    return tuple(f"{column}{top}" if top == last else f"{column}{top}:{column}{last}" for column, top, last in runs)


def _write_head(paper: ReceiptPage, papers: Papers, faults: Sequence[_Fault], config: Config) -> None:
    """What is to be done, then what proves that it was sent in."""
    one = papers.submission
    month = f"{one.month.year}年{one.month.month}月" if one.month else "月份不明"
    title = f"{one.unit or '单位不明'}　{month}　报表回执"
    paper.running_head(f"{title}　收件号 {one.number:06d}")
    paper.line(title, "title")
    paper.line(_verdict(one, faults), "verdict", _ground(one, faults))
    paper.gap()
    paper.form([
        [("收件号", f"{one.number:06d}", 2), ("收件日期", one.arrived_on.isoformat(), 2)],
        [("收件单位", config.office, 2), ("行数", _rows(papers.outcomes), 2)],
        [("文件", one.source, 5)],
        [("文件指纹", f"SHA-256　{one.sha256}", 5)]])


def _rows(outcomes: Sequence[SheetOutcome]) -> str:
    if not outcomes:
        return "没有取用"
    read, taken, returned = (sum(getattr(one, name) for one in outcomes) for name in ("read", "taken", "returned"))
    return f"读入 {read}，取用 {taken}，退回 {returned}"


def _ground(one: Submission, faults: Sequence[_Fault]) -> str:
    """The colour of the gravest that is to be done."""
    if one.refused:
        return mark_colours()[Severity.RETURNED]
    gravest = min((fault.severity for fault in faults), key=lambda severity: severity.weight, default=Severity.NOTE)
    return mark_colours().get(gravest, look().colours.settled_fill.removeprefix("#"))


def _verdict(one: Submission, faults: Sequence[_Fault]) -> str:
    """The page in one sentence."""
    if one.refused:
        return "整件退回，没有取用任何内容。请按下面的说明改好后重报。"
    returned, review = (sum(fault.severity is severity for fault in faults)
                        for severity in (Severity.RETURNED, Severity.REVIEW))
    tasks = [f"{number} 项要{task}" for number, task in ((returned, "改正后重报"), (review, "核对")) if number]
    return "，".join(tasks or ["没有要改正或核对的地方"]) + "。"


def _write_faults(paper: ReceiptPage, severity: Severity, faults: Sequence[_Fault], sheets: Sequence[str]) -> None:
    if not faults:
        return
    paper.gap()
    task = _TASKS[severity] + (_MARKED.get(severity, "") if sheets else "")
    paper.line(task, "heading", mark_colours().get(severity))
    columns = (("工作表", 1), ("单元格（点击前往）", 1), ("问题和改法", 3), ("规则", 1))
    rows = [(fault.sheet or "整件", fault.places, fault.message, fault.rule) for fault in faults]
    for row, fault in enumerate(faults, paper.table(columns, rows)):
        title = sheet_title(fault.sheet or "")
        if fault.areas and title in sheets:
            paper.link(row, 2, title, fault.areas[0])


def _write_outcomes(paper: ReceiptPage, outcomes: Sequence[SheetOutcome]) -> None:
    if outcomes:
        paper.gap()
        paper.line("各表取用情况（行）", "heading")
        columns = (("工作表", 1), ("读入", 1), ("取用", 1), ("退回", 1), ("重复，不另计", 1), ("已有更正", 1))
        paper.table(columns, [
            (one.sheet, one.read, one.taken, one.returned, one.duplicate, one.superseded) for one in outcomes])


def _write_claims(paper: ReceiptPage, claims: Sequence[Claim]) -> None:
    if claims:
        paper.gap()
        paper.line("申请办理情况", "heading")
        columns = (("编号", 1), ("申请人", 1), ("奖励", 1), ("办到哪一步", 2), ("金额（元）", 1))
        paper.table(columns, [
            (one.number, one.name, f"{one.award}　{one.item}", _progress(one),
             "—" if one.amount is None else one.amount) for one in claims])


def _progress(one: Claim) -> str:
    return f"{one.state}（{one.waits_for}）" if one.waits_for else one.state


def _write_changes(paper: ReceiptPage, changes: Sequence[Change]) -> None:
    if changes:
        paper.gap()
        shown = f"，列出前 {_MOST_CHANGES} 处" if len(changes) > _MOST_CHANGES else ""
        paper.line(f"规范化说明：下列写法已按右栏取用，不用改（共 {len(changes)} 处{shown}）", "heading")
        paper.table((("工作表", 1), ("单元格", 1), ("原写法", 2), ("按此取用", 2)), [
            (one.sheet, one.cell, masked_text(one.found), masked_text(one.taken)) for one in changes[:_MOST_CHANGES]])


def _write_how_to_resend(paper: ReceiptPage, one: Submission, marked: bool) -> None:
    """How to send it in again, and what this copy is; a .csv alone says by its name whose it is."""
    paper.gap()
    if not marked or one.source.lower().endswith(".csv"):
        paper.line("怎样重报：请在原文件中改正（CSV 文件名不变），连同没有问题的行一起重新报送。")
    else:
        paper.line("怎样重报：请在本文件或原文件中改正，连同没有问题的行一起重新报送；颜色、批注和本页不用删，重报时会自动去掉。")
    if marked:
        paper.line("本件是原文件的副本：图形、图片、控件、宏和指向外部的链接不保留，非 .xlsx 的只保留内容和位置；原文件已原样存档。",
                   "muted")
