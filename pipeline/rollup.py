"""Counted rows → the figures of one quarter (contract.md, "Which rows count"). No layout here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date

import pandas as pd

from pipeline.book import CLAIM_KINDS, Book
from pipeline.calendar import Month, Quarter
from pipeline.claim_report import Claim
from pipeline.config import Config
from pipeline.counted_lines import demand_lines, source_lines, trend
from pipeline.faults import CannotGoOn
from pipeline.findings import Finding
from pipeline.instalments import future_instalments
from pipeline.listing import quarter_lists
from pipeline.measures import measure_lines
from pipeline.money import payer_lines
from pipeline.presence import present_holders
from pipeline.quarter_report import FindingLine, QuarterReport, Reconciliation, SectorLine, TableCell, Total, UnitLine
from pipeline.quarter_rows import sound
from pipeline.reading import Submission
from pipeline.returns import monthly_returns
from pipeline.surveys import engineers_of, newest_surveys, sectors_of

COUNTED, OUTSIDE, DUPLICATE = "counted", "outside", "duplicate"
# Why a standing certificate is outside the count, the nearest to counting first.
_PLACES = {"counted": 0, "level": 1, "sector": 1, "unregistered": 1, "later": 2, "baseline": 3, "introduced": 3}


def roll_up(
    book: Book, rows: Mapping[str, pd.DataFrame], claims: list[Claim], findings: list[Finding], quarter: Quarter,
    config: Config, as_of: date | None = None,
) -> QuarterReport:
    """Every figure of the quarter; raises ReconciliationError where the rows do not add up."""
    placed = place_certificates(rows["certificates"], quarter, config)
    surveys = place_establishments(rows["establishments"], quarter, config)
    placed_rows = {**rows, "certificates": placed, "establishments": surveys}
    counted, surveyed = placed[placed["status"] == COUNTED], surveys[surveys["status"] == COUNTED]
    holders = holders_at(placed, sound(rows["leavers"]), quarter)
    last = quarter.months[-1]
    shown = [claim for claim in claims if claim.month <= last]
    instalments = future_instalments(rows, shown, book.today, config)
    cells = _cells(counted, quarter, config)
    return QuarterReport(
        quarter=quarter, today=book.today, as_of=as_of,
        cells=cells, sources=source_lines(counted, book, config), existing=source_lines(holders, book, config),
        demand=demand_lines(surveyed, book, config), trend=trend(counted, cells, quarter, config),
        sectors=_sectors(counted, holders, surveyed, quarter, config),
        total=_total(counted, quarter, config),
        outside=_outside(placed, config),
        reconciliation={kind: _reconciled(frame, len(book.rows[kind])) for kind, frame in placed_rows.items()},
        units=_units(placed_rows, shown, config),
        claims=shown, payers=payer_lines(shown, instalments), instalments=instalments,
        measures=measure_lines(rows["other_awards"], shown, quarter),
        findings=_finding_lines(findings, book, last),
        returns=monthly_returns(book, quarter, config),
        submissions=[one for one in book.submissions.values() if _belongs(one, last)],
        lists=quarter_lists(rows, quarter, book.today, config),
    )


def place_certificates(certificates: pd.DataFrame, quarter: Quarter, config: Config) -> pd.DataFrame:
    """Every row with its final `status` and, where it is outside, `outside` says why.

    Rows that may not count are taken out first; of the rest the same (person, level) counts once,
    for the first in order of arrival.
    """
    frame = certificates.copy()
    frame["table_sector"] = frame["sector"]
    if config.switches.sector_from == "survey":
        frame["table_sector"] = frame["survey_sector"].fillna(frame["sector"])
    stands = frame["status"] == "stands"
    frame["place"] = _place(frame, quarter, config)
    rank = frame.loc[stands, "place"].map(_PLACES)
    ordered = frame.loc[rank.sort_values(kind="stable").index]
    firsts = ordered.drop_duplicates(["id_number", "level"]).index
    frame.loc[stands, "status"] = DUPLICATE
    frame.loc[firsts, "status"] = frame.loc[firsts, "place"].map(lambda place: COUNTED if place == COUNTED else OUTSIDE)
    return frame


def _place(frame: pd.DataFrame, quarter: Quarter, config: Config) -> pd.Series[str]:
    day = frame["effective_on"].fillna("")
    end = min(quarter.last_day, date(max(config.years), 12, 31)).isoformat()
    place = pd.Series(COUNTED, index=frame.index, dtype=object)
    place[frame["table_sector"] == config.other_sector] = "sector"
    place[~frame["level"].isin(config.target_levels)] = "level"
    if not config.switches.count_introduced:
        place[frame["route"] == "引进"] = "introduced"
    if config.switches.count_basis == "registered":
        place[frame["registered_on"].fillna("9999") > end] = "unregistered"
    place[day > end] = "later"
    place[day <= config.switches.baseline_date.isoformat()] = "baseline"
    return place


def place_establishments(establishments: pd.DataFrame, quarter: Quarter, config: Config) -> pd.DataFrame:
    """Every survey row with its final `status`, its sector and 应配置人数: the newest of each establishment counts."""
    frame = establishments.copy()
    stands = frame["status"] == "stands"
    later = stands & (frame["month"] > str(quarter.months[-1]))
    newest = newest_surveys(frame[stands & ~later], config).index
    frame["table_sector"] = sectors_of(frame, config)
    frame["required"] = [
        lawful if given is None else given
        for given, lawful in zip(frame["required_engineers"], engineers_of(frame, config), strict=True)]
    frame.loc[stands, "status"] = DUPLICATE
    frame.loc[later, "status"] = OUTSIDE
    in_table = frame.loc[newest, "table_sector"].isin(config.sector_names)
    frame.loc[newest, "status"] = in_table.map({True: COUNTED, False: OUTSIDE})
    return frame


def _cells(counted: pd.DataFrame, quarter: Quarter, config: Config) -> list[TableCell]:
    targets = config.targets_on(quarter.last_day).sectors
    years = counted["effective_on"].str[:4].astype(int)
    sizes = counted.groupby([counted["table_sector"], counted["level"], years]).size()
    brought = counted[counted["route"] == "引进"]
    introduced = brought.groupby([brought["table_sector"], brought["level"], years[brought.index]]).size()
    return [
        TableCell(
            sector.layer, sector.name, level, year, targets[sector.name].of(level, year),
            int(sizes.get((sector.name, level, year), 0)), int(introduced.get((sector.name, level, year), 0)))
        for sector in config.sectors for level in config.target_levels for year in config.years
    ]


def _sectors(
    counted: pd.DataFrame, holders: pd.DataFrame, surveyed: pd.DataFrame, quarter: Quarter, config: Config
) -> list[SectorLine]:
    targets = config.targets_on(quarter.last_day).sectors
    actual = counted["table_sector"].value_counts()
    demand = surveyed.groupby("table_sector")["required"].sum()
    existing = holders["table_sector"].value_counts()
    return [
        SectorLine(
            sector.layer, sector.name, sector.wording, row.remark, row.suggested,
            row.demand, int(demand.get(sector.name, 0)), row.existing, int(existing.get(sector.name, 0)),
            row.target, int(actual.get(sector.name, 0)))
        for sector in config.sectors for row in [targets[sector.name]]
    ]


def holders_at(placed: pd.DataFrame, leavers: pd.DataFrame, quarter: Quarter) -> pd.DataFrame:
    """现有数量: one row for each person with a certificate at the quarter's end, that of the newest certificate."""
    valid = present_holders(sound(placed), leavers, quarter.last_day)
    newest = valid.sort_values("effective_on", kind="stable", ascending=False)
    return newest.drop_duplicates("id_number")


