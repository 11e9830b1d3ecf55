"""Receipts and reviews under a password per unit, where the office keeps a list of passwords beside the ledger."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from pipeline.config import Config
from pipeline.faults import CannotGoOn

FILE = "回执密码.csv"


class PasswordListError(CannotGoOn):
    """The list of passwords has a mistake; nothing is written before it is mended, lest it be written unlocked."""


def passwords(ledger: Path, config: Config) -> dict[str, str]:
    """Unit → password from 回执密码.csv (unit and password in each line); nothing where there is no such file.

    Raises PasswordListError for a unit that config.yaml does not know and for a missing password.
    """
    path = ledger / FILE
    lines = csv.reader(io.StringIO(_text(path.read_bytes()))) if path.is_file() else ()
    found: dict[str, str] = {}
    for number, line in enumerate(lines, 1):
        unit, password = [cell.strip() for cell in [*line, "", ""][:2]]
        if not unit or unit == "单位":
            continue
        if unit not in config.unit_spellings:
            raise PasswordListError(f"{FILE} 第 {number} 行：没有“{unit}”这个单位，请按 config.yaml 里的单位名称填写")
        if not password:
            raise PasswordListError(f"{FILE} 第 {number} 行：{unit}没有密码，请填写密码，或删去这一行")
        found[config.unit_spellings[unit]] = password
    return found


def _text(content: bytes) -> str:
    """As Excel and WPS save a .csv: UTF-8 with a mark, or the Chinese code page."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("gb18030", "replace")


def locked(workbook: bytes, password: str | None) -> bytes:
    """The workbook encrypted as Excel does it ([MS-OFFCRYPTO] agile); as it is without a password."""
    if password is None:
        return workbook
    from msoffcrypto.format.ooxml import OOXMLFile

    target = io.BytesIO()
    OOXMLFile(io.BytesIO(workbook)).encrypt(password, target)
    return target.getvalue()
