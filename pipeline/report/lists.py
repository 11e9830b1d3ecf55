"""The workbook's lists: units, money, claims, findings, returns."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from pipeline.config import Config
from pipeline.findings import Severity
from pipeline.idnumber import mask
from pipeline.quarter_report import FindingLine, QuarterReport
from pipeline.report.ruled import Cell, Page

_LATE, _MISSING = "迟报", "未报"


def write_units(page: Page, report: QuarterReport, config: Config) -> None:
    """分单位: what each unit sent in and what became of it."""
    headings = ["单位", "读入行数", *(f"计入{level}" for level in config.target_levels), "计划外", "重复", "退回",
                "被更正代替", "有效申请（件）", "申请金额（元）"]
    page.title("分单位情况", f"{report.quarter.chinese}　持证人员与两类奖励申请", len(headings) - 1)
    rows: list[list[Cell]] = [[one.unit, one.rows_read, *one.counted.values(), one.outside, one.duplicate, one.returned, one.superseded,
             one.claims, one.claimed_amount] for one in report.units]
    below = page.table(2, headings, rows, left=[0])
    _total(page, below, 3, rows, range(1, len(headings)))
    _finish(page, [16, *[10] * (len(headings) - 2), 14])


def write_money(page: Page, report: QuarterReport) -> None:
    """奖励发放: money per payer, then every claim."""
    headings = ["发放单位", "奖励", "申请年度", "申请件数", "申请金额", "核准件数", "核准金额", "发放件数", "发放金额", "追回金额"]
    page.title("奖励申请与发放", f"{report.quarter.chinese}　单位：件、元", 11)
    rows: list[list[Cell]] = [[one.payer, one.award, str(one.year), one.applied, one.applied_amount, one.approved, one.approved_amount,
             one.paid, one.paid_amount, one.recovered_amount] for one in report.payers]
    below = page.table(2, headings, rows, left=[0])
    _total(page, below, 3, rows, range(3, len(headings)))
    _write_claims(page, below + 2, report)
    _finish(page, [16, 14, 12, 14, 22, 12, 12, 12, 12, 12, 22, 12])


def _write_claims(page: Page, top: int, report: QuarterReport) -> None:
    headings = ["编号", "奖励", "级别", "期次", "申请人", "单位", "月份", "金额", "发放单位", "状态", "等待事项", "追回"]
    for column, heading in enumerate(headings):
        page.sheet.write_string(top, column, heading, page.head())
    middle = page.style()
    for at, one in enumerate(report.claims, top + 1):
        person = f"{one.name} {mask(one.id_number or '')}"
        values: list[Cell] = [one.number, one.award, one.level, one.instalment, person, one.unit, str(one.month), one.amount,
                              one.payer or "待定", one.state, one.waits_for or "", "应追回" if one.to_recover else ""]
        for column, value in enumerate(values):
            page.put(at, column, value, middle)


def write_findings(page: Page, report: QuarterReport) -> None:
    """退回与复核: the same message once, with all its cells; returned before to-review, notes counted only."""
    headings = ["处理", "单位", "月份", "文件", "工作表", "单元格", "规则", "说明"]
    notes = sum(line.finding.severity is Severity.NOTE for line in report.findings)
    page.title("退回与复核", f"{report.quarter.chinese}　另有提示 {notes} 条，见各单位回执", len(headings) - 1)
    page.table(2, headings, _grouped(report.findings), left=[3, 5, 7])
    _finish(page, [8, 14, 10, 24, 14, 16, 8, 70])


def _grouped(lines: Sequence[FindingLine]) -> list[list[Cell]]:
    groups: dict[tuple[str, ...], list[str]] = defaultdict(list)
    weighty = [line for line in lines if line.finding.severity is not Severity.NOTE]
    for line in sorted(weighty, key=lambda line: line.finding.severity.weight):
        found = line.finding
        key = (str(found.severity), line.unit or "单位不明", str(line.month or "—"), line.file, found.sheet or "（整件）",
               found.rule, found.message)
        groups[key].append(found.cell or "")
    return [[*key[:5], "、".join(filter(None, cells)) or "—", *key[5:]] for key, cells in groups.items()]


def write_returns(page: Page, report: QuarterReport) -> None:
    """报送情况: unit by month, and who was late or has not reported."""
    months = report.quarter.months
    by_unit: dict[str, dict[str, str]] = defaultdict(dict)
    for one in report.returns:
        when = f"（{one.first_arrived:%m-%d}）" if one.state == _LATE and one.first_arrived else ""
        again = f"，更正{one.corrections}次" if one.corrections else ""
        by_unit[one.unit][str(one.month)] = f"{one.state}{when}{again}"
    page.title("报送情况", f"{report.quarter.chinese}　截止日为次月{report.returns[0].due.day if report.returns else 5}日", 4)
    rows: list[list[Cell]] = [[unit, *(states.get(str(month)) for month in months), _remark(states)]
                              for unit, states in by_unit.items()]
    page.table(2, ["单位", *(str(month) for month in months), "备注"], rows, left=[0])
    _finish(page, [18, 24, 24, 24, 30])


def _remark(states: dict[str, str]) -> str:
    missing = sum(state.startswith(_MISSING) for state in states.values())
    late = sum(state.startswith(_LATE) for state in states.values())
    parts = [f"{label}{number}个月" for label, number in ((_MISSING, missing), (_LATE, late)) if number]
    return "，".join(parts)


def _total(page: Page, row: int, first: int, rows: Sequence[Sequence[Cell]], columns: range) -> None:
    style = page.style(bold=True, bg_color="#F2F2F2")
    for column in range(columns.start):
        page.sheet.write_string(row, column, "合计" if column == 0 else "", style)
    totals = [sum(value for value in (line[column] for line in rows) if isinstance(value, int | float))
              for column in columns]
    page.sums(row, columns, range(first, max(row, first + 1)), totals, style)


def _finish(page: Page, widths: Sequence[float]) -> None:
    for column, width in enumerate(widths):
        page.sheet.set_column(column, column, width)
    page.sheet.freeze_panes(3, 1)
    page.sheet.repeat_rows(2)
