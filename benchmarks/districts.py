"""A city of many districts in one go: `python -m benchmarks.districts --districts 90`."""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from xlsxwriter import Workbook

from benchmarks.corpus import template_version
from pipeline.config_file import load
from pipeline.idnumber import check_digit
from pipeline.sheets import CERTIFICATE_AWARDS, CERTIFICATES, COVER, COVER_LABEL, ESTABLISHMENTS, Sheet

ROOT = Path(__file__).parents[1]
PEOPLE, CLAIMS, FIRMS = 20, 5, 20  # rows of a workbook
_DAYS = 7000  # of birth
_AMOUNTS = {"初级": 1000, "中级": 2000}


def name_of(district: int) -> str:
    """The name of a district, which is its folder's too."""
    return f"第{district + 1:03d}区"


def write_configs(folder: Path, districts: int) -> Path:
    """A city.yaml and a copy of config.yaml for each district; gives the former."""
    plan = (ROOT / "config.yaml").read_text(encoding="utf-8")
    listed = []
    for at in range(districts):
        prefix = "".join(chr(ord("A") + at // 26**power % 26) for power in (2, 1, 0))
        path = folder / f"{name_of(at)}.yaml"
        path.write_text(plan.replace("district: 南浔区", f"district: {name_of(at)}")
                        .replace("claim_prefix: NX", f"claim_prefix: {prefix}"), encoding="utf-8")
        listed.append(path.name)
    city = folder / "city.yaml"
    city.write_text(f"name: 某市\noffice: 某市安委办\ndistricts: [{', '.join(listed)}]\n", encoding="utf-8")
    return city


def write_workbooks(inputs: Path, district: int, workbooks: range, month: str = "2020-08") -> None:
    """A district's returns; its first unit also reports and claims for the first person of the district before."""
    units = load(ROOT / "config.yaml").reporting_units
    folder = inputs / name_of(district)
    folder.mkdir(parents=True, exist_ok=True)
    for at in workbooks:
        people = [_person(district, at, number) for number in range(PEOPLE)]
        claims = people[:CLAIMS]
        if at == 0 and district:
            twice = _person(district - 1, 0, 0)
            people, claims = [*people, twice], [*claims, twice]
        _write(folder / f"{month}{at:03d}.xlsx", units[at % len(units)], month, {
            ESTABLISHMENTS: list(_firms(units[at % len(units)])),
            CERTIFICATES: [one | {"sector": "工矿300人以下", "route": "考试取得"} for one in people],
            CERTIFICATE_AWARDS: [_claim(one) for one in claims]})


def _write(path: Path, unit: str, month: str, sheets: dict[Sheet, list[dict[str, Any]]]) -> None:
    with Workbook(path, {"strings_to_numbers": False}) as book:
        cover = book.add_worksheet(COVER_LABEL)
        answers = (unit, month, "经办人甲", "13800000000", None, f"{month}-28", "否", template_version())
        for row, (column, answer) in enumerate(zip(COVER, answers, strict=True)):
            cover.write_row(row, 0, [column.label, answer])
        for sheet, rows in sheets.items():
            page = book.add_worksheet(sheet.label)
            page.write_row(0, 0, [column.label for column in sheet.columns])
            for number, values in enumerate(rows, 1):
                page.write_row(number, 0, [values.get(field) for field in sheet.fields])


def _person(district: int, workbook: int, number: int) -> dict[str, Any]:
    serial = (district * 100 + workbook) * PEOPLE + number
    first17 = f"330503{date(1970, 1, 1) + timedelta(days=serial % _DAYS):%Y%m%d}{serial // _DAYS:03d}"
    return {"name": f"人员{serial}", "id_number": first17 + check_digit(first17), "employer": "某厂",
            "level": list(_AMOUNTS)[number % 2], "certificate_number": f"SL{serial:08d}", "issued_on": f"2020-0{1 + number % 6}-15"}


def _claim(person: dict[str, Any]) -> dict[str, Any]:
    return person | {"applied_on": "2020-08-20", "employer_nature": "生产经营单位", "phone": "13800000000",
                     "collected_on": "2020-07-01", "amount": _AMOUNTS[person["level"]], "signed": "是", "id_copy": "√",
                     "certificate_copy": "√", "employer_opinion": "属实"}


def _firms(unit: str) -> Iterator[dict[str, Any]]:
    for number in range(FIRMS):
        yield {"establishment": f"{unit}{number}号厂", "establishment_type": "工矿企业", "headcount": 100 + 20 * number,
               "surveyed_on": "2020-03-01"}


def _run(city: Path, folder: Path, today: str) -> tuple[float, dict[str, Any]]:
    """Seconds of a run of the whole city from the shell, and what it said."""
    start = time.perf_counter()
    run = subprocess.run([sys.executable, "run.py", "--config", str(city), "--inputs", str(folder / "inputs"), "--outputs",
                          str(folder / "outputs"), "--today", today, "--workers", "2", "--json"], cwd=ROOT, capture_output=True,
                         check=True)
    return time.perf_counter() - start, json.loads(run.stdout)


def _check(said: dict[str, Any], actual: int, districts: int) -> None:
    """Stop where a figure is not the one that was put in."""
    total, repeats = said["total"]["total"], said["total"]["repeats"]
    expected = (actual, actual + districts - 1, districts - 1)
    if (total["actual"], total["summed"], len(repeats)) != expected:
        raise SystemExit(f"wrong: {total}, {len(repeats)} repeats; expected {expected}")


def main() -> None:
    """Print what a first run, one with nothing new and one with a workbook more from every district take."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--districts", type=int, default=90)
    asked.add_argument("--workbooks", type=int, default=20, help="of each district, at most one for each unit (20)")
    asked.add_argument("--verify", action="store_true", help="verify all ledgers too")
    options = asked.parse_args()
    districts, workbooks = options.districts, min(options.workbooks, 20)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        city = write_configs(folder, districts)
        for at in range(districts):
            write_workbooks(folder / "inputs", at, range(workbooks))
        people = districts * workbooks * PEOPLE
        first, said = _run(city, folder, "2020-10-08")
        _check(said, people, districts)
        again, said = _run(city, folder, "2020-10-08")
        _check(said, people, districts)
        for at in range(districts):
            write_workbooks(folder / "inputs", at, range(workbooks, workbooks + 1), "2020-09")
        more, said = _run(city, folder, "2020-10-09")
        _check(said, people + districts * PEOPLE, districts)
        print(f"{districts} districts, {districts * workbooks} workbooks, {people} people, {districts - 1} claims made twice")
        for what, seconds, files in (("first run", first, districts * workbooks), ("nothing new", again, 0),
                                     ("one workbook more each", more, districts)):
            print(f"{what:<24}{seconds:9.1f} s{seconds / districts:8.2f} s a district{files:7d} new files")
        if options.verify:
            start = time.perf_counter()
            subprocess.run([sys.executable, "run.py", "--config", str(city), "--inputs", str(folder / "inputs"), "--outputs",
                            str(folder / "outputs"), "verify"], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
            print(f"{'verify':<24}{time.perf_counter() - start:9.1f} s")
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        print(f"largest process {peak:.0f} MB")


if __name__ == "__main__":
    main()
