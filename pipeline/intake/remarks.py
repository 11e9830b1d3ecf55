"""What is said about a sheet as a whole: unknown sheets and columns, hidden rows, a missing header."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.findings import Finding, Severity
from pipeline.intake.addresses import address, column_letters
from pipeline.intake.locate import Block, Header
from pipeline.intake.sheet import RawBook, RawSheet
from pipeline.intake.text import Raw, is_blank, quoted, text_of
from pipeline.sheets import Sheet

_MOST_NAMED = 10


def unknown_sheet(sheet: RawSheet) -> Finding:
    """A sheet that is none of the declared ones."""
    text = f"工作表{quoted(sheet.name)}不是填报表里的表，没有读；如有要报的内容，请填到下发的表中"
    return Finding(0, "N11", Severity.NOTE, text, None, sheet.name)


def no_header(sheet: RawSheet, kind: Sheet) -> Finding:
    """A sheet that is known by its name, but in which no header can be found."""
    text = f"工作表{quoted(sheet.name)}中找不到“{kind.label}”的表头，没有读；请用下发的填报表，不要改表头"
    return Finding(0, "N01", Severity.RETURNED, text, kind.key, sheet.name)


def about_columns(sheet: RawSheet, header: Header, rows: list[int]) -> Iterator[Finding]:
    """Columns that are unknown, and columns of one name, of which nobody can say which one counts."""
    named = {*header.labels}
    width = max((len(sheet.rows[row]) for row in rows), default=0)
    for at in range(width):
        label = header.unknown.get(at)
        if at in named and not label:
            continue
        cells = [sheet.rows[row][at] for row in rows if not is_blank(sheet.rows[row][at])]
        if cells and (label or not _are_serials(cells)):
            what = f"{quoted(label)}不是填报表里的列" if label else f"{column_letters(at)} 列没有列名"
            text = f"{what}，没有读；如需上报，请填到填报表已有的列中"
            yield _about(sheet, header.sheet, "N11", Severity.NOTE, text, None, address(header.rows[-1], at))
    for at, label in header.twice.items():
        for row in rows:
            text = f"有两列都叫{quoted(label)}，不知道以哪一列为准；请只留一列再报"
            cell = address(header.rows[-1], at)
            yield _about(sheet, header.sheet, "N08", Severity.RETURNED, text, row + 1, cell)


def _are_serials(cells: list[Raw]) -> bool:
    return all(isinstance(cell, float | int) or text_of(cell).isdecimal() for cell in cells)


def about_visibility(sheet: RawSheet, located: list[Block]) -> Iterator[Finding]:
    """Hidden sheets, rows and columns: read like the others, and said to be hidden."""
    if sheet.hidden:
        text = f"工作表{quoted(sheet.name)}是隐藏的，已照常读取；请核对是否要报"
        yield Finding(0, "N11", Severity.NOTE, text, located[0].header.sheet.key, sheet.name)
    for row in sheet.oddities.hidden_rows:
        block = next((one for one in located if row in one.rows), None)
        if block and not all(map(is_blank, sheet.rows[row])):
            text = f"第 {row + 1} 行是隐藏的，已照常读取；请核对是否要报"
            yield _about(sheet, block.header.sheet, "N11", Severity.NOTE, text, row + 1, address(row, 0))
    for block in located:
        for at in block.header.columns.values():
            if any(at in hidden for hidden in sheet.oddities.hidden_columns):
                text = f"{column_letters(at)} 列是隐藏的，已照常读取；请核对"
                cell = address(block.header.rows[-1], at)
                yield _about(sheet, block.header.sheet, "N11", Severity.NOTE, text, None, cell)


def about_marks(sheet: RawSheet, kind: Sheet, rows: list[int]) -> Iterator[Finding]:
    """Comments, struck-through text and red fills among the data rows: what they mean only the unit knows."""
    marks, read = sheet.oddities.marks, set(rows)
    written = {(row, column) for row, column in marks.struck | marks.red
               if row in read and not all(map(is_blank, sheet.rows[row][column : column + 1]))}
    for places, text in (
        ({place for place in marks.comments if place[0] in read}, "有批注，批注没有读；如批注里是更正，请直接改在单元格里再报"),
        (marks.struck & written, "有删除线，已照常读取；如已作废，请删去这些内容再报"),
        (marks.red & written, "标了红色，已照常读取；请核对是否有要更正的内容"),
    ):
        if places:
            cells = [address(*place) for place in sorted(places)]
            others = f" 等 {len(cells)} 个单元格" if len(cells) > _MOST_NAMED else ""
            yield _about(sheet, kind, "N11", Severity.NOTE, f"{'、'.join(cells[:_MOST_NAMED])}{others}{text}", None, cells[0])


def about_links(book: RawBook) -> Iterator[Finding]:
    """Links to other files are not followed: what was stored with the workbook counts."""
    if book.links_out:
        text = "工作簿引用了别的文件，没有去读，按保存时的数值接收；请改填数值后另存，断开引用"
        yield Finding(0, "N11", Severity.NOTE, text)


def _about(
    sheet: RawSheet, kind: Sheet, rule: str, severity: Severity, text: str, row: int | None, cell: str
) -> Finding:
    return Finding(0, rule, severity, text, kind.key, sheet.name, row, cell)
