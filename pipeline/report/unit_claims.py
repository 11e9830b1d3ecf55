"""办理情况: what became of one unit's claims, and the slips on claims that two units made (R5)."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date, datetime, time

from xlsxwriter import Workbook

from pipeline.claim_report import Claim, ClaimProgress, EvidenceSlip
from pipeline.config import Config
from pipeline.idnumber import mask
from pipeline.report.ruled import TEXT_STAYS_TEXT, Page

_STAGES = ("初审", "复审", "发放", "追回")
_WHO = (("编号", "claim"), ("奖励", "award"), ("级别或事项", "item"), ("申请人", "person"), ("身份证号码", "id"))
_PROGRESS = (*_WHO, ("月份", "month"), ("金额（元）", "money"), ("状态", "level"), *((stage, "stage") for stage in _STAGES),
             ("说明", "words"))
_SLIPS = (*_WHO, ("工作单位", "employer"), ("证书编号", "signature"), ("填报日期", "day"), ("报送文件", "file"), ("工作表", "sheet"),
          ("行", "row"), ("另一单位", "unit"), ("另一件编号", "claim"), ("另一件状态", "state"))
_SIGNATURE = "核实意见：　　　　　　　　　　　　经办人：　　　　　　　单位（盖章）：　　　　　　　年　　月　　日"
_RULE = "同一人的同一事项只能申请一次。请与另一单位核实后，由不应申请的一方撤回；有异议的书面报{office}。"


def unit_claims(
    unit: str, today: date, progress: Sequence[ClaimProgress], slips: Sequence[EvidenceSlip], config: Config
) -> bytes:
    """The unit's workbook; IDs are masked. The same claims give the same bytes."""
    target = io.BytesIO()
    book = Workbook(target, {**TEXT_STAYS_TEXT, "in_memory": True})
    book.set_properties({"title": f"{unit} 申请办理情况", "company": config.office, "created": datetime.combine(today, time())})
    page = Page(book, "办理情况")
    page.grid([kind for _, kind in _PROGRESS])
    page.title(f"{unit}　奖励申请办理情况", f"{config.office}　共 {len(progress)} 件")
    page.listing(_PROGRESS, [_progress(one) for one in progress])
    if slips:
        _write_slips(Page(book, "重复申领告知"), unit, slips, config)
    book.close()
    return target.getvalue()


def _progress(one: ClaimProgress) -> list[str | int | float | None]:
    claim = one.claim
    return [*_who(claim), str(claim.month), claim.amount, claim.state, *(one.stages.get(stage) for stage in _STAGES),
            one.remark or None]


def _who(claim: Claim) -> list[str | int | float | None]:
    return [claim.number, claim.award, claim.item, claim.name, mask(claim.id_number or "")]


def _write_slips(page: Page, unit: str, slips: Sequence[EvidenceSlip], config: Config) -> None:
    page.grid([kind for _, kind in _SLIPS])
    page.title(f"{unit}　重复申领告知单", f"共 {len(slips)} 件")
    page.paragraph(2, _RULE.format(office=config.office))
    below = page.table(3, _SLIPS, [
        [*_who(one.own), one.own.employer, one.own.certificate_number,
         one.own.applied_on.isoformat() if one.own.applied_on else None, one.file, one.own.sheet, one.own.row,
         one.other_unit, one.other_number, one.other_state] for one in slips])
    page.sheet.write_string(below + 1, 0, _SIGNATURE, page.words())
    page.sheet.repeat_rows(3)
