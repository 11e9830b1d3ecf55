"""A desk for tests: rows go in as they would be read, findings and claims come out of a real ledger."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from pipeline.calendar import Month
from pipeline.config import Config
from pipeline.config_file import load
from pipeline.findings import Finding, Severity
from pipeline.idnumber import check_digit
from pipeline.ledger.opening import in_memory
from pipeline.ledger.store import add_submissions, begin_run, next_number
from pipeline.office import settle
from pipeline.reading import Cover, Reading, Submission, Table
from pipeline.sheets import BY_KEY

ROOT = Path(__file__).parents[2]
CONFIG = load(ROOT / "config.yaml")

SIGNED = {"signed": 1, "id_copy": 1, "certificate_copy": 1, "employer_opinion": "属实"}


def id_number(serial: int, birth: str = "19850101", place: str = "330503") -> str:
    """A synthetic, valid ID number."""
    first17 = f"{place}{birth}{serial:03d}"
    return first17 + check_digit(first17)


def holder(serial: int = 1, **changes: Any) -> dict[str, Any]:
    """A row of 持证人员: a 中级 certificate of 2020-03-15, won by examination."""
    row = {
        "name": f"甲{serial}", "document": "居民身份证", "id_number": id_number(serial), "employer": "甲公司",
        "sector": "工矿300人以上", "level": "中级", "certificate_number": f"ZJ{serial:04d}", "issued_on": "2020-03-15",
        "route": "考试取得",
    }
    return row | changes


def award(serial: int = 1, **changes: Any) -> dict[str, Any]:
    """A row of 证书奖励申请 that agrees with `holder(serial)`."""
    row = {
        "applied_on": "2020-08-20", "name": f"甲{serial}", "id_number": id_number(serial), "employer": "甲公司",
        "employer_nature": "生产经营单位", "phone": f"138000{serial:05d}", "certificate_number": f"ZJ{serial:04d}",
        "issued_on": "2020-03-15", "collected_on": "2020-04-01", "level": "中级", "amount": 2000.0, **SIGNED,
    }
    return row | changes


def registered(*serials: int) -> dict[str, list[dict[str, Any]]]:
    """Sound certificates of these persons, and their applications."""
    return {"certificates": [holder(serial) for serial in serials],
            "certificate_awards": [award(serial) for serial in serials]}


def talent(serial: int = 1, **changes: Any) -> dict[str, Any]:
    """A row of 紧缺人才申请 that agrees with `holder(serial, route="引进", introduced_on="2019-08-01")`."""
    row = award(serial) | {
        "regulator": "区应急管理局", "introduced_on": "2019-08-01", "contract_from": "2019-08-01",
        "contract_to": "2022-07-31", "insured_since": "2019-08-01", "taxed_since": "2019-08-01",
        "instalment": "第一年", "amount": 3000.0, "contract_proof": 1,
    }
    return row | changes


def introduced(serial: int = 1, **changes: Any) -> dict[str, Any]:
    """A row of 持证人员 of an engineer who was brought in on 2019-08-01."""
    return holder(serial, issued_on="2020-03-15", route="引进", introduced_on="2019-08-01") | changes


_OTHER = {
    "报考费用报销": {"exam_year": 2020, "fee": "培训", "amount": 800.0},
    "评优评先": {},
    "高层次人才": {"title": "正高", "titled_on": "2019-06-10", "insured_since": "2019-08-01", "amount": 30000.0},
    "购房租房补贴": {"subsidy": "购房", "introduced_on": "2019-08-01", "education": "本科", "full_time": 1, "first_home": 1,
               "contract_from": "2019-08-01", "contract_to": "2022-07-31", "insured_since": "2019-08-01"},
    "企业配套奖励": {"contract_from": "2019-08-01", "contract_to": "2022-07-31", "insured_since": "2019-08-01",
               "taxed_since": "2019-08-01", "amount": 5000.0},
    "企业岗位津贴": {"level": "中级", "amount": 500.0},
}


def other(measure: str, serial: int = 1, **changes: Any) -> dict[str, Any]:
    """A sound row of 其他激励."""
    row = {"measure": measure, "applied_on": "2020-08-20", "name": f"甲{serial}", "id_number": id_number(serial),
           "employer": "甲公司"}
    return row | _OTHER[measure] | changes


def supervisor(birth: str = "19850101", serial: int = 1, **changes: Any) -> dict[str, Any]:
    """A row of 监管人员 of somebody who supervises and is not registered for the exam."""
    row = {"name": f"甲{serial}", "id_number": id_number(serial, birth), "department": "安监所", "supervises": 1,
           "exam_status": "未报考"}
    return row | changes


def candidate(serial: int = 1, **changes: Any) -> dict[str, Any]:
    """A row of 报考人员: 中级 in 2020, result not out yet."""
    row = {"name": f"甲{serial}", "id_number": id_number(serial), "employer": "甲公司", "sector": "工矿300人以上",
           "level": "中级", "exam_year": 2020, "exam_result": "待考"}
    return row | changes


def survey(establishment: str = "甲公司", **changes: Any) -> dict[str, Any]:
    """A row of 单位摸底: an industrial firm of 320 people."""
    row = {"establishment": establishment, "establishment_type": "工矿企业", "headcount": 320, "surveyed_on": "2020-03-01"}
    return row | changes


def decision(claim: str, stage: str, opinion: str = "核准", on: str = "2020-09-10", **changes: Any) -> dict[str, Any]:
    """A row of 审核意见."""
    return {"claim": claim, "stage": stage, "opinion": opinion, "decided_on": on, "decided_by": "经办"} | changes


def empty_ledger() -> Connection:
    """A ledger that leaves nothing behind; the fixture `ledger_on` puts one on a PostgreSQL server in its place."""
    return in_memory().connect()


class Desk:
    """A ledger of its own that takes submissions one run at a time."""

    def __init__(self, config: Config = CONFIG) -> None:
        self.config = config
        self.connection = empty_ledger()

    def receive(
        self, unit: str, month: str, sheets: Mapping[str, list[dict[str, Any]]], today: str = "2020-09-05",
        filled_on: str | None = None, nil: bool = False, returned_rows: Mapping[int, str] | None = None,
    ) -> Desk:
        """One workbook of one unit and month, in a run of its own; `returned_rows`: row → rule that returned a cell."""
        self.enter(unit, month, sheets, today, filled_on, nil, returned_rows)
        return self.settle(date.fromisoformat(today))

    def settle(self, day: date) -> Desk:
        """Judge all that has arrived."""
        self.book, self.judgement = settle(self.connection, self.config, day)
        return self

    def enter(
        self, unit: str, month: str, sheets: Mapping[str, list[dict[str, Any]]], today: str,
        filled_on: str | None = None, nil: bool = False, returned_rows: Mapping[int, str] | None = None,
    ) -> None:
        """A workbook in the ledger, not judged yet."""
        day = date.fromisoformat(today)
        run, number = begin_run(self.connection, day, ""), next_number(self.connection)
        cover = Cover(unit, Month.parse(month), date.fromisoformat(filled_on or today), "填报人", nil)
        tables = [_table(kind, rows) for kind, rows in sheets.items()]
        submission = Submission(
            number=number, run=run, arrived_on=day, source=f"{unit}{month}-{number}.xlsx",
            sha256=hashlib.sha256(str(number).encode()).hexdigest(), original=f"{number:06d}", unit=unit,
            month=cover.month, filled_on=cover.filled_on, nil_return=nil, refused=False)
        findings = [Finding(0, rule, Severity.RETURNED, "请改正", table.kind, table.sheet, row, f"B{row}")
                    for table in tables for row, rule in (returned_rows or {}).items()]
        add_submissions(self.connection, [(submission, Reading(cover, tables, findings))])

    def rules(self) -> list[tuple[str, str]]:
        """(rule, severity) of every standing finding."""
        return [(found.rule, str(found.severity)) for found in self.judgement.findings]

    def states(self) -> dict[str, str]:
        """Claim number → state."""
        return {claim.number: claim.state for claim in self.judgement.claims}

    def message(self, rule: str) -> str:
        """The message of the only finding of a rule."""
        (found,) = [found for found in self.judgement.findings if found.rule == rule]
        return found.message

    def status(self, kind: str) -> list[str]:
        """The status of every row of a kind of sheet, in order of arrival."""
        return list(self.judgement.rows[kind]["status"])


def _table(kind: str, rows: list[dict[str, Any]]) -> Table:
    sheet = BY_KEY[kind]
    letters = {field: chr(ord("A") + at) if at < 26 else f"A{chr(ord('A') + at - 26)}"
               for at, field in enumerate(sheet.fields)}
    values = {field: [row.get(field) for row in rows] for field in sheet.fields}
    return Table(kind, sheet.label, letters, list(range(3, 3 + len(rows))), values)
