"""One file, read: opened, its tables located, its cells normalised, everything odd reported."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import PurePosixPath

from pipeline.config import Config
from pipeline.findings import Finding, Severity, merged
from pipeline.intake.cover import CoverSheet, find_cover, month_of, refusal, unit_of
from pipeline.intake.data_rows import DataRows
from pipeline.intake.labels import is_own, kind_by_name
from pipeline.intake.locate import blocks
from pipeline.intake.opening import open_workbook
from pipeline.intake.refusal import Refused
from pipeline.intake.remarks import about_columns, about_links, about_marks, about_visibility, no_header, unknown_sheet
from pipeline.intake.rows import Rows
from pipeline.intake.sheet import RawSheet
from pipeline.intake.text import quoted
from pipeline.reading import Change, Cover, Reading, Table
from pipeline.sheets import COVER_LABEL

# 练市镇_2020-08_持证人员, perhaps with "(1)", "（副本）" or " - 副本" behind.
_CSV_NAME = re.compile(r"([^_]+)_([^_]+)_([^_]+?)(?:\s*[(（-].*)?")
_CSV_EXAMPLE = "练市镇_2020-08_持证人员.csv"


@dataclass
class _Yield:
    """What the sheets gave so far; `known` says whether any of them is one that is reported."""

    filled_on: str
    findings: list[Finding]
    tables: list[Table] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    known: bool = False


def read(content: bytes, source: str, arrived_on: date, config: Config) -> Reading:
    """What a file holds, by the rules of intake.md; it never raises for what stands in the file.

    A file from which nothing can be taken gives a refused Reading with one finding N00, its cover as far as it is known.
    """
    cover = Cover()
    try:
        book = open_workbook(content, source, config.limits)
        sheets = book.sheets
        if not sheets[0].name:
            cover, kind_name = _named_by_file(source, config)
            _refuse_if(refusal(cover, *_csv_parts(source)[:2], arrived_on, "文件名", config))
            return _read_sheets([replace(sheets[0], name=kind_name)], cover, [], arrived_on, config)
        page = find_cover(sheets)
        front = CoverSheet(page, arrived_on, config)
        cover = front.cover
        _refuse_if(front.refusal)
        others = [sheet for sheet in sheets if sheet is not page]
        return _read_sheets(others, cover, [*front.findings, *about_links(book)], arrived_on, config)
    except Refused as refused:
        finding = Finding(0, "N00", Severity.RETURNED, str(refused))
        return Reading(cover, findings=[finding], refused=True, curable=refused.curable)


def _refuse_if(reason: str | None) -> None:
    if reason:
        raise Refused(reason, curable=True)


def _csv_parts(source: str) -> tuple[str, str, str]:
    found = _CSV_NAME.fullmatch(unicodedata.normalize("NFC", PurePosixPath(source).stem).strip())
    if not found:
        raise Refused(f"CSV 没有封面，应按“单位_月份_表名.csv”命名，如 {_CSV_EXAMPLE}；请改名后再报")
    return found[1], found[2], found[3]


def _named_by_file(source: str, config: Config) -> tuple[Cover, str]:
    """A .csv has no cover: unit, month and sheet stand in its name."""
    unit, month, kind_name = _csv_parts(source)
    if kind_by_name(kind_name) is None:
        raise Refused(f"文件名中的表名{quoted(kind_name)}不是填报表里的表；应如 {_CSV_EXAMPLE}，请改名后再报")
    return Cover(unit_of(unit, config), month_of(month)), kind_name


def _read_sheets(
    sheets: list[RawSheet], cover: Cover, findings: list[Finding], arrived_on: date, config: Config
) -> Reading:
    found = _Yield((cover.filled_on or arrived_on).isoformat(), findings)
    for sheet in sheets:
        if not is_own(sheet.name):
            _read_sheet(sheet, config, found)
    if not found.known and not cover.nil_return:
        raise Refused(_why_nothing_is_known(found))
    found.findings += _about_the_nil_return(cover, found.tables)
    cover = replace(cover, nil_return=cover.nil_return and not found.tables)
    return Reading(cover, found.tables, merged(found.findings), found.changes)


def _why_nothing_is_known(found: _Yield) -> str:
    headless = next((one for one in found.findings if one.severity is Severity.RETURNED and one.row is None), None)
    return headless.message if headless else "没有一个认得出的表；请用下发的填报表，不要改表名和表头"


def _read_sheet(sheet: RawSheet, config: Config, found: _Yield) -> None:
    kind = kind_by_name(sheet.name)
    if not sheet.has_content:
        found.known |= kind is not None
        return
    located = blocks(sheet, kind)
    found.known |= bool(located)
    if not located:
        found.findings.append(no_header(sheet, kind) if kind else unknown_sheet(sheet))
    read: list[int] = []
    for block in located:
        sorted_rows = DataRows(sheet, block)
        numbers = list(sorted_rows.find())
        rows = Rows(sheet, block, numbers, config)
        table = rows.table(found.filled_on)
        found.tables += [table] if numbers else []
        found.findings += [*sorted_rows.findings, *rows.findings, *about_columns(sheet, block.header, numbers)]
        found.changes += rows.changes
        read += numbers
    if located:
        found.findings += [*about_visibility(sheet, located), *about_marks(sheet, located[0].header.sheet, read)]


def _about_the_nil_return(cover: Cover, tables: list[Table]) -> list[Finding]:
    if cover.nil_return and tables:
        text = "封面写零报告，表中却有内容，已按表中内容接收；请核对"
    elif not cover.nil_return and not tables:
        text = "各表都没有内容，封面也没有写零报告；如本月确无内容，请在封面“零报告”处填“是”"
    else:
        return []
    return [Finding(0, "N11", Severity.NOTE, text, None, COVER_LABEL)]
