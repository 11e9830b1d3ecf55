"""报送情况: unit by month, each cell with a mark and a word, and live counts of both."""

from __future__ import annotations

from collections.abc import Sequence

from xlsxwriter.utility import xl_range

from pipeline.quarter_report import MonthlyReturn, QuarterReport
from pipeline.report.ruled import Cell, Column, Page

_MARKS = {"按时": "√", "零报告": "○", "迟报": "△", "未报": "×", "未到期": "…", "未开始": "—"}
_CORRECTED = "更正"
_COUNTED = (*list(_MARKS)[:4], _CORRECTED)
_TOP = 2
_HEIGHT = 22  # points


def write_returns(page: Page, report: QuarterReport) -> None:
    """A row for each unit; counts to the right of it and below."""
    columns = _columns(report)
    due = report.returns[0].due.day if report.returns else 5
    page.grid([kind for _, kind in columns])
    page.title("报送情况", f"{report.quarter.chinese}　截止日为次月{due}日　√按时　○零报告（按时）　△迟报（收到日期）　×未报　"
               "…未到期　◇更正（次数）")
    by_unit: dict[str, list[MonthlyReturn]] = {}
    for one in report.returns:
        by_unit.setdefault(one.unit, []).append(one)
    rows = [_row(unit, returns) for unit, returns in by_unit.items()]
    below = page.listing(columns, rows, _TOP)
    for row, returns in enumerate(by_unit.values(), _TOP + 1):
        _write_row(page, row, returns)
    page.bottom_line(below, columns, rows, range(_first_count(report), len(columns)))
    page.sheet.write_string(below, 1, "各项个数", page.total())


def _columns(report: QuarterReport) -> list[Column]:
    return [("单位", "unit"), *((f"{month.year}年{month.month}月", "switch") for month in report.quarter.months),
            *((state, "level") for state in _COUNTED)]


def _first_count(report: QuarterReport) -> int:
    return 1 + len(report.quarter.months)


def _row(unit: str, returns: Sequence[MonthlyReturn]) -> list[Cell]:
    texts = [_text(one) for one in returns]
    return [unit, *texts, *(sum(state in text for text in texts) for state in _COUNTED)]


def _text(one: MonthlyReturn) -> str:
    day = f" {one.first_arrived:%m-%d}" if one.state == "迟报" and one.first_arrived else ""
    again = f"　◇{_CORRECTED}{one.corrections}次" if one.corrections else ""
    return f"{_MARKS[one.state]}{one.state}{day}{again}"


def _write_row(page: Page, row: int, returns: Sequence[MonthlyReturn]) -> None:
    """The months on the ground of their state, the counts as live formulas on their words."""
    texts = [_text(one) for one in returns]
    for column, (one, text) in enumerate(zip(returns, texts, strict=True), 1):
        page.put(row, column, text, page.face("switch", bg_color=_ground(page, one)))
    months = xl_range(row, 1, row, len(returns))
    for column, state in enumerate(_COUNTED, len(returns) + 1):
        number = sum(state in text for text in texts)
        page.sheet.write_formula(row, column, f'=COUNTIF({months},"*{state}*")', page.face("level"), number)
    page.sheet.set_row(row, _HEIGHT)


def _ground(page: Page, one: MonthlyReturn) -> str:
    colours = page.colours
    return {"按时": colours.settled_fill, "零报告": colours.given_fill, "迟报": colours.review_fill,
            "未报": colours.marked_fill, "未到期": colours.entry_fill, "未开始": colours.entry_fill}[one.state]
