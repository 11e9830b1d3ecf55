"""审核时限: first reviews that are overdue or soon will be (F01)."""

from __future__ import annotations

from datetime import date

from pipeline.claim_report import Claim
from pipeline.config import Config
from pipeline.dues import reviews_due
from pipeline.idnumber import mask
from pipeline.quarter_report import QuarterReport
from pipeline.report.blocks import Block, write_blocks
from pipeline.report.ruled import Cell, Page

_COLUMNS = (("编号", "claim"), ("奖励", "award"), ("事项", "item"), ("申请人", "person"), ("身份证号码", "id"), ("单位", "unit"),
            ("起算日", "day"), ("初审期限", "day"), ("备注", "state"))


def write_clock(page: Page, report: QuarterReport, config: Config) -> None:
    """Two lists: the deadline has passed; it passes within the next working days."""
    review = config.policies[-1].review
    due = reviews_due(report, config)
    blocks = [
        Block("一、已超期", _COLUMNS, [_cells(one) for one in due.overdue], "没有超期的申请。"),
        Block(f"二、{review.due_soon_days} 个工作日内到期", _COLUMNS, [_cells(one) for one in due.soon], "没有即将到期的申请。")]
    write_blocks(page, "审核时限", f"{report.quarter.chinese}　初审期限 {review.first_review_days} 个工作日（含调休）", blocks)


def _due(one: Claim) -> date:
    assert one.review_due is not None  # only claims with a clock are listed
    return one.review_due


def _cells(one: Claim) -> list[Cell]:
    begun = one.clock_from.isoformat() if one.clock_from else None
    return [one.number, one.award, one.item, one.name, mask(one.id_number or ""), one.unit, begun,
            _due(one).isoformat(), "期限暂定" if one.provisional else None]
