"""What stands below 附件2: other levels and sectors, persons, the plan's goals, whether the rows add up, signatures."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from pipeline.calendar import chinese_day
from pipeline.config import Config
from pipeline.quarter_report import QuarterReport
from pipeline.report.reconciliation_page import AGREES, checked
from pipeline.report.ruled import Page

_SIGN_ROW, _ROOM = 48, "　" * 14  # a row to sign in, in points


def below_the_table(page: Page, row: int, report: QuarterReport, config: Config) -> None:
    """The lines below 合计, down to the signatures."""
    for text in _lines(report, config):
        row = page.paragraph(row, text, font_size=page.sizes.note)
    row = _reconciled(page, row, report)
    to_be_signed(page, row, config.office, report.today)


def to_be_signed(page: Page, row: int, office: str, day: date) -> None:
    """The line for the signatures."""
    page.paragraph(row, f"编制：{_ROOM}审核：{_ROOM}签发：{_ROOM}{office}　{chinese_day(day)}")
    page.sheet.set_row(row, _SIGN_ROW)


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
        "“▼”表示当年已过而实际少于计划；备注为“建议数量”的行不作考核。点蓝色数字可查看人员和来源。",
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


def _reconciled(page: Page, row: int, report: QuarterReport) -> int:
    """A live sentence on 数据勾稽."""
    area, kinds = checked(report)
    good, bad = f"数据勾稽：{kinds} 类表读入的行都有去处，全部相符。", "数据勾稽：有不符，本表作废。"
    agree = all(one.balanced for one in report.reconciliation.values())
    below = page.paragraph(row, "", font_size=page.sizes.note)
    page.sheet.write_formula(row, 0, f'=IF(COUNTIF({area},"{AGREES}")={kinds},"{good}","{bad}")',
                             page.words(text_wrap=True, font_size=page.sizes.note), good if agree else bad)
    return below
