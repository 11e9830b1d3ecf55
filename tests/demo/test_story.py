"""The fictional district itself: its numbers are valid, it is the same each time, and no promised mess is missing."""

from __future__ import annotations

import hashlib
import io
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from datetime import date
from functools import cache
from pathlib import Path, PurePosixPath

import msoffcrypto
import pytest
from stdnum.cn import uscc

from pipeline import demo
from pipeline.config_file import load
from pipeline.demo.months import Plan, plan
from pipeline.demo.pages import Printed
from pipeline.demo.paper import Cell, Formula, Row
from pipeline.demo.people import mistyped, wrong_checksum
from pipeline.findings import Severity
from pipeline.idnumber import fault
from pipeline.rules.people import differing_places
from pipeline.sheets import SHEETS

ROOT = Path(__file__).parents[2]
CONFIG = load(ROOT / "config.yaml")
RULES = [*(f"N{number:02d}" for number in range(14)), "T04", "D08", "I01", "I04", "F02", "F03", "F05", "F07", "F08",
         "F09", "G01", "G02", "G03", "G04", "R1", "R2", "R3", "R4"]
STATES = ["待初审", "待复审", "待发放", "已发放", "不核准", "退回", "重复", "已追回"]


@cache
def planned() -> Plan:
    return plan(CONFIG)


@cache
def truth() -> demo.Truth:
    return demo.truth(CONFIG)


@cache
def files() -> dict[str, bytes]:
    return {path: content for arrival in demo.arrivals(CONFIG) for path, content in arrival.files.items()}


def rows(kind: str) -> Iterator[Row]:
    for printed in planned().filed:
        yield from printed.filed.sheets.get(kind, [])


def cells() -> Iterator[tuple[Printed, Cell]]:
    return ((printed, cell) for printed in planned().filed for page in printed.pages for cell in page.cells.values())


def some_text(pattern: str) -> Callable[[], bool]:
    return lambda: any(isinstance(cell, str) and re.fullmatch(pattern, cell) for _, cell in cells())


def some_habit(name: str, *values: object) -> Callable[[], bool]:
    return lambda: {getattr(printed.habit, name) for printed in planned().filed if printed.filed.sheets} >= set(values)


def some_bytes(start: bytes) -> Callable[[], bool]:
    return lambda: any(content.startswith(start) for content in files().values())


def some_csv(encoding: str) -> Callable[[], bool]:
    return lambda: any(path.endswith(".csv") and content.decode(encoding, "ignore").encode(encoding) == content
                       for path, content in files().items())


def xml_has(pattern: bytes) -> Callable[[], bool]:
    def found() -> bool:
        for content in files().values():
            if content.startswith(b"PK") and zipfile.is_zipfile(io.BytesIO(content)):
                with zipfile.ZipFile(io.BytesIO(content)) as archive:
                    if any(re.search(pattern, archive.read(name)) for name in archive.namelist()):
                        return True
        return False
    return found


CASES: dict[str, Callable[[], bool]] = {
    "full-width ID": some_text(r"[０-９]{17}[０-９Ｘ]"),
    "lower-case x": some_text(r"'?\d{17}x"),
    "ID with spaces": some_text(r"\d{6} \d{8} \d{3}[\dX]"),
    "apostrophe before an ID": some_text(r"'\d{17}[\dx]"),
    "invisible characters around an ID": some_text("\u200b\\d{17}[\\dx]\ufeff"),
    "ID of 15 digits": some_text(r"\d{15}"),
    "ID as a number": lambda: any(isinstance(cell, float) and cell > 1e17 for _, cell in cells()),
    "certificate number as a number": lambda: any(isinstance(cell, float) and cell > 1e19 for _, cell in cells()),
    "name with spaces": some_text(r"[\u4e00-\u9fff]  [\u4e00-\u9fff]{2}"),
    "name with a dot": some_text(r"阿依·甲子"),
    "real dates": lambda: any(isinstance(cell, date) for _, cell in cells()),
    "workbook with dates since 1904": xml_has(rb'date1904="1"'),
    "date with dots": some_text(r"\d{4}\.\d{1,2}\.\d{1,2}"),
    "date with slashes": some_text(r"\d{4}/\d{1,2}/\d{1,2}"),
    "Chinese date": some_text(r"\d{4}年\d{1,2}月\d{1,2}日"),
    "date of digits alone": some_text(r"20\d{6}"),
    "impossible date": some_text(r"\d{4}-02-30"),
    "amount with a comma": some_text(r"[1-4],000"),
    "amount with its unit": some_text(r"\d{4}元"),
    "headcount with its unit": some_text(r"\d+人"),
    "level with an ending": some_text("[初中高]级职称"),
    "choice with spaces": some_text("初 级|中 级"),
    "sector in the plan's words": some_text("从业人员300人以上的工矿企业"),
    "merged data cells": lambda: any(printed.filed.merges for printed in planned().filed),
    "header of two rows": some_habit("two_rows", True),
    "columns in another order": some_habit("own_order", True),
    "other headings": some_habit("aliases", True),
    "example row": some_text("示例"),
    "instructions": some_text("填表说明：.*"),
    "signatures": some_text("填表人：.*"),
    "total row": some_text("合计"),
    "subtotal row": some_text("小计"),
    "repeated header": some_habit("header_again", True),
    "empty rows between data": some_habit("gaps", True),
    "hidden row": xml_has(rb'<row [^>]*hidden="1"'),
    "comment": xml_has(rb"<comments "),
    "formula without a value": lambda: any(isinstance(cell, Formula) for _, cell in cells()),
    "unknown sheet": lambda: any(page.name == "联系方式" for printed in planned().filed for page in printed.pages),
    "sheet without its name": lambda: any(page.name == "Sheet2" for printed in planned().filed for page in printed.pages),
    "sheet with more than its name": some_habit("sheet_name", "{label}名单", "{label} (2)"),
    "month in every spelling": some_habit("month", "iso", "chinese", "digits", "date", "long"),
    "several formats": some_habit("format", "xlsx", "openpyxl", "ods", "csv"),
    "CSV in UTF-8": some_csv("utf-8"),
    "CSV in GB18030": some_bytes("序号,".encode("gb18030")),
    "locked workbook": lambda: any(content.startswith(b"\xd0\xcf") and msoffcrypto.OfficeFile(io.BytesIO(content)).is_encrypted()
                                   for content in files().values()),
    "half a workbook": lambda: any(content.startswith(b"PK") and not zipfile.is_zipfile(io.BytesIO(content))
                                   for content in files().values()),
    "scan under a workbook's name": some_bytes(b"%PDF"),
    "empty file": lambda: b"" in files().values(),
    "identical file twice": lambda: len(set(files().values())) < len(files()),
    "nil return": lambda: any(printed.filed.nil for printed in planned().filed),
    "several folders": lambda: len({PurePosixPath(path).parts[0] for path in files()}) > 30,
}


