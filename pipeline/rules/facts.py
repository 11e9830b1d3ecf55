"""What the rules need to know beside a row: joins over the registers, added as columns.

A text fact is "" where there is nothing to object to and blank where it cannot be known.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd

from pipeline.book import CERTIFICATE_AWARD, records
from pipeline.calendar import full_years
from pipeline.config import Config
from pipeline.idnumber import birth_date
from pipeline.rules.periods import last_day_to_apply
from pipeline.surveys import newest_surveys, sectors_of

_MATCHED = ("id_number", "level", "certificate_number", "issued_on")  # by which a claim is looked up in 持证人员


def establishment_keys(establishments: pd.DataFrame) -> pd.Series[str]:
    """What makes two survey rows one establishment: its credit code where any row gives it, else its name."""
    coded = establishments[establishments["uscc"].notna()]
    code_of = dict(zip(coded["establishment"], coded["uscc"], strict=True))
    return establishments["uscc"].fillna(establishments["establishment"].map(code_of)).fillna(
        establishments["establishment"])


def survey_sectors(establishments: pd.DataFrame, config: Config) -> dict[str, str]:
    """Establishment name → the sector that its newest survey puts it in."""
    surveys = newest_surveys(establishments, config)
    sectors = zip(surveys["establishment"], sectors_of(surveys, config), strict=True)
    return {name: sector for name, sector in sectors if sector is not None}


def add_holder_facts(holders: pd.DataFrame, sectors: Mapping[str, str]) -> None:
    """Add to 持证人员: `effective_on` (引进: the day of introduction), age, survey sector, shared numbers."""
    introduced = holders["route"] == "引进"
    holders["effective_on"] = holders["introduced_on"].where(introduced, holders["issued_on"])
    holders["age_at_issue"] = [_age(number, day) for number, day in
                               zip(holders["id_number"], holders["issued_on"], strict=True)]
    holders["survey_sector"] = holders["employer"].map(sectors)
    _add_shared_numbers(holders)


def _age(number: str | None, day: str | None) -> int | None:
    born = birth_date(number) if number else None
    if born is None or day is None:
        return None
    return full_years(born, date.fromisoformat(day))


def _add_shared_numbers(holders: pd.DataFrame) -> None:
    where = [f"{unit}{month}第{row}行" for unit, month, row in
             zip(holders["unit"], holders["month"], holders["row"], strict=True)]
    table = holders[["id_number", "name", "level", "certificate_number"]].assign(where=where)
    first = _first(table, ["certificate_number"], ["id_number", "name", "where"])
    others = first["id_number"].notna() & table["id_number"].notna() & (first["id_number"] != table["id_number"])
    holders["number_holder"], holders["number_where"] = first["name"].where(others, None), first["where"]
    own = _first(table, ["id_number", "level"], ["certificate_number", "where"])
    differs = own["certificate_number"].notna() & (own["certificate_number"] != table["certificate_number"])
    holders["other_number"] = own["certificate_number"].where(differs, None)
    holders["other_number_where"] = own["where"]


def _first(rows: pd.DataFrame, same: list[str], fields: list[str]) -> pd.DataFrame:
    """Of each row, what the first row says that is the same thing; blank where that cannot be known."""
    known = rows.dropna(subset=same)
    if known.empty:  # pandas cannot take the first of nothing
        return pd.DataFrame(None, index=rows.index, columns=fields, dtype=object)
    return known.groupby(same)[fields].transform("first").reindex(rows.index)


def add_register_facts(
    claims: pd.DataFrame, holders: pd.DataFrame, reported: pd.DataFrame, surveyed: Mapping[str, str]
) -> None:
    """Add to claims what 持证人员 and 单位摸底 say: `registered`, `disagreement`, `route`, `surveyed`.

    `holders` are the sound rows, `reported` all of them: `register_gap` says which of the two is missing.
    """
    register = _Register(holders)
    asked = list(zip(*(claims[name].tolist() for name in _MATCHED), strict=True))
    matches = {one: register.match(dict(zip(_MATCHED, one, strict=True))) for one in set(asked)}  # lists are sent in again
    for at, name in enumerate(("registered", "disagreement", "route")):
        claims[name] = pd.Series([matches[one][at] for one in asked], index=claims.index, dtype=object)
    claims["surveyed"] = claims["employer"].isin(list(surveyed))
    waiting = claims.loc[~claims["registered"].astype(bool), "id_number"]
    returned = reported[reported["id_number"].isin(waiting)]
    where = {row["id_number"]: f"{row['unit']}{row['month']}第{row['row']}行"
             for row in records(returned, "id_number", "unit", "month", "row")}
    claims["register_gap"] = [f"已报但被退回（{where[number]}）的是" if number in where else "还没有"
                              for number in claims["id_number"]]


class _Register:
    """持证人员 by person and level."""

    def __init__(self, holders: pd.DataFrame) -> None:
        self.by_level: dict[Any, list[dict[Any, Any]]] = defaultdict(list)
        self.by_number: dict[Any, dict[Any, Any]] = {}
        for row in records(holders[[*_MATCHED, "route"]].drop_duplicates()):
            self.by_level[row["id_number"], row["level"]].append(row)
            self.by_number.setdefault((row["id_number"], row["certificate_number"]), row)

    def match(self, claim: dict[Any, Any]) -> tuple[bool, str | None, str | None]:
        """Whether the certificate is registered, in what the claim disagrees with it, and its route."""
        rows = self.by_level.get((claim["id_number"], claim["level"]), [])
        if rows:
            closest = min(rows, key=lambda row: len(_difference(claim, row)))
            return True, _difference(claim, closest), closest["route"]
        if claim["certificate_number"] and claim["level"]:
            row = self.by_number.get((claim["id_number"], claim["certificate_number"]), {})
            if row.get("level"):
                return True, f"级别为{row['level']}（申请为{claim['level']}）", row["route"]
        return False, None, None


def _difference(claim: dict[Any, Any], row: dict[Any, Any]) -> str:
    labels = {"certificate_number": "证书编号", "issued_on": "发证日期"}
    return "，".join(
        f"{label}为{row[field]}（申请为{claim[field]}）"
        for field, label in labels.items() if claim[field] and row[field] and claim[field] != row[field]
    )


def add_exclusions(claims: pd.DataFrame, awards: pd.Series[str], bar_list: pd.DataFrame, outside: pd.DataFrame) -> None:
    """Add `barred_on` (G02) and `outside_award` (G04) to rows; `awards` is the award that each asks for."""
    listed = bar_list.dropna(subset=["id_number", "barred_on"])
    barred = dict(zip(listed["id_number"], listed["barred_on"], strict=True))
    claims["barred_on"] = [barred.get(number, "") for number in claims["id_number"]]
    granted: dict[str, list[dict[Any, Any]]] = defaultdict(list)
    for row in records(outside.dropna(subset=["id_number", "award"])):
        granted[row["id_number"]].append(row)
    claims["outside_award"] = [
        next((f"{one['department'] or ''}{one['granted_on'] or ''}登记" for one in granted.get(number, [])
              if award and _is_same_award(one, award, level)), "")
        for number, award, level in zip(claims["id_number"], awards, claims["level"], strict=True)
    ]


def _is_same_award(outside: dict[Any, Any], award: str, level: str | None) -> bool:
    """Whether an entry of 外部奖励登记 is of the award; a certificate award is one for each level."""
    same_level = award != CERTIFICATE_AWARD or outside["level"] in (None, level)
    return award in outside["award"] and same_level


def add_award_terms(
    claims: pd.DataFrame, numbers: pd.Series[str], first: Mapping[str, str], notices: pd.DataFrame, config: Config
) -> None:
    """Add to 证书奖励申请 the level's amount and the window for applying (I01, F03, F04)."""
    policies = [config.policy_on(day).certificate_award for day in claims["applied_on"]]
    claims["level_amount"] = [terms.amounts.get(level) for terms, level in zip(policies, claims["level"], strict=True)]
    claims["first_applied_on"] = numbers.map(first).astype(object).fillna(claims["applied_on"])
    start = claims["collected_on"].fillna(claims["issued_on"])
    collected = claims["collected_on"].notna()
    claims["window_start"] = collected.map({True: "领取日期", False: "发证日期"}) + start.fillna("")
    months = pd.Series([terms.window_months for terms in policies], index=claims.index, dtype=object)
    claims["deadline"] = pd.Series(None, index=claims.index, dtype=object)
    for length, rows in start.dropna().groupby(months):
        claims.loc[rows.index, "deadline"] = last_day_to_apply(rows, int(length))
    _add_notices(claims, notices, config)


