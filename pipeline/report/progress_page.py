"""进度.html: the quarter on one page that opens by double click, without a network.

Nothing of it is fetched, and a strict policy in its head lets run and style nothing but what stands here.
"""

from __future__ import annotations

from base64 import b64encode
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from itertools import groupby
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from pipeline.calendar import chinese_day
from pipeline.config import Config
from pipeline.files import TEMPLATES
from pipeline.findings import Severity
from pipeline.level_trends import level_trends
from pipeline.plan_figures import attainment, number, of_cells, of_level, of_year, span
from pipeline.quarter_report import MonthlyReturn, QuarterReport, SectorLine, UnitLine
from pipeline.report.page_data import page_data
from pipeline.report.svg_charts import attainment_chart, trend_chart


@dataclass(frozen=True, slots=True)
class Figure:
    """An actual and where its rows are: a list of the page and what they have in its columns."""

    actual: int
    source: str
    where: dict[str, str]
    name: str


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the plan's table: the three columns before the levels, then level by year, each target and actual."""

    sector: SectorLine | None  # None: the bottom line
    pairs: list[tuple[str, Figure]]
    attainment: str


@dataclass(frozen=True, slots=True)
class UnitRow:
    """One unit's figures, its months as (state, its words), and what its row opens to."""

    line: UnitLine
    returned: int
    review: int
    months: list[tuple[str, str]]


def progress_page(report: QuarterReport, config: Config, workbook_name: str) -> bytes:
    """The page as UTF-8: the same report gives the same bytes."""
    style, script = (Markup((TEMPLATES / f"progress.{kind}").read_text(encoding="utf-8")) for kind in ("css", "js"))  # noqa: S704
    page = _environment().get_template("progress.html.j2").render(
        style=style, script=script, policy=_policy(style, script), config=config, report=report, workbook_name=workbook_name,
        today=chinese_day(report.today), until=chinese_day(min(report.today, report.quarter.last_day)),
        rows=_rows(report, config), units=_units(report), data=page_data(report),
        trends=[(trend, trend_chart(trend)) for trend in level_trends(report.trend, config.target_levels)],
        attainments=attainment_chart(report.sectors),
        by_level={level: of_level(report.cells, level) for level in config.target_levels},
        this_year=of_year(report.cells, report.quarter.year), attainment=attainment, number=number, span=span(report),
    )
    return page.encode()


@cache
def _environment() -> Environment:
    made = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined,
                       trim_blocks=True, lstrip_blocks=True)
    made.policies["json.dumps_kwargs"] = {"ensure_ascii": False, "separators": (",", ":")}  # Chinese in half the bytes
    return made


def _policy(style: str, script: str) -> str:
    """What the browser may do: run and style what stands in the page, by its hash; fetch nothing."""
    hashes = [b64encode(sha256(text.encode()).digest()).decode() for text in (style, script)]
    return (f"default-src 'none'; style-src 'sha256-{hashes[0]}'; script-src 'sha256-{hashes[1]}'; "
            "base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'")


def _rows(report: QuarterReport, config: Config) -> dict[str, list[Row]]:
    """The table's lines by layer, the bottom line under the layer ""."""
    layers = {layer: [_row(report, config, [sector], sector) for sector in same]
              for layer, same in groupby(report.sectors, key=lambda sector: sector.layer)}
    return {**layers, "": [_row(report, config, report.sectors, None)]}


def _row(report: QuarterReport, config: Config, sectors: Sequence[SectorLine], one: SectorLine | None) -> Row:
    where = {"培育范围": one.sector} if one else {}
    name = one.sector if one else "合计"
    target = one.target if one else report.total.target
    actual = one.actual if one else report.total.actual
    pairs = [
        (_sum(line.demand_target for line in sectors),
         Figure(sum(line.demand_actual for line in sectors), "demand", where, f"{name}总体需求数量")),
        (_sum(line.existing_target for line in sectors),
         Figure(sum(line.existing_actual for line in sectors), "existing", where, f"{name}现有数量")),
        (number(target), Figure(actual, "sources", where, f"{name}累计培育数量")),
    ]
    for level in config.target_levels:
        for year in config.years:
            planned, done = of_cells(cell for cell in report.cells if (cell.level, cell.year) == (level, year)
                                     and (one is None or cell.sector == one.sector))
            pairs.append((number(planned), Figure(
                done, "sources", {**where, "级别": level, "年度": str(year)}, f"{name}{level}{year}年")))
    return Row(one, pairs, attainment(target, actual))


def _sum(numbers: Any) -> str:
    known = [one for one in numbers if one is not None]
    return number(sum(known) if known else None)


def _units(report: QuarterReport) -> list[UnitRow]:
    months: dict[str, list[MonthlyReturn]] = defaultdict(list)
    for due in report.returns:
        months[due.unit].append(due)
    found = {severity: defaultdict[str | None, int](int) for severity in Severity}
    for line in report.findings:
        found[line.finding.severity][line.unit] += 1
    return [UnitRow(line, found[Severity.RETURNED][line.unit], found[Severity.REVIEW][line.unit],
                    [(due.state, _said(due)) for due in months[line.unit]]) for line in report.units]


def _said(due: MonthlyReturn) -> str:
    when = f"{due.first_arrived.month}月{due.first_arrived.day}日" if due.state == "迟报" and due.first_arrived else ""
    again = f"更正{due.corrections}次" if due.corrections else ""
    return "，".join(filter(None, (f"{due.state}{when and f'（{when}）'}", again)))
