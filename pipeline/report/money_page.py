"""奖励发放: money per payer, instalments to come, then every claim."""

from __future__ import annotations

from pipeline.claim_report import Claim, InstalmentLine, PayerLine
from pipeline.idnumber import mask
from pipeline.quarter_report import QuarterReport
from pipeline.report.blocks import Block, write_blocks
from pipeline.report.ruled import Cell, Page

_MONEY = (("发放单位", "unit"), ("奖励", "award"), ("申请年度", "year"), ("申请件数", "count"), ("申请金额", "money"),
          ("核准件数", "count"), ("核准金额", "money"), ("发放件数", "count"), ("发放金额", "money"), ("追回金额", "money"),
          ("已核准未发放", "money"), ("以后各期", "money"))
_INSTALMENTS = (("报送单位", "unit"), ("奖励", "award"), ("期次", "year"), ("申请人", "person"), ("身份证号码", "id"),
                ("到期日", "day"), ("金额", "money"), ("状态", "stage"), ("发放单位", "unit"), ("前一期编号", "claim"))
_CLAIMS = (("报送单位", "unit"), ("奖励", "award"), ("级别", "level"), ("申请人", "person"), ("身份证号码", "id"),
           ("月份", "month"), ("金额", "money"), ("状态", "state"), ("发放单位", "unit"), ("编号", "claim"), ("期次或事项", "item"),
           ("等待事项或备注", "item"))


def write_money(page: Page, report: QuarterReport) -> None:
    """What each payer owes and has paid, what will fall due, and what became of every claim."""
    blocks = [
        Block("一、各发放单位（按申请年度）", _MONEY, [_payer(one) for one in report.payers], "还没有奖励申请。",
              summed=range(3, len(_MONEY))),
        Block("二、紧缺人才奖励以后各期（到期后由原单位提出申请）", _INSTALMENTS, [_instalment(one) for one in report.instalments],
              "没有待到期的期次。"),
        Block("三、全部申请", _CLAIMS, [_claim(one) for one in report.claims], "还没有奖励申请。")]
    write_blocks(page, "奖励申请与发放", f"{report.quarter.chinese}　单位：件、元", blocks)


def _payer(one: PayerLine) -> list[Cell]:
    return [one.payer, one.award, str(one.year), one.applied, one.applied_amount, one.approved, one.approved_amount,
            one.paid, one.paid_amount, one.recovered_amount, one.unpaid_amount, one.future_amount]


def _instalment(one: InstalmentLine) -> list[Cell]:
    return [one.unit, "紧缺人才", one.instalment, one.name, mask(one.id_number), one.due.isoformat(), one.amount, one.state,
            one.payer or "待定", one.claim]


def _claim(one: Claim) -> list[Cell]:
    remark = "；".join(filter(None, [one.waits_for, "应追回" if one.to_recover else ""]))
    return [one.unit, one.award, one.level, one.name, mask(one.id_number or ""), str(one.month), one.amount, one.state,
            one.payer or "待定", one.number, one.instalment or one.detail, remark or None]
