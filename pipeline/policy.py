"""The amounts and periods of 附件3 as data, in versions by the day from which they hold."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Yuan = Annotated[int, Field(ge=0)]
Months = Annotated[int, Field(ge=1, le=600)]


class Model(BaseModel):
    """A frozen mapping of config.yaml that refuses unknown keys."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class CertificateAward(Model):
    """附件3 二（一）: one-off award by level, in yuan."""

    amounts: dict[str, Yuan]
    since: date
    window_months: Months


class TalentAward(Model):
    """附件3 二（四） and form 2-2: one award in instalments, in yuan."""

    level: str
    instalments: dict[str, Yuan]
    contract_months: Months
    insured_months: Months


class SeniorAward(Model):
    """附件3 二（五）: one-off award by title, in yuan; `payer` is the body that carries it out (三（4）)."""

    amounts: dict[str, Yuan]
    title_months: Months
    payer: str | None = None


class HousingSubsidy(Model):
    """附件3 二（六）: its amount is set by another document; `payer` is the body that it is passed on to (三（4）)."""

    introduced_since: date
    contract_months: Months
    insured_months: Months
    payer: str | None = None


class CompanyBonus(Model):
    """附件3 二（七）: an enterprise's own bonus, never in the district's budget."""

    contract_months: Months
    insured_months: Months


class Review(Model):
    """附件3 三（一）: working days for the first review; when to warn, and how long a list is made public."""

    first_review_days: Annotated[int, Field(ge=1, le=365)]
    due_soon_days: Annotated[int, Field(ge=1, le=365)]
    public_days: Annotated[int, Field(ge=1, le=365)]


class Policy(Model):
    """The amounts and periods that hold from one day on."""

    valid_from: date
    certificate_award: CertificateAward
    talent_award: TalentAward
    senior_award: SeniorAward
    housing_subsidy: HousingSubsidy
    company_bonus: CompanyBonus
    review: Review
    company_allowance: dict[str, Yuan]
    age_at_issue: tuple[int, int]
    exam_duty_age: Annotated[int, Field(ge=18, le=70)]
