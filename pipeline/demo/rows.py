"""What a unit means to write about a person or a company: one row for each sheet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from pipeline.config import Config
from pipeline.demo.paper import ClaimKey, Fault, Row, Value
from pipeline.demo.people import Company, Person
from pipeline.findings import Severity

EXAM, INTRODUCED = "考试取得", "引进"
_PAPERS = {"signed": "是", "id_copy": "√", "certificate_copy": "√", "employer_opinion": "属实", "checked_by": "审核员乙"}

NOTICE_YEAR = 2021  # the one year for which the district published when to apply


@dataclass(frozen=True)
class Certificate:
    """A certificate that a person of the story holds."""

    person: Person
    company: Company
    level: str
    number: str
    issued_on: date
    introduced_on: date | None = None

    @property
    def effective_on(self) -> date:
        """The day that decides about year and baseline."""
        return self.introduced_on or self.issued_on

    @property
    def collected_on(self) -> date:
        """When the holder fetched it."""
        return self.issued_on + timedelta(days=24)


def holder_row(certificate: Certificate, config: Config, **more: Value) -> Row:
    """A row of 持证人员; before the baseline's end it is only noted (T04)."""
    values: dict[str, Value] = {
        "name": certificate.person.name, "id_number": certificate.person.id_number,
        "employer": certificate.company.name, "sector": certificate.company.sector, "level": certificate.level,
        "certificate_number": certificate.number, "issued_on": certificate.issued_on,
        "route": INTRODUCED if certificate.introduced_on else EXAM, "introduced_on": certificate.introduced_on,
    }
    old = certificate.effective_on <= config.switches.baseline_date
    return Row(values | more, faults=(Fault("T04", Severity.NOTE, "issued_on"),) if old else ())


def _applicant(certificate: Certificate, applied_on: date) -> dict[str, Value]:
    company, person = certificate.company, certificate.person
    government = company.sector == "政府部门"
    return {
        "applied_on": applied_on, "name": person.name, "id_number": person.id_number, "employer": company.name,
        "employer_nature": "政府部门" if government else "生产经营单位", "phone": person.phone,
        "certificate_number": certificate.number, "issued_on": certificate.issued_on, **_PAPERS,
    }


def award_row(certificate: Certificate, applied_on: date, config: Config, **more: Value) -> Row:
    """A row of 证书奖励申请; a government applicant and an unknown day of collection are noted (I01, F03).

    In the year of a notice the day of collection does not matter (F04).
    """
    amounts = config.policy_on(applied_on.isoformat()).certificate_award.amounts
    values = _applicant(certificate, applied_on) | {
        "level": certificate.level, "amount": amounts[certificate.level], "collected_on": certificate.collected_on,
    } | more
    row = Row(values)
    if values["employer_nature"] == "政府部门":
        row = row.at_fault("I01", Severity.NOTE, "employer_nature")
    if values["collected_on"] is None and applied_on.year != NOTICE_YEAR:
        row = row.at_fault("F03", Severity.NOTE, "collected_on")
    return row


def talent_row(
    certificate: Certificate, applied_on: date, instalment: str, regulator: str | None, config: Config, **more: Value
) -> Row:
    """A row of 紧缺人才申请; nobody named to pay is noted (F05)."""
    began = (certificate.introduced_on or certificate.issued_on).replace(day=1) + timedelta(days=31)
    start = began.replace(day=1)
    amounts = config.policy_on(applied_on.isoformat()).talent_award.instalments
    values = _applicant(certificate, applied_on) | {
        "level": certificate.level, "regulator": regulator, "introduced_on": certificate.introduced_on,
        "contract_from": start, "contract_to": start.replace(year=start.year + 3) - timedelta(days=1),
        "insured_since": start, "taxed_since": start, "instalment": instalment, "amount": amounts[instalment],
        "contract_proof": "√",
    } | more
    row = Row(values)
    return row if regulator else row.at_fault("F05", Severity.NOTE, "regulator")


def survey_row(company: Company, surveyed_on: date, **more: Value) -> Row:
    """A row of 单位摸底."""
    values: dict[str, Value] = {
        "establishment": company.name, "uscc": company.uscc, "establishment_type": company.kind,
        "headcount": company.headcount, "service_staff": company.staff, "surveyed_on": surveyed_on,
    }
    return Row(values | more)


def decision_row(claim: ClaimKey | None, stage: str, opinion: str, decided_on: date, amount: Value = None) -> Row:
    """A row of 审核意见."""
    return Row({"claim": claim, "stage": stage, "opinion": opinion, "decided_on": decided_on, "decided_by": "经办员丙",
                "amount": amount})
