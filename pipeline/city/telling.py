"""What the city's job says: one JSON object, or a page for the terminal."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path
from traceback import format_exception
from typing import Any

from rich.console import Console
from rich.table import Table

from pipeline.calendar import Quarter, chinese_day
from pipeline.city.job import CityOutcome, run
from pipeline.city.offices import City
from pipeline.city_report import CityReport
from pipeline.cli_parts import shown
from pipeline.faults import CannotGoOn, explain_fault
from pipeline.findings import Severity
from pipeline.machine import as_object
from pipeline.terminal import progress_bars, write_json


class IncompleteError(CannotGoOn):
    """Some districts' runs failed; the others' results are written."""


def run_and_tell(
    city: City, today: date, quarter: Quarter | None, dry: bool, workers: int, as_machine: bool
) -> None:
    """The city's job for the command line; raises IncompleteError at the end where a district's run failed."""
    with progress_bars() as progress:
        outcome = run(city, today, quarter, dry, workers, progress)
    if as_machine:
        write_json(as_json(outcome))
    else:
        show(outcome, Console(highlight=False))
    if outcome.failures:
        raise IncompleteError("\n".join(_explained(city, name, error) for name, error in outcome.failures.items()))


def _explained(city: City, name: str, error: Exception) -> str:
    if isinstance(error, CannotGoOn):
        return f"{name}：{error}"
    folder = next(office.outputs for office in city.districts if office.config.district == name)
    return f"{name}：{explain_fault(error, ''.join(format_exception(error)), folder)}"


def as_json(outcome: CityOutcome) -> str:
    """Each district's object as contract.md has it, and the sum of all; ID numbers never stand in it."""
    return json.dumps({
        "districts": {name: as_object(one, [*map(shown, outcome.written.get(name, []))])
                      for name, one in outcome.report.districts.items()},
        "total": _total(outcome.report, [shown(outcome.workbook)] if outcome.workbook else []),
    }, ensure_ascii=False, indent=1)


def _total(report: CityReport, workbook: list[Path]) -> dict[str, Any]:
    taken = [(one.sector, one.level, one.year) for one in report.deductions if not one.outside]
    cells = [replace(cell, actual=cell.actual - taken.count((cell.sector, cell.level, cell.year))) for cell in report.cells]
    return {
        "name": report.name, "quarter": str(report.quarter), "today": report.today.isoformat(), "stale": report.stale,
        "files": asdict(report.files),
        "table": [{key: getattr(cell, key) for key in ("layer", "sector", "level", "year", "target", "actual")} for cell in cells],
        "sectors": [{
            "sector": line.sector, "demand_target": line.demand_target, "demand_actual": line.demand_actual,
            "existing_target": line.existing_target, "existing_actual": line.existing_actual - taken.count((line.sector, None, None)),
            "target": line.target, "actual": sum(cell.actual for cell in cells if cell.sector == line.sector),
        } for line in report.sectors],
        "total": {"target": report.target, "actual": report.actual, "persons": report.persons,
                  "summed": report.summed, "deducted": report.deducted},
        "outside": report.outside,
        "deductions": [_without(asdict(one), "name", "id_number") for one in report.deductions],
        "repeats": [_without(asdict(one), "name", "id_number") for one in report.repeats],
        "written": [path.as_posix() for path in workbook],
    }


def _without(mapping: dict[str, Any], *names: str) -> dict[str, Any]:
    return {key: value for key, value in mapping.items() if key not in names}


def show(outcome: CityOutcome, console: Console) -> None:
    """Print each district's figures, the sum, what was blocked, and what was written."""
    report = outcome.report
    console.print(f"\n[bold]{report.name}　{report.quarter.chinese}[/bold]　{chinese_day(report.today)}运行"
                  f"　收件 {report.files.read}（新 {report.files.read - report.files.unchanged}）")
    table = Table(title=f"{len(report.districts)} 个区县", title_justify="left")
    for at, column in enumerate(("区县", "计划", "实际", "申请", "跨区重复", "退回", "复核")):
        table.add_column(column, justify="left" if at == 0 else "right")
    for name, one in report.districts.items():
        found = [line.finding.severity for line in one.findings]
        blocked = sum(repeat.later.district == name for repeat in report.repeats)
        table.add_row(f"{name}（上次的台账）" if name in report.stale else name, str(one.total.target), str(one.total.actual),
                      str(len(one.claims)), str(blocked), str(found.count(Severity.RETURNED)), str(found.count(Severity.REVIEW)))
    table.add_row("各区县合计", str(report.target), str(report.summed), "", str(len(report.repeats)), style="bold")
    table.add_row("减：跨区重复计入", "", str(report.deducted))
    table.add_row("全市合计", str(report.target), str(report.actual), style="bold")
    console.print(table)
    written = sum(map(len, outcome.written.values()))
    console.print(f"写出各区县文件 {written} 个" + (f"，全市汇总：{shown(outcome.workbook).as_posix()}" if outcome.workbook else ""),
                  soft_wrap=True)
