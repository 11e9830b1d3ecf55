"""数据来源: every counted certificate with the file, sheet and row that it was reported by; each figure of 计划进度 leads here."""

from __future__ import annotations

from pipeline.quarter_report import QuarterReport, SourceLine
from pipeline.report.ruled import Cell, Page

NAME = "数据来源"
_COLUMNS = (("序号", "serial"), ("培育范围", "sector"), ("级别", "level"), ("年度", "year"), ("姓名", "person"), ("身份证号码", "id"),
            ("工作单位", "employer"), ("取得方式", "month"), ("日期", "day"), ("填报单位", "unit"), ("月份", "month"), ("文件", "file"),
            ("工作表", "sheet"), ("行", "row"))
_TOP = 3  # of the list's header
_CELL = 3  # sector, level, year
Place = tuple[str | int, ...]


def write_sources(page: Page, report: QuarterReport) -> None:
    """One list in the order of the table's cells; the first row of each is marked, for there its figure's link ends."""
    page.grid([kind for _, kind in _COLUMNS])
    page.title(NAME, f"{report.quarter.chinese}　计划进度中的每一人次：谁、哪份文件、哪张表、哪一行（身份证号码打码）")
    page.paragraph(2, "在“计划进度”中点蓝色的“实际”数，就到这里该格的第一行；也可以用表头的筛选按钮，按培育范围、级别、年度或单位查看。")
    page.listing(_COLUMNS, [_cells(number, line) for number, line in enumerate(report.sources, 1)], _TOP)
    firsts = page.face("serial", bold=True, bg_color=page.colours.header_fill)
    for row in {row for place, row in places(report).items() if len(place) == _CELL}:
        page.put(row, 0, row - _TOP, firsts)


def places(report: QuarterReport) -> dict[Place, int]:
    """The row (zero-based) where the persons of a sector begin, and of a sector, level and year; of () the list's header."""
    found: dict[Place, int] = {(): _TOP}
    for row, line in enumerate(report.sources, _TOP + 1):
        found.setdefault((line.sector,), row)
        found.setdefault((line.sector, line.level, line.year), row)
    return found


def _cells(number: int, line: SourceLine) -> list[Cell]:
    return [number, line.sector, line.level, line.year, line.name, line.id_number, line.employer, line.route, line.day, line.unit,
            line.month, line.file, line.sheet, line.row]
