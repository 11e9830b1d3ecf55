"""Bytes → sheets of raw cells, by what the bytes are and not by the file's name."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence

from python_calamine import CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from pipeline.config import Limits
from pipeline.intake.archive import Parts, unpack
from pipeline.intake.biff import inspect_stream
from pipeline.intake.csv_file import csv_rows
from pipeline.intake.damage import check_cells, check_ods, check_xlsb, check_xlsx
from pipeline.intake.extents import Extent, ods_extents, xlsb_extent
from pipeline.intake.odd_cells import ods_links_out, ods_oddities, xlsb_oddities
from pipeline.intake.ole import check_compound_file, refuse_passwords
from pipeline.intake.ooxml import NOTHING_ODD, Oddities, inspect, refuse_namesakes
from pipeline.intake.refusal import BROKEN, Refused
from pipeline.intake.second_reader import read_again
from pipeline.intake.sheet import RawBook, RawSheet, padded
from pipeline.intake.text import Raw
from pipeline.plain_text import harmless

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_NOT_WORKBOOKS = {
    b"%PDF": "PDF", b"Rar!": "RAR 压缩包", b"7z\xbc\xaf": "7z 压缩包", b"\x89PNG": "图片", b"\xff\xd8\xff": "图片",
    b"<html": "网页", b"<!doctype html": "网页", b"<?xml": "XML 文件",
}
OddOf = Callable[[int, str], Oddities]  # of a sheet by its place among the tabs and its name

_LONGEST_NAME = 255  # Excel allows 31; a database cannot keep thousands in a key
WORKBOOK_ENDINGS = (".xlsx", ".xls", ".et", ".ods", ".xlsm", ".xlsb", ".csv")


def open_workbook(content: bytes, source: str, limits: Limits) -> RawBook:
    """The sheets of a workbook, or a .csv as one sheet without a name; raises Refused for anything else."""
    if len(content) > limits.file_mb << 20:
        raise Refused(f"文件有 {len(content) >> 20} MB，超过 {limits.file_mb} MB；请删去图片等多余内容再报")
    if not content.strip(b"\x00 \r\n\t"):
        raise Refused("文件是空的，没有内容；请重新导出再报")
    if content.startswith(_ZIP):
        parts = unpack(content, limits)
        sheets = _open_zip(content, parts, limits)
        links_out = any(name.startswith("xl/externallinks/") for name in parts) or ods_links_out(parts.get("content.xml", b""))
        return RawBook(sheets, links_out)
    if content.startswith(_OLE):
        check_compound_file(content)
        refuse_passwords(content)
        odd, links_out = inspect_stream(content)
        return RawBook(_read(content, _in_order(odd), limits), links_out)
    start = content[:64].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if kind := next((name for mark, name in _NOT_WORKBOOKS.items() if start.startswith(mark.lower())), None):
        raise Refused(f"这是{kind}，不是工作簿；请报填好的 Excel 或 WPS 表格，导出的请先另存为 .xlsx")
    if source.lower().endswith(".csv"):
        return RawBook([RawSheet("", csv_rows(content, limits))])
    raise Refused("不是工作簿：内容不是 Excel 或 WPS 表格（可能只是改了扩展名）；请在 Excel 或 WPS 中另存为 .xlsx 再报")


def _open_zip(content: bytes, parts: Parts, limits: Limits) -> list[RawSheet]:
    if "xl/workbook.xml" in parts:
        check_xlsx(parts)
        odd = inspect(parts, limits)
        sheets = _read(content, _by_name(odd), limits, lambda: read_again(content, odd))
        check_cells(parts, sum(len(cells) - cells.count("") - cells.count(None) for sheet in sheets for cells in sheet.rows))
        return sheets
    if "xl/workbook.bin" in parts:
        check_xlsb(parts)
        for name, part in parts.items():
            if name.startswith("xl/worksheets/") and name.endswith(".bin"):
                xlsb_extent(part).check(name, limits)
        return _read(content, _by_name(xlsb_oddities(parts)), limits)
    if "content.xml" in parts:
        check_ods(parts["content.xml"])
        for number, extent in enumerate(ods_extents(parts["content.xml"]), 1):
            extent.check(f"第{number}个", limits)
        return _read(content, _in_order([*ods_oddities(parts["content.xml"])]), limits)
    if any(name.endswith(WORKBOOK_ENDINGS) for name in parts):
        raise Refused("不是工作簿，是压缩包；请解压后直接报里面的工作簿")
    raise Refused("不是工作簿：文件里没有工作簿的内容；请用 Excel 或 WPS 另存为 .xlsx 再报")


def _by_name(oddities: Mapping[str, Oddities]) -> OddOf:
    return lambda _, name: oddities.get(name, NOTHING_ODD)


def _in_order(oddities: Sequence[Oddities]) -> OddOf:
    return lambda at, _: oddities[at] if at < len(oddities) else NOTHING_ODD


def _read(content: bytes, odd_of: OddOf, limits: Limits, again: Callable[[], list[RawSheet]] = list) -> list[RawSheet]:
    """The sheets, those that the first reader cannot give by the second."""
    try:
        sheets = _read_with_calamine(content, odd_of, limits)
    except (Refused, KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException:  # the reader's panics are no Exceptions
        sheets = again()
    if not sheets:
        raise Refused(BROKEN)
    refuse_namesakes([sheet.name for sheet in sheets])
    if any(len(sheet.name) > _LONGEST_NAME for sheet in sheets):
        raise Refused(f"有工作表名超过 {_LONGEST_NAME} 个字；请改短后再报")
    return sheets


def _read_with_calamine(content: bytes, odd_of: OddOf, limits: Limits) -> list[RawSheet]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    tabs = book.sheets_metadata
    if len(tabs) > limits.sheets:
        raise Refused(f"有 {len(tabs)} 个工作表，超过 {limits.sheets} 个；请只留需要上报的表")
    sheets = []
    for at, tab in enumerate(tabs):
        if tab.typ == SheetTypeEnum.WorkSheet:
            page = book.get_sheet_by_index(at)
            odd = odd_of(at, tab.name)
            sheets.append(RawSheet(harmless(tab.name), _rows(page, odd, limits), list(page.merged_cell_ranges or []),
                                   tab.visible != SheetVisibleEnum.Visible, odd))
    return sheets


def _rows(page: CalamineSheet, odd: Oddities, limits: Limits) -> list[list[Raw]]:
    Extent(page.total_height + 1, page.total_width + 1).check(harmless(page.name), limits)
    rows: list[list[Raw]] = [list(cells) for cells in page.to_python(skip_empty_area=False)]
    while rows and not any(cell != "" for cell in rows[-1]):
        rows.pop()
    return padded(rows, odd)
