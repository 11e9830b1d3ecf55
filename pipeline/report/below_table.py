"""What stands below 附件2: other levels and sectors, persons, the plan's goals, the reconciliation, signatures."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from xlsxwriter.utility import xl_rowcol_to_cell

from pipeline.calendar import chinese_date
from pipeline.config import Config
from pipeline.quarter_report import QuarterReport
from pipeline.report.ruled import Page
from pipeline.sheets import BY_KEY

_RECONCILED = ("读入行数", "计入", "计划外", "重复", "退回", "被更正代替", "勾稽")


def below_the_table(page: Page, row: int, last: int, report: QuarterReport, config: Config) -> None:
    """The lines below 合计, down to the signatures."""
    line = page.words(font_size=10)
    for text in _lines(report, config):
        page.sheet.merge_range(row, 0, row, last, text, line)
        row += 1
    row = _reconciliation(page, row + 1, report)
    signs = page.words(font_size=11)
    page.sheet.set_row(row + 1, 26)
    page.sheet.merge_range(row + 1, 0, row + 1, last, f"编制：　　　　　　　　　　审核：　　　　　　　　　　签发：　　　　　　　　　　"
                           f"{config.office}　{chinese_date(report.today)}", signs)


def _lines(report: QuarterReport, config: Config) -> list[str]:
    total = report.total
    outside = "、".join(f"{name} {number} 人次" for name, number in report.outside.items())
    examined = total.actual - total.introduced
    return [
        f"合计之外另有：{outside}。",
        f"计入 {total.actual} 人次，去重人数 {total.persons} 人；其中考试取得 {examined} 人次、引进 {total.introduced} 人次，"
        f"已注册 {total.registered} 人次。",
        _goals(report, config),
        "说明：“计划”为附件2原数，“—”表示计划未定数；“实际”按发证日期（引进按引进日期）归年，同一人同一级别只计一次；"
        "备注为“建议数量”的行不作考核。",
    ]


def _goals(report: QuarterReport, config: Config) -> str:
    """T01, T02: the goals of 一、总体目标."""
    targets = config.targets_on(report.quarter.last_day).total.by_level
    parts = [f"总目标 {report.total.target} 人以上，实际 {report.total.actual} 人次"]
    for level in config.target_levels:
        actual = sum(cell.actual for cell in report.cells if cell.level == level)
        parts.append(f"{level} {sum(targets.get(level, {}).values())} 人以上，实际 {actual} 人次")
    return f"到{max(config.years)}年底：{'；'.join(parts)}。{_reached(report, config, targets)}"


def _reached(report: QuarterReport, config: Config, targets: Mapping[str, Mapping[int, int]]) -> str:
    """Whether the goals are reached, once their day has come."""
    if min(report.quarter.last_day, report.today) < date(max(config.years), 12, 31):
        return "期限未到。"
    levels = [sum(cell.actual for cell in report.cells if cell.level == level) >= sum(targets.get(level, {}).values())
              for level in config.target_levels]
    return "期限已到，均已达到。" if all([report.total.actual >= report.total.target, *levels]) else "期限已到，尚未全部达到。"


def _reconciliation(page: Page, top: int, report: QuarterReport) -> int:
    """A row for each kind of sheet that has rows, checked by a live formula."""
    head, cell = page.head(font_size=9), page.style(font_size=9)
    page.sheet.merge_range(top, 0, top, 1, "数据勾稽", head)
    spans = [(2 + 2 * at, 3 + 2 * at) for at in range(len(_RECONCILED))]
    for (left, right), label in zip(spans, _RECONCILED, strict=True):
        page.sheet.merge_range(top, left, top, right, label, head)
    row = top
    for kind, one in report.reconciliation.items():
        if not one.read:
            continue
        row += 1
        page.sheet.merge_range(row, 0, row, 1, BY_KEY[kind].label, cell)
        numbers = (one.read, one.counted, one.outside, one.duplicate, one.returned, one.superseded)
        for (left, right), number in zip(spans, numbers, strict=False):
            page.sheet.merge_range(row, left, row, right, number, cell)
        at = [xl_rowcol_to_cell(row, left) for left, _ in spans]
        page.sheet.merge_range(row, *(spans[-1][0], row, spans[-1][1]), "", cell)
        page.sheet.write_formula(row, spans[-1][0], f'=IF({at[0]}=SUM({",".join(at[1:-1])}),"相符","不符")', cell, "相符")
    return row + 1
