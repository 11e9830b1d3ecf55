"""The script that a colleague who knows some Python would write: `python -m benchmarks.rivals.office_script CORPUS OUT.xlsx [full]`.

pandas reads each workbook, a loop looks at each row, openpyxl writes the sum and the faults; with `full`, all the rows too.
It does not keep a ledger, mark faulty cells in the unit's workbook, or survive a bad file.
"""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import pandas as pd
from openpyxl import Workbook

from benchmarks.rivals import workbooks

AMOUNTS = {"初级": 1000, "中级": 2000, "高级": 3000}
REQUIRED = {
    "单位摸底": ["单位名称", "单位类型", "从业人员数", "摸底日期"],
    "持证人员": ["姓名", "身份证号码", "工作单位", "培育范围", "级别", "证书编号", "发证日期", "取得方式"],
    "证书奖励申请": ["填报日期", "姓名", "身份证号码", "工作单位", "手机号码", "证书编号", "发证日期", "申请级别", "申请金额"],
    "其他激励": ["激励项目", "填报日期", "姓名", "身份证号码", "工作单位"],
}
WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]


def good_id(number: str) -> bool:
    """18 characters with the right check digit."""
    if len(number) != 18 or not number[:17].isdigit():
        return False
    return "10X98765432"[sum(int(digit) * weight for digit, weight in zip(number, WEIGHTS, strict=False)) % 11] == number[17]


class Summary:
    """What the loop over the rows gathers."""

    def __init__(self) -> None:
        self.counted: dict[tuple[str, str], str] = {}
        self.claimed: dict[tuple[str, str], str] = {}
        self.table: Counter[tuple[str, str, str]] = Counter()
        self.money: Counter[str] = Counter()
        self.faults: list[list[Any]] = []
        self.rows: dict[str, list[list[Any]]] = defaultdict(list)

    def row(self, unit: str, path: Path, sheet: str, number: int, row: dict[str, Any]) -> None:
        """Check a row and count it."""
        faults = [f"{label}没有填" for label in REQUIRED[sheet] if not row.get(label)]
        identity = row.get("身份证号码")
        if identity and not good_id(identity):
            faults.append("身份证号码不对")
        if not faults and sheet == "持证人员":
            self.holder(unit, identity or "", row, faults)
        if not faults and sheet == "证书奖励申请":
            self.claim(unit, identity or "", row, faults)
        self.faults += [[path.name, unit, sheet, number, fault] for fault in faults]

    def holder(self, unit: str, identity: str, row: dict[str, Any], faults: list[str]) -> None:
        """A person and level counts once."""
        key = identity, row["级别"]
        first = self.counted.setdefault(key, unit)
        if first != unit:
            faults.append(f"{first}已报过")
        elif key not in self.claimed:
            self.claimed[key] = ""
            self.table[row["培育范围"], row["级别"], row["发证日期"][:4]] += 1

    def claim(self, unit: str, identity: str, row: dict[str, Any], faults: list[str]) -> None:
        """A person and level is paid once."""
        key = identity, row["申请级别"]
        if key not in self.counted:
            faults.append("持证人员中没有")
        elif float(row["申请金额"]) != AMOUNTS.get(row["申请级别"]):
            faults.append("金额不对")
        elif self.claimed.get(key) and self.claimed[key] != unit:
            faults.append(f"{self.claimed[key]}已申请过")
        elif not self.claimed.get(key):
            self.claimed[key] = unit
            self.money[unit] += AMOUNTS[row["申请级别"]]


def read(path: Path, summary: Summary, *, full: bool) -> None:
    """One workbook, sheet by sheet."""
    with pd.ExcelFile(path, engine="openpyxl") as book:
        cover = pd.read_excel(book, sheet_name="封面", header=None, dtype=str)
        unit = dict(zip(cover[0], cover[1], strict=True))["填报单位"]
        for sheet, frame in pd.read_excel(book, sheet_name=list(REQUIRED), dtype=str).items():
            rows: list[dict[str, Any]] = frame.where(frame.notna(), None).to_dict("records")  # type: ignore[assignment]
            for number, row in enumerate(rows, 2):
                summary.row(unit, path, sheet, number, row)
                if full:
                    summary.rows[sheet].append([unit, *row.values()])


def write(target: str, summary: Summary) -> None:
    """A workbook with the sum, the money, the faults and, where they were kept, the rows."""
    book = Workbook()
    page = book.worksheets[0]
    page.title = "汇总"
    page.append(["培育范围", "级别", "年度", "人数"])
    for key, number in sorted(summary.table.items()):
        page.append([*key, number])
    _list(book, "奖励金额", [["单位", "金额"], *map(list, summary.money.items())])
    _list(book, "问题", [["文件", "单位", "表", "行", "问题"], *summary.faults])
    for sheet, rows in summary.rows.items():
        _list(book, sheet, rows)
    book.save(target)


def _list(book: Workbook, title: str, rows: list[list[Any]]) -> None:
    page = book.create_sheet(title)
    for row in rows:
        page.append(row)


def main() -> None:
    """Read all, write one workbook."""
    summary = Summary()
    for path in workbooks():
        read(path, summary, full=sys.argv[3:] == ["full"])
    write(sys.argv[2], summary)
    print(f"script: {len(summary.faults)} faults, {sum(summary.table.values())} counted")


if __name__ == "__main__":
    main()
