"""Reviews: the claims that await a decision, as a workbook that comes back through inputs/ (intake.md)."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time

from xlsxwriter import Workbook

from pipeline.calendar import Month
from pipeline.config import Config
from pipeline.quarter_report import Claim
from pipeline.report.ruled import TEXT_STAYS_TEXT, Cell, Page
from pipeline.sheets import COVER, COVER_LABEL, DECISIONS

_COLUMNS = (
    ("编号", 15), ("环节", 8), ("奖励", 12), ("级别", 8), ("期次", 10), ("姓名", 12), ("身份证号码", 22), ("工作单位", 24),
    ("报送单位", 14), ("填报日期", 12), ("证书编号", 20), ("金额", 10), ("须留意", 46),
)
_ENTERED = ("opinion", "decided_on", "decided_by")


def review_workbook(
    body: str, month: Month, today: date, claims: Sequence[Claim], remarks: Mapping[str, str], config: Config
) -> bytes:
    """A deciding body's workbook: cover, 审核意见 to fill in, 待办说明 to read; IDs stand in it whole."""
    target = io.BytesIO()
    book = Workbook(target, {**TEXT_STAYS_TEXT, "in_memory": True})
    book.set_properties({"title": f"{body} 待审申请", "company": config.office,
                         "created": datetime.combine(today, time())})
    ready = [claim for claim in claims if claim.waits_for is None]
    _write_cover(Page(book, COVER_LABEL), body, month, today, config)
    _write_decisions(Page(book, DECISIONS.label), body, ready)
    _write_details(Page(book, "待办说明"), ready, [claim for claim in claims if claim.waits_for], remarks)
    book.close()
    return target.getvalue()


def _write_cover(page: Page, body: str, month: Month, today: date, config: Config) -> None:
    given = {"unit": body, "month": str(month), "filled_on": today.isoformat(), "nil_return": "否",
             "template_version": config.template_version}
    label, fixed, entry = page.head(), page.style(num_format="@"), page.style(num_format="@", locked=False)
    for row, column in enumerate(COVER):
        page.sheet.write_string(row, 0, f"{column.label}{'*' if column.required else ''}", label)
        page.sheet.write_string(row, 1, given.get(column.field, ""), fixed if column.field in ("unit", "month") else entry)
        page.sheet.set_row(row, 24)
    page.sheet.write_string(len(COVER) + 1, 0, "填好“审核意见”和本页的填报人、电话后，把本文件放回 inputs/ 再运行一次。"
                            "还没有决定的行留空即可。", page.words())
    page.sheet.set_column(0, 0, 18)
    page.sheet.set_column(1, 1, 36)
    page.sheet.protect("", {"format_columns": True})


def _write_decisions(page: Page, body: str, claims: Sequence[Claim]) -> None:
    page.title(f"{body}：待审申请", "填“意见”“日期”“经办人”三列；只填已经决定的行", len(DECISIONS.columns) - 1)
    for at, column in enumerate(DECISIONS.columns):
        page.sheet.write_string(2, at, f"{column.label}{'*' if column.required else ''}", page.head())
    given = page.style()
    entries = {"opinion": page.style(locked=False), "decided_on": page.style(locked=False, num_format="yyyy-mm-dd"),
               "decided_by": page.style(locked=False, num_format="@")}
    for row, claim in enumerate(claims, 3):
        shown: dict[str, Cell] = {"claim": claim.number, "stage": claim.awaits, "amount": claim.amount,
                                  "remark": f"{claim.unit} {claim.name} {claim.award} {claim.instalment or claim.level or ''}"}
        for at, column in enumerate(DECISIONS.columns):
            if column.field in _ENTERED:
                page.sheet.write_blank(row, at, None, entries[column.field])
            else:
                page.put(row, at, shown[column.field], given)
    _validate(page, len(claims))
    for at, width in enumerate((16, 10, 12, 14, 14, 12, 44)):
        page.sheet.set_column(at, at, width)
    page.sheet.freeze_panes(3, 1)
    page.sheet.repeat_rows(2)
    page.sheet.protect("", {"format_columns": True, "autofilter": True})


def _validate(page: Page, rows: int) -> None:
    if not rows:
        return
    for at, column in enumerate(DECISIONS.columns):
        if column.field == "opinion":
            page.sheet.data_validation(3, at, 2 + rows, at, {
                "validate": "list", "source": list(column.choices), "error_title": "意见",
                "error_message": f"请选：{'、'.join(column.choices)}"})
        elif column.field == "decided_on":
            page.sheet.data_validation(3, at, 2 + rows, at, {
                "validate": "date", "criteria": "between", "minimum": date(1990, 1, 1), "maximum": date(2100, 1, 1),
                "error_title": "日期", "error_message": "请填真实的日期，如 2020-09-10"})


def _write_details(page: Page, ready: Sequence[Claim], waiting: Sequence[Claim], remarks: Mapping[str, str]) -> None:
    page.title("待办说明", "供审核时查看，不用填写", len(_COLUMNS) - 1)
    below = page.table(2, _COLUMNS, [_detail(claim, remarks.get(claim.number, "")) for claim in ready], left=[7, 12])
    page.filtered(2, below, len(_COLUMNS))
    if waiting:
        page.sheet.merge_range(below + 1, 0, below + 1, len(_COLUMNS) - 1, "以下申请还在等待，暂不能审核", page.head())
        page.table(below + 2, _COLUMNS, [_detail(claim, claim.waits_for or "") for claim in waiting], left=[7, 12])
    page.sheet.ignore_errors({"number_stored_as_text": "A1:Z10000"})


def _detail(claim: Claim, remark: str) -> list[Cell]:
    applied = claim.applied_on.isoformat() if claim.applied_on else None
    return [claim.number, claim.awaits, claim.award, claim.level, claim.instalment, claim.name, claim.id_number,
            claim.employer, claim.unit, applied, claim.certificate_number, claim.amount, remark]

