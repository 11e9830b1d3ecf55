"""A city of three districts for tests: two by the same plan, one by another, with real folders and workbooks."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from pipeline.calendar import Quarter
from pipeline.city.job import CityOutcome, run
from pipeline.city.offices import City, load_city
from pipeline.city_report import CityReport
from tests.support.desk import ROOT, award
from tests.support.workbooks import workbook

EAST, WEST, CLOUD = "东浔区", "西浔区", "云溪县"
Q3 = Quarter(2024, 3)  # all three plans know certificates of before it
DAY = date(2024, 10, 9)


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
