"""A city of three districts for tests: two by the same plan, one by another, with real folders and workbooks."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from pipeline.calendar import Quarter
from pipeline.city.job import CityOutcome, run
from pipeline.city.offices import City, load_city
from pipeline.city_report import CityReport
from tests.support.desk import ROOT, award, decision, holder
from tests.support.workbooks import workbook

EAST, WEST, CLOUD = "东浔区", "西浔区", "云溪县"
Q3 = Quarter(2024, 3)  # all three plans know certificates of before it
DAY, LATER = date(2024, 10, 9), date(2024, 10, 20)


def write_configs(folder: Path, listed: Sequence[str] = (EAST, WEST, CLOUD)) -> Path:
    """The city's config.yaml, which lists some of the districts, beside those of all three; gives its path."""
    plan = (ROOT / "config.yaml").read_text(encoding="utf-8")
    for name, prefix in ((EAST, "DX"), (WEST, "XX")):
        place = folder / name / "config.yaml"
        place.parent.mkdir(parents=True)
        text = plan.replace("district: 南浔区", f"district: {name}").replace("claim_prefix: NX", f"claim_prefix: {prefix}")
        place.write_text(text, encoding="utf-8")
    (folder / CLOUD).mkdir()
    shutil.copy(ROOT / "tests" / "cases" / "second_district" / "config.yaml", folder / CLOUD)
    path = folder / "city.yaml"
    places = ", ".join(f"{name}/config.yaml" for name in listed)
    path.write_text(f"name: 湖山市\noffice: 湖山市安委办\ndistricts: [{places}]\n", encoding="utf-8")
    return path


def city(folder: Path, listed: Sequence[str] = (EAST, WEST, CLOUD)) -> City:
    """The city with inputs/ and outputs/ in a folder."""
    return load_city(write_configs(folder / "configs", listed), folder / "inputs", folder / "outputs")


def drop(made: City, district: str, name: str, unit: str, month: str, sheets: Mapping[str, list[dict[str, Any]]], **cover: Any) -> None:
    """Put a workbook into a district's inputs/."""
    path = made.outputs.parent / "inputs" / district / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(workbook(unit, month, sheets, **cover))


def go(made: City, day: date = DAY, dry: bool = False) -> CityOutcome:
    """One run of the whole city."""
    return run(made, day, Q3, dry, 1, lambda *_: None)


def states(report: CityReport) -> dict[str, str]:
    """Claim number → state, over all districts."""
    return {claim.number: claim.state for one in report.districts.values() for claim in one.claims}


def newest_award(serial: int = 1, amount: float = 2000.0, **changes: Any) -> dict[str, Any]:
    """A claim that is sound by all three plans, but for the amount."""
    return award(serial, issued_on="2024-07-05", collected_on=None, applied_on="2024-08-20", amount=amount) | changes


def cloud_holder(serial: int, **changes: Any) -> dict[str, Any]:
    """A certificate that is sound by the plan of 云溪."""
    return holder(serial, sector="矿山", issued_on="2024-07-05", **changes)


def asks(made: City, district: str, unit: str, serial: int = 1, month: str = "2024-08", name: str = "", **changes: Any) -> None:
    """A unit of a district reports a person and claims the award."""
    if district == CLOUD:
        rows = {"certificates": [cloud_holder(serial)], "certificate_awards": [newest_award(serial, 2500.0, **changes)]}
    else:
        rows = {"certificates": [holder(serial, issued_on="2024-07-05")], "certificate_awards": [newest_award(serial, **changes)]}
    drop(made, district, name or f"{unit}{month}.xlsx", unit, month, rows, filled_on="2024-09-03")


def decides(made: City, district: str, unit: str, claim: str, stage: str = "初审", opinion: str = "核准") -> None:
    """A deciding body of a district sends in what it decided on a claim."""
    drop(made, district, f"{claim}{stage}{opinion}.xlsx", unit, "2024-09",
         {"decisions": [decision(claim, stage, opinion, "2024-10-08")]}, filled_on="2024-10-08")


def texts(path: Path, sheet: str) -> list[list[Any]]:
    """What stands in a sheet, row by row, without the blank cells."""
    return [[cell for cell in row if cell is not None] for row in load_workbook(path, data_only=True)[sheet].iter_rows(values_only=True)]
