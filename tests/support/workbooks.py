"""Real workbooks for tests: rows by field in, an .xlsx as a unit would send it out."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from pipeline.config import Config
from pipeline.files import same_bytes_each_time
from pipeline.office import Office
from pipeline.places import LedgerPlace
from pipeline.sheets import BY_KEY, Kind
from tests.support.desk import CONFIG, ROOT


def workbook(
    unit: str, month: str, sheets: Mapping[str, list[dict[str, Any]]], filled_on: str = "2020-09-05", nil: bool = False
) -> bytes:
    """A workbook with cover and the given sheets, headings in the first row."""
    book = Workbook()
    cover = book.worksheets[0]
    cover.title = "封面"
    for line in (("填报单位", unit), ("填报月份", month), ("填报人", "张某"), ("联系电话", "13800000000"),
                 ("填报日期", date.fromisoformat(filled_on)), ("零报告", "是" if nil else "否")):
        cover.append(line)
    for kind, rows in sheets.items():
        _write(book, kind, rows)
    book.properties.created = datetime(2020, 9, 5)
    target = io.BytesIO()
    book.save(target)
    return same_bytes_each_time(target.getvalue(), datetime(2020, 9, 5))


def _write(book: Workbook, kind: str, rows: list[dict[str, Any]]) -> None:
    sheet = BY_KEY[kind]
    page = book.create_sheet(sheet.label)
    page.append([column.label for column in sheet.columns])
    for row in rows:
        page.append([_cell(column.kind, row.get(column.field)) for column in sheet.columns])


def _cell(kind: Kind, value: Any) -> Any:
    if value is None:
        return None
    if kind is Kind.DATE:
        return date.fromisoformat(value)
    if kind in (Kind.YESNO, Kind.TICK):
        words = ("否", "是") if kind is Kind.YESNO else ("×", "√")
        return words[value]
    return value


def ledger_url() -> str:
    """Where offices keep their ledgers; the fixture `ledger_on` gives each a database on a server instead."""
    return CONFIG.ledger.url


def office(tmp_path: Path, config: Config = CONFIG) -> Office:
    """An office with empty inputs/ and outputs/."""
    (tmp_path / "inputs").mkdir(parents=True, exist_ok=True)
    config = config.model_copy(update={"ledger": LedgerPlace(url=ledger_url())})
    return Office(config, (ROOT / "config.yaml").read_bytes(), tmp_path / "inputs", tmp_path / "outputs")
