"""The sheet 回执: what was taken, what went back and why, and how to mend it; printable as proof."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.config import Config
from pipeline.findings import Finding, Severity
from pipeline.idnumber import masked_text
from pipeline.quarter_report import Claim
from pipeline.reading import Change, Submission
from pipeline.report.look import look
from pipeline.report.safe_text import write_text

_WIDTHS = (16, 16, 18, 62, 10, 16)
_MOST_CHANGES = 30
_COLUMNS = len(_WIDTHS)


@dataclass(frozen=True, slots=True)
class SheetOutcome:
    """What became of the rows of one sheet."""

    sheet: str
    read: int
    taken: int
    returned: int
    duplicate: int
    superseded: int

    @property
    def rest(self) -> str:
        """What became of the rows that were not taken, in words."""
        parts = (("退回", self.returned), ("重复不计", self.duplicate), ("已被更正件代替", self.superseded))
        return "，".join(f"{label} {number} 行" for label, number in parts if number) or "无"


@dataclass(frozen=True, slots=True)
class Papers:
    """All that a receipt tells about one submission."""

    submission: Submission
    outcomes: Sequence[SheetOutcome]
    findings: Sequence[Finding]
    claims: Sequence[Claim]
    changes: Sequence[Change]


class SummaryPage:
    """The 回执 being written, from the top down."""

    def __init__(self, page: Worksheet, config: Config) -> None:
        self.page, self.config, self.row = page, config, 1
        side = Side("thin", look().colours.border.removeprefix("#"))
        self.ruled = Border(side, side, side, side)

    def write(self, papers: Papers, marked: bool) -> None:
        """The whole page; `marked` where the unit's own sheets follow with their cells marked."""
        self._title(papers.submission)
        self._outcomes(papers.outcomes)
        self._faults(papers.findings, marked)
        self._claims(papers.claims)
        self._changes(papers.changes)
        self._line("改好后：请在本文件（或原文件）中直接改正，连同没有问题的行一起，作为更正件重新报送；"
                   "颜色和批注不用删，重报时会自动去掉。", muted=True)
        if marked:
            self._line("本件由原文件复制而来，原文件中的图形和控件不保留。", muted=True)
        self._print_setup()

    def _title(self, one: Submission) -> None:
        self._line(f"{one.unit or '单位不明'}　{one.month or '月份不明'}　报表回执", title=True)
        self._line(f"收件号 {one.number:06d}　收件日期 {one.arrived_on}　{self.config.office}")
        self._line(f"文件：{one.source}")
        self._line(f"文件指纹（SHA-256）：{one.sha256}", muted=True)

    def _outcomes(self, outcomes: Sequence[SheetOutcome]) -> None:
        if not outcomes:
            self._heading("整件退回，没有取用任何内容")
            return
        self._heading("各表取用情况")
        self._table(("工作表", "读入行数", "取用行数", "其余各行"),
                    [(one.sheet, one.read, one.taken, one.rest) for one in outcomes])

    def _faults(self, findings: Sequence[Finding], marked: bool) -> None:
        self._heading("需要改正或核对的地方")
        grouped: dict[tuple[str, str, str, str], list[str]] = defaultdict(list)
        for found in sorted(findings, key=lambda one: one.severity.weight):
            grouped[str(found.severity), found.sheet or "整件", found.rule, found.message].append(found.cell or "")
        rows = [(severity, sheet, "、".join(filter(None, cells)) or "—", message, rule, _mending(severity))
                for (severity, sheet, rule, message), cells in grouped.items()]
        first = self.row + 1
        self._table(("处理", "工作表", "单元格", "说明", "规则", "要做的事"), rows)
        if marked:
            for at, ((_, sheet, _, _), cells) in enumerate(grouped.items(), first):
                self._link(at, sheet, cells[0])

    def _link(self, row: int, sheet: str, cell: str) -> None:
        """From the list to the cell itself."""
        if cell and sheet != "整件":
            target = self.page.cell(row, 3)
            target.hyperlink = Hyperlink(target.coordinate, location=f"'{sheet.replace(chr(39), chr(39) * 2)}'!{cell}")
            target.font = self._font(underline="single", color="0563C1")

    def _claims(self, claims: Sequence[Claim]) -> None:
        if claims:
            self._heading("申请办理情况")
            self._table(("编号", "奖励", "级别或期次", "申请人", "金额", "状态"), [
                (one.number, one.award, one.instalment or one.level or "", one.name, one.amount or 0, one.state)
                for one in claims])

    def _changes(self, changes: Sequence[Change]) -> None:
        if changes:
            self._heading(f"已代为规范的写法（{len(changes)} 处，不用改）")
            self._table(("工作表", "单元格", "原写法", "按此取用"), [
                (one.sheet, one.cell, masked_text(one.found), masked_text(one.taken))
                for one in changes[:_MOST_CHANGES]])

    def _heading(self, text: str) -> None:
        self.row += 1
        self._line(text, heading=True)

    def _line(self, text: str, *, title: bool = False, heading: bool = False, muted: bool = False) -> None:
        self.page.merge_cells(start_row=self.row, start_column=1, end_row=self.row, end_column=_COLUMNS)
        cell = self.page.cell(self.row, 1)
        write_text(cell, text)
        cell.alignment = Alignment(horizontal="center" if title else "left", vertical="center", wrap_text=True)
        fonts, sizes = look().fonts, look().sizes
        if title:
            cell.font = Font(name=fonts.title, size=sizes.title)
            self.page.row_dimensions[self.row].height = 36
        elif heading:
            cell.font = Font(name=fonts.header, size=sizes.header + 1, bold=True)
        else:
            cell.font = self._font(color=look().colours.muted.removeprefix("#")) if muted else self._font()
        self.row += 1

    def _table(self, headings: Sequence[str], rows: Sequence[Sequence[str | float]]) -> None:
        fill = PatternFill("solid", look().colours.header_fill.removeprefix("#"))
        for column, heading in enumerate(headings, 1):
            self._put(column, heading, Font(name=look().fonts.header, size=look().sizes.header)).fill = fill
        self.row += 1
        for values in rows:
            for column, value in enumerate(values, 1):
                self._put(column, value, self._font(), left=isinstance(value, str) and len(value) > 12)
            self._emphasise(values[0])
            self.page.row_dimensions[self.row].height = 18 * max(1, -(-len(str(values[3])) // 34))
            self.row += 1

    def _put(self, column: int, value: str | float, font: Font, *, left: bool = False):  # type: ignore[no-untyped-def]
        cell = self.page.cell(self.row, column)
        if isinstance(value, str):
            write_text(cell, value)
        else:
            cell.value = value
        cell.font, cell.border = font, self.ruled
        cell.alignment = Alignment(horizontal="left" if left else "center", vertical="center", wrap_text=True)
        return cell

    def _emphasise(self, severity: object) -> None:
        fills = {str(Severity.RETURNED): look().colours.marked_fill, str(Severity.REVIEW): look().colours.review_fill}
        if colour := fills.get(str(severity)):
            self.page.cell(self.row, 1).fill = PatternFill("solid", colour.removeprefix("#"))

    def _font(self, underline: str | None = None, color: str | None = None) -> Font:
        return Font(name=look().fonts.body, size=look().sizes.body, underline=underline, color=color)  # type: ignore[arg-type]

    def _print_setup(self) -> None:
        page = self.page
        for letter, width in zip("ABCDEF", _WIDTHS, strict=True):
            page.column_dimensions[letter].width = width
        page.page_setup.orientation, page.page_setup.paperSize = "landscape", 9
        page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
        page.sheet_properties.pageSetUpPr.fitToPage = True  # type: ignore[union-attr]
        page.oddFooter.center.text = "第&P页 共&N页"  # type: ignore[union-attr]
        page.sheet_view.showGridLines = False


def _mending(severity: str) -> str:
    return {"退回": "改正后重报", "复核": "核对，有误则改"}.get(severity, "知悉即可")