def _add_notices(claims: pd.DataFrame, notices: pd.DataFrame, config: Config) -> None:
    """Add `notice_opens` and `notice_closes`, blank without a notice of the year; where one rules, there is no deadline."""
    complete = notices.dropna(subset=["notice_year", "opens_on", "closes_on"])
    newest = complete.drop_duplicates("notice_year", keep="last").set_index("notice_year")
    newest.index = newest.index.astype(int).astype(str)
    year = claims["first_applied_on"].astype(object).str[:4]
    for name, field in (("notice_opens", "opens_on"), ("notice_closes", "closes_on")):
        ruling = newest[field] if config.switches.notice_overrides else newest[field].iloc[:0]
        claims[name] = year.map(ruling).astype(object)
    claims["deadline"] = claims["deadline"].where(claims["notice_opens"].isna(), None)


def add_talent_terms(
    claims: pd.DataFrame, approved: set[tuple[str, str]], holders: pd.DataFrame, leavers: pd.DataFrame, config: Config
) -> None:
    """Add to 紧缺人才申请 the instalment's amount, order and end (G03), and earlier employers (I04)."""
    names = list(config.policies[-1].talent_award.instalments)
    before = dict(zip(names[1:], names, strict=False))
    months = dict(zip(names[1:], config.switches.instalment_months[1:], strict=True))
    policies = [config.policy_on(day).talent_award for day in claims["applied_on"]]
    claims["instalment_amount"] = [terms.instalments.get(name) for terms, name in
                                   zip(policies, claims["instalment"], strict=True)]
    claims["missing_instalment"] = [
        before[name] if name in before and (number, before[name]) not in approved else ""
        for number, name in zip(claims["id_number"], claims["instalment"], strict=True)
    ]
    claims["instalment_months"] = claims["instalment"].map(months)
    rows = records(claims, "id_number", "employer", "introduced_on", "applied_on")
    reports, changes = _of_each_person(holders, claims), _of_each_person(leavers, claims)
    claims["earlier_employer"] = [_earlier_employer(row, reports[row["id_number"]]) for row in rows]
    claims["left"] = [_left(row, changes[row["id_number"]]) for row in rows]


def _of_each_person(rows: pd.DataFrame, claims: pd.DataFrame) -> dict[Any, list[dict[Any, Any]]]:
    """ID number → the rows of each person who claims something."""
    found: dict[Any, list[dict[Any, Any]]] = defaultdict(list)
    for row in records(rows[rows["id_number"].isin(claims["id_number"].dropna())]):
        found[row["id_number"]].append(row)
    return found


def _left(claim: dict[Any, Any], changes: list[dict[Any, Any]]) -> str | None:
    """When and how the person left the employer that brought them in, by the day of the application."""
    if not (claim["introduced_on"] and claim["applied_on"]):
        return None
    return next((f"于{row['changed_on']}{row['change']}" for row in changes
                 if row["changed_on"] and claim["introduced_on"] <= row["changed_on"] <= claim["applied_on"]), "")


def _earlier_employer(claim: dict[Any, Any], reports: list[dict[Any, Any]]) -> str | None:
    if not claim["introduced_on"]:
        return None
    for row in reports:
        elsewhere = row["employer"] and row["employer"] != claim["employer"]
        if elsewhere and row["filled_on"] < claim["introduced_on"]:
            return f"{row['unit']}{row['month']}已报其在{row['employer']}工作"
    return ""
