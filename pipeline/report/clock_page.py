"""审核时限: first reviews that are overdue or soon will be (F01)."""

from __future__ import annotations

from datetime import date

from pipeline.calendar import working_days_after
from pipeline.claim_report import Claim
from pipeline.config import Config
from pipeline.idnumber import mask
from pipeline.quarter_report import QuarterReport
from pipeline.report.blocks import Block, write_blocks
from pipeline.report.ruled import Cell, Page

_COLUMNS = ("编号", "奖励", "事项", "申请人", "单位", "起算日", "初审期限", "备注")
_WIDTHS = (16, 14, 16, 28, 14, 12, 12, 16)


def write_clock(page: Page, report: QuarterReport, config: Config) -> None:
    """Two lists: the deadline has passed; it passes within the next working days."""
    review = config.policies[-1].review
    page.title("审核时限", f"{report.quarter.chinese}　初审期限 {review.first_review_days} 个工作日（含调休）", len(_COLUMNS) - 1)
    open_claims = [one for one in report.claims if one.awaits == "初审" and not one.waits_for and one.review_due]
    horizon, _ = working_days_after(report.today, review.due_soon_days)
    late = [one for one in open_claims if _due(one) < report.today]
    soon = [one for one in open_claims if report.today <= _due(one) <= horizon]
    write_blocks(page, _WIDTHS, [
        Block("已超期", _COLUMNS, [_cells(one) for one in late], "没有超期的申请。"),
        Block(f"{review.due_soon_days} 个工作日内到期", _COLUMNS, [_cells(one) for one in soon], "没有即将到期的申请。")])


def _due(one: Claim) -> date:
    assert one.review_due is not None  # only claims with a clock are listed
    return one.review_due


def _cells(one: Claim) -> list[Cell]:
    begun = one.clock_from.isoformat() if one.clock_from else None
    return [one.number, one.award, one.item, f"{one.name} {mask(one.id_number or '')}", one.unit, begun,
            _due(one).isoformat(), "期限暂定" if one.provisional else None]
