"""One district's month: 25 filled-in workbooks, always the same."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from xlsxwriter import Workbook

from pipeline.config import Config
from pipeline.idnumber import check_digit
from pipeline.sheets import CERTIFICATE_AWARDS, CERTIFICATES, COVER, COVER_LABEL, ESTABLISHMENTS, Sheet

WORKBOOKS, ESTABLISHED, HOLDERS, CLAIMS = 25, 20, 20, 5
_LEVELS = {"初级": 1000, "中级": 2000}


def write_month(config: Config, folder: Path) -> int:
    """Write a workbook for each reporting unit, and corrected ones up to 25; gives the number of data rows."""
    units = config.reporting_units
    for place in range(WORKBOOKS):
        unit, filled_on = units[place % len(units)], f"2020-09-{1 + place // len(units):02d}"
        with Workbook(folder / f"{place:02d}{unit}.xlsx", {"strings_to_numbers": False}) as book:
            cover = book.add_worksheet(COVER_LABEL)
            answers = (unit, "2020-08", "经办人甲", "13800000000", None, filled_on, "否", config.template_version)
            for row, (column, answer) in enumerate(zip(COVER, answers, strict=True)):
                cover.write_row(row, 0, [column.label, answer])
            _fill(book, ESTABLISHMENTS, _establishments(unit))
            _fill(book, CERTIFICATES, _holders(unit, units.index(unit)))
            _fill(book, CERTIFICATE_AWARDS, _claims(unit, units.index(unit)))
    return WORKBOOKS * (ESTABLISHED + HOLDERS + CLAIMS)


def _fill(book: Workbook, sheet: Sheet, rows: Iterator[dict[str, object]]) -> None:
    page = book.add_worksheet(sheet.label)
    page.write_row(0, 0, [column.label for column in sheet.columns])
    for number, row in enumerate(rows, 1):
        page.write_row(number, 0, [row.get(field) for field in sheet.fields])


def _establishments(unit: str) -> Iterator[dict[str, object]]:
    for number in range(ESTABLISHED):
        yield {"establishment": f"{unit}{number}号厂", "establishment_type": "工矿企业",
               "headcount": 100 + 20 * number, "surveyed_on": "2020-03-01"}


def _person(unit: str, place: int, number: int) -> dict[str, object]:
    """What a person's rows have in common in every sheet."""
    first17 = f"330503{date(1970, 1, 1) + timedelta(days=97 * number):%Y%m%d}{place:03d}"
    return {
        "name": f"人员{place}之{number}", "id_number": first17 + check_digit(first17), "employer": f"{unit}0号厂",
        "level": list(_LEVELS)[number % 2], "certificate_number": f"SL{place:03d}{number:05d}",
        "issued_on": f"2020-0{1 + number % 6}-15",
    }


def _holders(unit: str, place: int) -> Iterator[dict[str, object]]:
    for number in range(HOLDERS):
        yield _person(unit, place, number) | {"sector": "工矿300人以下", "route": "考试取得"}


def _claims(unit: str, place: int) -> Iterator[dict[str, object]]:
    for number in range(CLAIMS):
        person = _person(unit, place, number)
        yield person | {
            "applied_on": "2020-08-20", "employer_nature": "生产经营单位", "phone": "13800000000",
            "collected_on": "2020-07-01", "amount": _LEVELS[str(person["level"])], "signed": "是", "id_copy": "√",
            "certificate_copy": "√", "employer_opinion": "属实",
        }