@pytest.mark.parametrize("case", CASES)
def test_every_promised_kind_of_mess_is_there(case):
    assert CASES[case]()


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_of_the_issue_has_something_to_find(rule):
    assert rule in {found[1] for found in truth().findings}


def test_every_state_of_a_claim_is_reached():
    assert set(truth().claims.values()) == set(STATES)


def test_every_kind_of_sheet_is_filled_in_but_for_the_resolutions():
    filled = {kind for printed in planned().filed for kind, of_kind in printed.filed.sheets.items() if of_kind}
    assert filled == {sheet.key for sheet in SHEETS} - {"resolutions"}


def test_every_meant_id_number_is_valid_and_belongs_to_one_name():
    names: dict[object, set[object]] = {}
    for sheet in SHEETS:
        for row in rows(sheet.key):
            if "id_number" in row.values and not any(found.rule == "N05" for found in row.faults):
                names.setdefault(row.values["id_number"], set()).add(row.values["name"])
    assert not [number for number in names if fault(str(number))]
    assert not [held for held in names.values() if len(held) > 1]


def test_every_meant_credit_code_is_valid_but_for_the_one_that_is_to_be_found():
    wrong = {row.values["uscc"] for row in rows("establishments") if row.values["uscc"] and not uscc.is_valid(row.values["uscc"])}
    assert len(wrong) == 1


def test_a_mistyped_number_is_valid_and_differs_in_two_places():
    number = next(str(row.values["id_number"]) for row in rows("certificates"))
    assert fault(mistyped(number)) is None
    assert differing_places(number, mistyped(number)) == 2
    assert fault(wrong_checksum(number)) is not None


def test_the_district_nearly_reaches_its_targets():
    last = truth().quarters["2021Q4"]
    assert 90 <= sum(last.table.values()) <= 115
    assert sum(truth().quarters["2019Q4"].table.values()) < 45
    assert all(last.existing[sector] > 0 for sector in CONFIG.sector_names)
    assert 40 <= last.demand["工矿300人以上"] <= 55


def test_most_rows_are_clean():
    certificates = list(rows("certificates"))
    grave = [row for row in certificates if any(found.severity is not Severity.NOTE for found in row.faults)]
    assert len(certificates) > 150
    assert len(grave) < len(certificates) / 8


def test_files_come_on_about_forty_days_in_order_and_never_twice_under_one_name():
    days = [arrival.day for arrival in demo.arrivals(CONFIG)]
    assert days == sorted(set(days))
    assert 36 <= len(days) <= 42
    assert sum(len(arrival.files) for arrival in demo.arrivals(CONFIG)) == len(files())


def test_some_returns_are_missing_and_some_late_but_most_come_in_time():
    missing = [one for quarter in truth().quarters.values() for one in quarter.missing]
    assert 3 <= len(missing) <= 30
    assert 10 <= len(truth().late) <= 40


def test_the_same_bytes_come_from_another_process():
    command = "import tests.demo.test_story as story; print(story.digest())"
    environment = {**os.environ, "PYTHONHASHSEED": "7", "PYTHONPATH": str(ROOT)}
    run = subprocess.run([sys.executable, "-c", command], cwd=ROOT, env=environment, capture_output=True, check=True)
    assert run.stdout.decode().strip() == digest()


def digest() -> str:
    """One fingerprint of every path and byte."""
    total = hashlib.sha256()
    for path, content in files().items():
        total.update(path.encode() + b"\0" + content)
    return total.hexdigest()
