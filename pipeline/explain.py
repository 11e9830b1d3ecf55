"""`why`: the people behind one figure of the table, and the rows that were left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from pipeline.book import Book, records
from pipeline.calendar import Quarter
from pipeline.config import Config
from pipeline.findings import Finding
from pipeline.idnumber import mask
from pipeline.monthly import as_of
from pipeline.office import Office
from pipeline.rollup import place_certificates
from pipeline.sheets import CERTIFICATES, spellings_of

_REASONS = {
    "later": "T03 发证日期（引进的按引进日期）在季末之后", "baseline": "T04 基准日及以前取得，计入现有数量",
    "introduced": "T05 引进人员按现行口径不计入", "unregistered": "T01 季度末尚未注册，按现行口径不计入",
    "level": "T02 这个级别没有计划数，列在合计之下", "sector": "T03 培育范围不在计划表内，列在合计之下",
    "superseded": "R2 已被更正件代替或撤回", "duplicate": "R3 同一人同一级别已计过一次",
}


@dataclass(frozen=True)
class Line:
    """One row behind (or left out of) a figure; `reason` is empty where it is counted."""

    name: str
    id_number: str  # masked
    day: str
    file: str
    sheet: str
    row: int
    reason: str


def sector_named(asked: str, config: Config) -> str:
    """A sector by the words of the plan's table or by its short name; what is neither stays as it is."""
    return spellings_of(CERTIFICATES.column("sector"), config).get(asked, asked)


def unknown(sector: str, level: str, year: int, config: Config) -> str | None:
    """Why there is no such cell in the table, in Chinese."""
    for name, asked, known in (("培育范围", sector, [*config.sector_names, config.other_sector]),
                               ("级别", level, config.levels), ("年度", year, config.years)):
        if asked not in known:
            return f"没有“{asked}”这个{name}，可选：{'、'.join(map(str, known))}"
    return None


def cell(
    office: Office, sector: str, level: str, year: int, quarter: Quarter | None, today: date
) -> tuple[list[Line], list[Line]]:
    """The rows counted in one cell, and those of the same sector, level and year that were left out."""
    outcome = as_of(office, today, today, quarter, dry=True)
    placed = place_certificates(outcome.judgement.rows["certificates"], outcome.report.quarter, office.config)
    day = placed["introduced_on"].where(placed["route"] == "引进", placed["issued_on"])
    here = placed[(placed["table_sector"].fillna(placed["sector"]) == sector) & (placed["level"] == level)
                  & (day.fillna("").str[:4] == str(year))]
    lines = [_line(row, outcome.book, outcome.judgement.findings) for row in records(here)]
    return [line for line in lines if not line.reason], [line for line in lines if line.reason]


def _line(row: dict[str, object], book: Book, findings: list[Finding]) -> Line:
    origin = (row["submission"], row["sheet"], row["row"])
    day = row["introduced_on"] if row["route"] == "引进" else row["issued_on"]
    return Line(
        name=str(row["name"] or ""), id_number=mask(str(row["id_number"] or "")), day=str(day or ""),
        file=book.submissions[int(str(origin[0]))].source, sheet=str(origin[1]), row=int(str(origin[2])),
        reason=reason_of(row, [found for found in findings if (found.submission, found.sheet, found.row) == origin]),
    )


def reason_of(row: Mapping[str, object], findings: Sequence[Finding]) -> str:
    """Why a placed row of 持证人员 is not in the table's count, in Chinese, from what was found on it; empty where it is."""
    if row["status"] == "counted":
        return ""
    if row["status"] == "returned":
        return "；".join(f"{found.rule} {found.message}" for found in findings if found.severity == "退回")
    key = row["place"] if row["status"] == "outside" else row["status"]
    reason = _REASONS[str(key)]
    repeated = [found.message for found in findings if found.rule == "R4"]
    return f"{reason}；R4 {repeated[0]}" if repeated else reason
