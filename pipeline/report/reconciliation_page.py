"""数据勾稽: where every row read went, kind by kind, checked by live formulas."""

from __future__ import annotations

from xlsxwriter.utility import xl_rowcol_to_cell

from pipeline.quarter_report import QuarterReport
from pipeline.report.ruled import Cell, Column, Page
from pipeline.sheets import BY_KEY

NAME = "数据勾稽"
AGREES, DIFFERS = "相符", "不符"
_COLUMNS: tuple[Column, ...] = (
    ("工作表", "kind"), ("读入行数", "count"), ("计入", "count"), ("计划外", "count"), ("重复", "count"), ("退回", "count"),
    ("被更正代替", "count"), ("勾稽", "count"))
_TOP, _CHECK = 2, len(_COLUMNS) - 1


def write_reconciliation(page: Page, report: QuarterReport) -> None:
    """A line for each kind of sheet that has rows: read = counted + outside + duplicate + returned + replaced."""
    page.grid([kind for _, kind in _COLUMNS])
    page.title(NAME, f"{report.quarter.chinese}　读入行数＝计入＋计划外＋重复＋退回＋被更正代替　单位：行")
    page.listing(_COLUMNS, _rows(report), _TOP)
    for row, cells in enumerate(_rows(report), _TOP + 1):
        read, first, last = (xl_rowcol_to_cell(row, column) for column in (1, 2, _CHECK - 1))
        page.sheet.write_formula(row, _CHECK, f'=IF({read}=SUM({first}:{last}),"{AGREES}","{DIFFERS}")', page.face("count"), cells[-1])


def checked(report: QuarterReport) -> tuple[str, int]:
    """The cells with the outcome of each check, and how many there are."""
    number = len(_rows(report))
    first, last = (xl_rowcol_to_cell(row, _CHECK, True, True) for row in (_TOP + 1, _TOP + max(number, 1)))
    return f"'{NAME}'!{first}:{last}", number


def _rows(report: QuarterReport) -> list[list[Cell]]:
    return [[BY_KEY[kind].label, one.read, one.counted, one.outside, one.duplicate, one.returned, one.superseded,
             AGREES if one.balanced else DIFFERS] for kind, one in report.reconciliation.items() if one.read]
