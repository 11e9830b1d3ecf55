"""One file, read: opened, its tables located, its cells normalised, everything odd reported."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import PurePosixPath

from pipeline.config import Config
from pipeline.findings import Finding, Severity, merged
from pipeline.intake.addresses import column_letters
from pipeline.intake.cover import find_cover, month_of, read_cover, refusal, unit_of
from pipeline.intake.locate import Block, blocks, kind_by_name
from pipeline.intake.opening import RawSheet, open_workbook
from pipeline.intake.refusal import Refused
from pipeline.intake.rows import Harvest
from pipeline.intake.texts import is_blank, text_of
from pipeline.reading import Change, Cover, Reading, Table
from pipeline.sheets import COVER_LABEL, OWN_SHEETS

_CSV_NAME = re.compile(r"(?P<unit>[^_]+)_(?P<month>[^_]+)_(?P<sheet>[^_]+?)(?:\s*[(（-].*)?")


def read(content: bytes, source: str, arrived_on: date, config: Config) -> Reading:
    """What a file holds; a file from which nothing can be taken gives a refused Reading with N00 (never raises)."""
    try:
        sheets = open_workbook(content, source, config.limits)
        if len(sheets) == 1 and not sheets[0].name:
            return _read_csv(sheets[0], source, arrived_on, config)
    except Refused as refused:
        return _refused(Cover(), str(refused))
    try:
        page = find_cover(sheets)
    except Refused as refused:
        return _refused(Cover(), str(refused))
    cover, findings, reason = read_cover(page, arrived_on, config)
    if reason:
        return replace(_refused(cover, reason), curable=True)
    return _read_sheets([sheet for sheet in sheets if sheet is not page], cover, findings, arrived_on, config)


def _refused(cover: Cover, reason: str) -> Reading:
    return Reading(cover, findings=[Finding(0, "N00", Severity.RETURNED, reason)], refused=True)


def _read_csv(sheet: RawSheet, source: str, arrived_on: date, config: Config) -> Reading:
    """A .csv has no cover: unit, month and sheet stand in its name."""
    stem = unicodedata.normalize("NFC", PurePosixPath(source).stem).strip()
    parts = _CSV_NAME.fullmatch(stem)
    if not parts:
        return _refused(Cover(), "CSV 没有封面，要按“单位_月份_表名.csv”命名，如 练市镇_2020-08_持证人员.csv")
    cover = Cover(unit_of(parts["unit"], config), month_of(parts["month"]))
    if reason := refusal(cover, parts["unit"], parts["month"], arrived_on):
        told = reason.replace("封面的", "文件名中的").replace("封面", "文件名")
        return replace(_refused(cover, told), curable=True)
    if kind_by_name(parts["sheet"]) is None:
        return _refused(cover, f"文件名中的表名“{parts['sheet']}”不是填报表里的表；请按“单位_月份_表名.csv”命名")
    return _read_sheets([replace(sheet, name=parts["sheet"])], cover, [], arrived_on, config)


def _read_sheets(
    sheets: list[RawSheet], cover: Cover, findings: list[Finding], arrived_on: date, config: Config
) -> Reading:
    latest = (cover.filled_on or arrived_on).isoformat()
    tables: list[Table] = []
    changes: list[Change] = []
    known = False
    for sheet in sheets:
        kind = kind_by_name(sheet.name)
        located = [] if sheet.name in OWN_SHEETS else blocks(sheet, kind)
        known |= kind is not None or bool(located)
        findings += _about_the_sheet(sheet, located)
        for block in located:
            harvest = Harvest(sheet, block, config, latest)
            tables.append(harvest.table())
            findings += [*harvest.findings, *_about_the_header(sheet, block, tables[-1])]
            changes += harvest.changes
    if any(sheet.links_out for sheet in sheets):
        findings.append(_about_links())
    tables = [table for table in tables if table.rows]
    if not known and not cover.nil_return:
        return _refused(cover, "没有一个认得出的表；请用下发的填报表，不要改表名和表头")
    findings += _about_the_nil_return(cover, tables)
    nil = cover.nil_return and not tables
    return Reading(replace(cover, nil_return=nil), tables, merged(findings), changes)


def _about_the_sheet(sheet: RawSheet, located: list[Block]) -> Iterator[Finding]:
    if sheet.name in OWN_SHEETS or not any(not is_blank(cell) for row in sheet.rows for cell in row):
        return
    if not located:
        yield _note(sheet, f"工作表“{sheet.name}”不是填报表里的表，没有读；如有要报的内容，请填到下发的表中")
        return
    if sheet.hidden:
        yield _note(sheet, f"工作表“{sheet.name}”是隐藏的，已照常读取；请核对是否要报")
    kind = located[0].header.sheet.key
    for row in sorted(sheet.oddities.hidden_rows):
        if row < len(sheet.rows) and any(row in block.rows for block in located) and _has_content(sheet, row):
            text = f"第{row + 1}行是隐藏的，已照常读取；请核对是否要报"
            yield Finding(0, "N11", Severity.NOTE, text, kind, sheet.name, row + 1, f"A{row + 1}")
    if sheet.oddities.hidden_columns:
        yield _note(sheet, f"工作表“{sheet.name}”有隐藏的列，已照常读取；请核对")


def _has_content(sheet: RawSheet, row: int) -> bool:
    return any(not is_blank(cell) for cell in sheet.rows[row])


def _about_the_header(sheet: RawSheet, block: Block, table: Table) -> Iterator[Finding]:
    """Columns that are not known, and columns of one name, of which nobody can say which one counts."""
    header, row = block.header, block.header.last_row + 1
    for at, label in header.unknown.items():
        if any(at < len(sheet.rows[one]) and not is_blank(sheet.rows[one][at]) for one in block.rows):
            yield Finding(0, "N11", Severity.NOTE, f"“{label[:20]}”不是填报表里的列，没有读；如需上报请填到已有的列中",
                          header.sheet.key, sheet.name, None, f"{column_letters(at)}{row}")
    for at in _without_heading(sheet, block, table):
        yield Finding(0, "N11", Severity.NOTE, f"{column_letters(at)}列没有表头，没有读；如需上报请补上表头",
                      header.sheet.key, sheet.name, None, f"{column_letters(at)}{row}")
    for at, label in header.twice.items():
        for one in table.rows:
            yield Finding(0, "N08", Severity.RETURNED, f"有两列都叫“{label}”，不知道以哪一列为准；请只留一列再报",
                          header.sheet.key, sheet.name, one, f"{column_letters(at)}{row}")


def _without_heading(sheet: RawSheet, block: Block, table: Table) -> Iterator[int]:
    """Columns where something stands under no heading, but for bare serial numbers."""
    headings = sheet.rows[block.header.first_row : block.header.last_row + 1]
    data = [sheet.rows[row - 1] for row in table.rows]
    for at in range(max(map(len, data), default=0)):
        if all(at >= len(cells) or is_blank(cells[at]) for cells in headings):
            values = {cells[at] for cells in data if at < len(cells) and not is_blank(cells[at])}
            if not values <= set(range(1, len(data) + 1)):
                yield at


def _about_the_nil_return(cover: Cover, tables: list[Table]) -> Iterator[Finding]:
    if cover.nil_return and tables:
        text = "封面写零报告，表中却有内容，已按表中内容接收；请核对"
    elif not cover.nil_return and not tables:
        text = "各表都没有内容，封面也没有写零报告；如本月确无内容，请在封面“零报告”处填“是”"
    else:
        return
    yield Finding(0, "N11", Severity.NOTE, text, None, COVER_LABEL)


def _about_links() -> Finding:
    text = "工作簿引用了别的文件，没有去读，按保存时的数值接收；请改填数值后另存，断开引用"
    return Finding(0, "N11", Severity.NOTE, text)


def _note(sheet: RawSheet, text: str) -> Finding:
    return Finding(0, "N11", Severity.NOTE, text, None, text_of(sheet.name))
