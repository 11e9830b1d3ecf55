"""The workbook's lists: units, money, claims, findings, returns."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from pipeline.claim_report import Claim
from pipeline.config import Config
from pipeline.finding_groups import grouped
from pipeline.findings import Severity
from pipeline.idnumber import mask
from pipeline.quarter_report import FindingLine, QuarterReport
from pipeline.report.ruled import Cell, Page

_LATE, _MISSING = "迟报", "未报"


def write_units(page: Page, report: QuarterReport, config: Config) -> None:
    """分单位: what each unit sent in and what became of it."""
    columns = [("单位", 16.0), ("读入行数", 10), *((f"计入{level}", 10) for level in config.target_levels), ("计划外", 10),
               ("重复", 10), ("退回", 10), ("被更正代替", 12), ("有效申请（件）", 12), ("申请金额（元）", 14)]
    page.title("分单位情况", f"{report.quarter.chinese}　持证人员与各类奖励申请", len(columns) - 1)
    rows: list[list[Cell]] = [
        [one.unit, one.rows_read, *one.counted.values(), one.outside, one.duplicate, one.returned, one.superseded,
         one.claims, one.claimed_amount] for one in report.units]
    below = page.table(2, columns, rows, left=[0])
    page.filtered(2, below, len(columns))
    _total(page, below, 3, rows, range(1, len(columns)))


_MONEY = (("发放单位", 16), ("奖励", 14), ("申请年度", 12), ("申请件数", 14), ("申请金额", 26), ("核准件数", 14), ("核准金额", 12),
          ("发放件数", 12), ("发放金额", 16), ("追回金额", 12), ("已核准未发放", 22), ("以后各期", 12))
_CLAIMS = (("编号", 16), ("奖励", 14), ("级别", 12), ("期次或事项", 14), ("申请人", 26), ("单位", 14), ("月份", 12), ("金额", 12),
           ("发放单位", 16), ("状态", 12), ("等待事项", 22), ("追回", 10))


def write_money(page: Page, report: QuarterReport) -> None:
    """奖励发放: money per payer, then every claim."""
    page.title("奖励申请与发放", f"{report.quarter.chinese}　单位：件、元", len(_CLAIMS) - 1)
    rows: list[list[Cell]] = [
        [one.payer, one.award, str(one.year), one.applied, one.applied_amount, one.approved, one.approved_amount,
         one.paid, one.paid_amount, one.recovered_amount, one.unpaid_amount, one.future_amount] for one in report.payers]
    below = page.table(2, _MONEY, rows, left=[0])
    _total(page, below, 3, rows, range(3, len(_MONEY)))
    top = _write_instalments(page, below + 2, report) if report.instalments else below + 2
    bottom = page.table(top, _CLAIMS, [_claim(one) for one in report.claims])
    page.sheet.autofilter(top, 0, bottom - 1, len(_CLAIMS) - 1)
    page.sheet.freeze_panes(2, 1)


_INSTALMENTS = (("前一期编号", 16), ("奖励", 14), ("到期日", 12), ("期次", 14), ("申请人", 26), ("单位", 14), ("状态", 12), ("金额", 12),
                ("发放单位", 16))


def _write_instalments(page: Page, top: int, report: QuarterReport) -> int:
    """紧缺人才 instalments still to come, with their due days; gives the row for the next list."""
    page.sheet.write_string(top, 0, "紧缺人才奖励以后各期（到期后由原单位提出申请）", page.words(bold=True))
    below = page.table(top + 1, _INSTALMENTS, [
        [one.claim, "紧缺人才", one.due.isoformat(), one.instalment, f"{one.name} {mask(one.id_number)}", one.unit, one.state,
         one.amount, one.payer or "待定"] for one in report.instalments])
    return below + 1


def _claim(one: Claim) -> list[Cell]:
    return [one.number, one.award, one.level, one.instalment or one.detail, f"{one.name} {mask(one.id_number or '')}", one.unit,
            str(one.month), one.amount, one.payer or "待定", one.state, one.waits_for or "", "应追回" if one.to_recover else ""]


_FINDINGS = (("处理", 8), ("单位", 14), ("月份", 10), ("文件", 24), ("工作表", 14), ("单元格", 16), ("规则", 8), ("说明", 70))


def write_findings(page: Page, report: QuarterReport) -> None:
    """退回与复核: the same message once, with all its cells; returned before to-review, notes counted only."""
    notes = sum(line.finding.severity is Severity.NOTE for line in report.findings)
    page.title("退回与复核", f"{report.quarter.chinese}　"
               f"另有提示 {notes} 条，见各单位回执；已有复核结论 {report.concluded} 条", len(_FINDINGS) - 1)
    below = page.table(2, _FINDINGS, _grouped(report.findings), left=[3, 5, 7])
    page.filtered(2, below, len(_FINDINGS))


def _grouped(lines: Sequence[FindingLine]) -> list[list[Cell]]:
    weighty = [line for line in lines if line.finding.severity is not Severity.NOTE]
    return [[str(one.severity), one.unit, one.month or "—", one.file, one.sheet, "、".join(one.cells) or "—", one.rule,
             one.message] for one in grouped(weighty)]


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
    columns = [("单位", 18.0), *((str(month), 24.0) for month in months), ("备注", 30)]
    below = page.table(2, columns, rows, left=[0])
    page.filtered(2, below, len(columns))


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