def _total(counted: pd.DataFrame, quarter: Quarter, config: Config) -> Total:
    registered = counted["registered_on"].fillna("9999") <= quarter.last_day.isoformat()
    return Total(
        target=config.targets_on(quarter.last_day).total.target, actual=len(counted),
        persons=counted["id_number"].nunique(), introduced=int((counted["route"] == "引进").sum()),
        registered=int(registered.sum()),
    )


def _outside(placed: pd.DataFrame, config: Config) -> dict[str, int]:
    outside = placed[placed["status"] == OUTSIDE]
    levels = [level for level in config.levels if level not in config.target_levels]
    beyond = outside[outside["place"] == "level"]["level"].value_counts()
    return {level: int(beyond.get(level, 0)) for level in levels} | {
        config.other_sector: int((outside["place"] == "sector").sum())}


class ReconciliationError(CannotGoOn):
    """A row was lost or counted twice: a fault of the program, which fails the run."""


def _reconciled(frame: pd.DataFrame, read: int) -> Reconciliation:
    """Where each of the rows read went; raises ReconciliationError where they do not add up."""
    number = frame["status"].replace("stands", COUNTED).value_counts()
    kept = (COUNTED, OUTSIDE, DUPLICATE, "returned", "superseded")
    result = Reconciliation(read, *(int(number.get(name, 0)) for name in kept))
    if not result.balanced:
        raise ReconciliationError(f"勾稽不符，本次结果作废：{result}")
    return result


def _units(rows: Mapping[str, pd.DataFrame], claims: list[Claim], config: Config) -> list[UnitLine]:
    kinds = ("certificates", *CLAIM_KINDS)
    told = pd.concat([rows[kind][["unit", "level", "status"]].assign(kind=kind) for kind in kinds])
    by_unit, own = dict(iter(told.groupby("unit"))), defaultdict[str, list[Claim]](list)
    for claim in claims:
        if claim.state not in ("退回", "重复", "不核准"):
            own[claim.unit].append(claim)
    return [_unit(unit.name, by_unit.get(unit.name, told.iloc[:0]), own[unit.name], config) for unit in config.units]


def _unit(unit: str, rows: pd.DataFrame, claims: list[Claim], config: Config) -> UnitLine:
    sizes = _reconciled(rows, len(rows))
    levels = rows[(rows["kind"] == "certificates") & (rows["status"] == COUNTED)]["level"].value_counts()
    return UnitLine(
        unit=unit, rows_read=sizes.read,
        counted={level: int(levels.get(level, 0)) for level in config.target_levels},
        outside=sizes.outside, duplicate=sizes.duplicate, returned=sizes.returned, superseded=sizes.superseded,
        claims=len(claims), claimed_amount=sum(claim.amount or 0 for claim in claims),
    )


def _belongs(one: Submission, last: Month) -> bool:
    """Whether a file is of the quarter or before; the month of a refused one may be what is wrong with it."""
    return one.refused or one.month is None or one.month <= last


def _finding_lines(findings: list[Finding], book: Book, last: Month) -> list[FindingLine]:
    lines = []
    for found in findings:
        one = book.submissions[found.submission]
        if _belongs(one, last):
            lines.append(FindingLine(one.source, one.unit, one.month, found))
    return lines
