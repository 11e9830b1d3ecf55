"""Bytes → sheets of raw cells, by what the bytes are and not by the file's name."""

from __future__ import annotations

import csv
import io
import warnings
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from python_calamine import CalamineSheet, CalamineWorkbook, SheetMetadata, SheetTypeEnum, SheetVisibleEnum

from pipeline.config import Limits
from pipeline.intake.archive import Inspection, inspect
from pipeline.intake.extents import Extent
from pipeline.intake.ole import check_compound_file
from pipeline.intake.ooxml import NOTHING_ODD, Oddities
from pipeline.intake.refusal import BROKEN, Refused

Raw = str | float | int | bool | date | datetime | time | timedelta | None
_OLE, _ZIP = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PK\x03\x04"
_NOT_WORKBOOKS = {
    b"%PDF": "PDF", b"Rar!": "RAR 压缩包", b"7z\xbc\xaf": "7z 压缩包", b"\x89PNG": "图片", b"\xff\xd8\xff": "图片"}


@dataclass(frozen=True, slots=True)
class RawSheet:
    """One sheet: rows of raw cells from A1, merged ranges as zero-based corners, and what is odd about it."""

    name: str
    rows: list[list[Raw]]
    merges: list[tuple[tuple[int, int], tuple[int, int]]] = field(default_factory=list)
    hidden: bool = False
    oddities: Oddities = NOTHING_ODD
    links_out: bool = False  # of the whole workbook


def open_workbook(content: bytes, source: str, limits: Limits) -> list[RawSheet]:
    """The sheets of a workbook, or of a .csv as one sheet without a name; raises Refused otherwise."""
    if len(content) > limits.file_mb << 20:
        raise Refused(f"文件有 {len(content) >> 20} MB，超过 {limits.file_mb} MB；请删去图片等多余内容再报")
    if not content.strip(b"\x00 \r\n\t"):
        raise Refused("文件是空的（没有内容）；请重新导出再报")
    if content.startswith(_ZIP):
        return _open(content, inspect(content, limits), limits)
    if content.startswith(_OLE):
        check_compound_file(content)
        _refuse_passwords(content)
        return _open(content, Inspection(), limits)
    if kind := next((name for start, name in _NOT_WORKBOOKS.items() if content.startswith(start)), None):
        raise Refused(f"这是{kind}，不是工作簿；请报填好的 Excel 或 WPS 表格")
    if source.lower().endswith(".csv"):
        return [RawSheet("", _csv_rows(content, limits))]
    raise Refused("不是工作簿：内容不是 Excel 或 WPS 表格（可能只是改了扩展名）；请另存为 .xlsx 再报")


def _refuse_passwords(content: bytes) -> None:
    import msoffcrypto

    try:
        locked = msoffcrypto.OfficeFile(io.BytesIO(content)).is_encrypted()
    except Exception:  # any damage: the reader itself will say so
        locked = False
    if locked:
        raise Refused("文件有密码，读不了；请在 Excel 或 WPS 中取消打开密码（文件—信息—保护工作簿）后再报")


def _open(content: bytes, inspection: Inspection, limits: Limits) -> list[RawSheet]:
    sheets: list[RawSheet] | None
    try:
        sheets = _read_with_calamine(content, inspection.sheets, limits)
    except Refused:
        raise
    except BaseException as error:  # the reader's panics are no Exceptions
        if isinstance(error, KeyboardInterrupt | SystemExit | MemoryError):
            raise
        sheets = _read_with_openpyxl(content, inspection.sheets) if inspection.sheets else None
    if not sheets:
        raise Refused(BROKEN)
    return [replace(sheet, links_out=inspection.links_out) for sheet in sheets] if inspection.links_out else sheets


def _read_with_calamine(content: bytes, oddities: dict[str, Oddities], limits: Limits) -> list[RawSheet]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    tabs = [tab for tab in book.sheets_metadata if tab.typ == SheetTypeEnum.WorkSheet]
    if len(tabs) > limits.sheets:
        raise Refused(f"有 {len(tabs)} 个工作表，超过 {limits.sheets} 个；请只留需要上报的表")
    return [_first_reading(tab, book.get_sheet_by_name(tab.name), oddities.get(tab.name, NOTHING_ODD), limits)
            for tab in tabs]


def _first_reading(tab: SheetMetadata, page: CalamineSheet, odd: Oddities, limits: Limits) -> RawSheet:
    hidden = tab.visible != SheetVisibleEnum.Visible
    return RawSheet(tab.name, _rows(page, odd, limits), list(page.merged_cell_ranges or []), hidden, odd)


def _rows(sheet: CalamineSheet, odd: Oddities, limits: Limits) -> list[list[Raw]]:
    height = sheet.total_height
    Extent(height + 1, sheet.total_width + 1).check(sheet.name, limits)
    if sheet.width > limits.columns:
        raise Refused(f"工作表“{sheet.name}”有 {sheet.width} 列，超过 {limits.columns} 列；请删去多余的列再报")
    rows: list[list[Raw]] = [list(row) for row in sheet.to_python(skip_empty_area=False)]
    while rows and not any(cell != "" for cell in rows[-1]):
        rows.pop()
    # Cells without a readable value count as blank for the reader: their rows must not be lost.
    rows += [[] for _ in range(len(rows), min(max((row + 1 for row, _ in odd.unreadable), default=0), limits.rows))]
    if len(rows) > limits.rows:
        raise Refused(f"工作表“{sheet.name}”有 {height} 行，超过 {limits.rows} 行；请删去多余的行再报")
    return rows


def _read_with_openpyxl(content: bytes, oddities: dict[str, Oddities]) -> list[RawSheet] | None:
    """The second reader, for sound files that the first one cannot read."""
    from openpyxl import load_workbook
    from openpyxl.worksheet.worksheet import Worksheet

    try:
        with warnings.catch_warnings(action="ignore"):
            book = load_workbook(io.BytesIO(content), data_only=True, keep_links=False)
    except Exception:  # whatever the damage is, the file is returned
        return None
    return [_second_reading(page, oddities.get(str(page.title), NOTHING_ODD))
            for page in book.worksheets if isinstance(page, Worksheet)]


def _second_reading(page: Any, odd: Oddities) -> RawSheet:
    rows: list[list[Raw]] = [
        ["" if cell is None or (row, column) in odd.errors else cell for column, cell in enumerate(cells)]
        for row, cells in enumerate(page.iter_rows(min_row=1, min_col=1, values_only=True))
    ]
    merges = [((one.min_row - 1, one.min_col - 1), (one.max_row - 1, one.max_col - 1))
              for one in page.merged_cells.ranges]
    return RawSheet(page.title, rows, merges, page.sheet_state != "visible", odd)


def _csv_rows(content: bytes, limits: Limits) -> list[list[Raw]]:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
            rows: list[list[Raw]] = [list(row) for row in csv.reader(io.StringIO(text, newline=""), strict=True)]
        except UnicodeDecodeError:
            continue
        except csv.Error as error:
            raise Refused("CSV 的引号不成对或内容过长，读不了；请用 Excel 另存为 .xlsx 再报") from error
        if "\x00" in text:
            break
        if len(rows) > limits.rows or max(map(len, rows)) > limits.columns:
            raise Refused(f"CSV 超过 {limits.rows} 行或 {limits.columns} 列；请删去多余的行列再报")
        return rows
    raise Refused("文字编码认不出；请用 Excel 另存为 .xlsx 或“CSV UTF-8”再报")
