"""Files for tests in which the attacks stand wherever a file can hold text: cells, headings, names of sheets, covers."""

from __future__ import annotations

import csv
import io
from typing import Any

from openpyxl import Workbook

from pipeline.sheets import BY_KEY, COVER, SHEETS, Kind
from tests.support.attacks import ATTACKS, armed, mark
from tests.support.desk import award, candidate, decision, holder, introduced, other, supervisor, survey, talent
from tests.support.papers import saved
from tests.support.workbooks import workbook

NUMBERS = range(len(ATTACKS))
OWN_TEXTS = (Kind.TEXT, Kind.NAME, Kind.CODE, Kind.PHONE, Kind.USCC)


def attacked(kind: str, number: int, row: dict[str, Any]) -> dict[str, Any]:
    """The row with the attack in every column that takes any text."""
    return row | {one.field: mark(number) for one in BY_KEY[kind].columns if one.kind in OWN_TEXTS}


def rows_of(kind: str) -> list[dict[str, Any]]:
    """A row of the sheet for each attack."""
    makers = {
        "establishments": lambda at: survey(), "candidates": candidate, "certificate_awards": award,
        "supervisors": lambda at: supervisor(serial=at), "other_awards": lambda at: other("高层次人才", at),
        "activities": lambda at: {"held_on": "2020-08-01", "activity": "考前交流"},
        "leavers": lambda at: {"id_number": holder(at)["id_number"], "change": "离职", "left_on": "2020-08-01"},
        "certificates": holder,
        "talent_awards": lambda at: talent(300 + at),
    }
    return [attacked(kind, at, makers[kind](at)) for at in NUMBERS]


def texts_everywhere() -> bytes:
    """One unit's whole month, the attacks in every text column of every sheet."""
    kinds = [sheet.key for sheet in SHEETS if not sheet.deciding]
    sheets = {kind: rows_of(kind) for kind in kinds}
    sheets["certificates"] += [attacked("certificates", at, introduced(300 + at)) for at in NUMBERS]
    return armed(workbook("练市镇", "2020-08", sheets))


def hostile_sheets() -> bytes:
    """A sheet named by each attack, with a sound row, a row of attacks in every column, and a column of that name."""
    made = Workbook()
    cover = made.worksheets[0]
    cover.title = "封面"
    values = {"unit": "双林镇", "month": "2020-08"}
    for at, column in enumerate(COVER):
        cover.append([column.label, values.get(column.field, mark(at))])
    columns = BY_KEY["certificates"].columns
    for at in NUMBERS:
        page, sound = made.create_sheet(f"{mark(at)}{at}"), holder(500 + at)
        page.append([*(column.label for column in columns), mark(at)])
        page.append([*(sound.get(column.field) for column in columns), mark(at)])
        page.append([mark(at)] * (len(columns) + 1))
    made.create_sheet("另一张").append([mark(0)])
    return armed(saved(made))


def unknown_units() -> dict[str, bytes]:
    """Covers whose unit, or whose month, is an attack."""
    covers = [(mark(at), "2020-08") if at % 2 else ("菱湖镇", mark(at)) for at in NUMBERS]
    return {f"封面{at}.xlsx": armed(workbook(*cover, {"certificates": [holder(at)]})) for at, cover in enumerate(covers)}


def registers() -> bytes:
    """The sheets that deciding bodies send, for claims and findings that are none."""
    sound: dict[str, dict[str, Any]] = {
        "decisions": decision("x", "初审"), "resolutions": {"conclusion": "属实", "decided_on": "2020-09-01"},
        "bar_list": {"id_number": holder(901)["id_number"], "barred_on": "2020-09-01"},
        "outside_awards": {"id_number": holder(902)["id_number"], "granted_on": "2020-09-01"},
    }
    return armed(workbook("区应急管理局", "2020-08", {
        kind: [attacked(kind, at, row) for at in NUMBERS] for kind, row in sound.items()}))


def as_csv() -> bytes:
    """What a text file can hold: no NUL, no half characters."""
    columns = BY_KEY["certificates"].columns
    target = io.StringIO()
    writer = csv.writer(target)
    writer.writerow([column.label for column in columns])
    for at in NUMBERS:
        row = holder(600 + at) | {one.field: ATTACKS[at] for one in columns if one.kind in OWN_TEXTS}
        writer.writerow([row.get(column.field) for column in columns])
    return target.getvalue().replace("\x00", "").encode("utf-8", "ignore")
