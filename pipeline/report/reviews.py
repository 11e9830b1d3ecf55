"""Reviews: the claims that await a decision, as a workbook that comes back through inputs/ (intake.md)."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time

from xlsxwriter import Workbook
from xlsxwriter.format import Format

from pipeline.calendar import Month
from pipeline.claim_report import Claim, InstalmentLine
from pipeline.config import Config
from pipeline.report import template_columns as cells
from pipeline.report.look import look
from pipeline.report.ruled import TEXT_STAYS_TEXT, Cell, Page
from pipeline.sheets import COVER, COVER_LABEL, DECISIONS

_COLUMNS = (
    ("编号", "claim"), ("环节", "level"), ("奖励", "award"), ("级别", "level"), ("期次或事项", "item"), ("姓名", "person"),
    ("身份证号码", "id"), ("工作单位", "employer"), ("报送单位", "unit"), ("填报日期", "day"), ("证书编号", "signature"), ("金额", "money"),
    ("须留意", "words"),
)
_DUE = (("姓名", "person"), ("身份证号码", "id"), ("报送单位", "unit"), ("期次", "month"), ("到期日", "day"), ("金额", "money"),
        ("发放单位", "unit"), ("前一期编号", "claim"))
_WAITING = "以下申请还在等待，暂不能审核（“须留意”一栏是等待的原因）"
_ENTERED = ("opinion", "decided_on", "decided_by")
_KINDS = {"claim": "claim", "stage": "level", "opinion": "day", "decided_on": "item", "decided_by": "item", "amount": "money",
          "remark": "words"}
_STEPS = (
    "1. 在本页填上填报人、联系电话；",
    "2. 看“待办说明”，在“审核意见”中填意见、日期、经办人，还没有决定的行留空；",
    "3. 保存后交回{office}，由其放入 inputs/ 再运行一次。",
)
_HEADER = 2
_HEIGHT = 24


def review_workbook(
    body: str, month: Month, today: date, claims: Sequence[Claim], remarks: Mapping[str, str], config: Config,
    due: Sequence[InstalmentLine] = (),
) -> bytes:
    """A deciding body's workbook: cover, 审核意见 to fill in, 待办说明 to read; IDs stand in it whole.

    `remarks` has for a claim's number what the reviewer should look at, `due` the instalments that have fallen due
    and that nobody has applied for. The same claims give the same bytes.
    """
    target = io.BytesIO()
    book = Workbook(target, {**TEXT_STAYS_TEXT, "in_memory": True})
    book.set_properties({"title": f"{body} 待审申请", "company": config.office,
                         "created": datetime.combine(today, time())})
    ready = [claim for claim in claims if claim.waits_for is None]
    write_cover(Page(book, COVER_LABEL), body, month, today, config)
    _write_decisions(Page(book, DECISIONS.label), body, ready, config)
    _write_details(Page(book, "待办说明"), ready, [claim for claim in claims if claim.waits_for], remarks)
    if due:
        _write_due(Page(book, "到期期次"), due)
    book.close()
    return target.getvalue()


def _write_due(page: Page, due: Sequence[InstalmentLine]) -> None:
    page.grid([kind for _, kind in _DUE])
    page.title("紧缺人才奖励到期期次", "已到期、还没有人申请；请通知原报送单位在“紧缺人才申请”中报这一期")
    page.table(2, _DUE, [[one.name, one.id_number, one.unit, one.instalment, one.due.isoformat(), one.amount, one.payer or "待定",
                          one.claim] for one in due])
    page.sheet.ignore_errors({"number_stored_as_text": "A1:Z10000"})


def write_cover(
    page: Page, body: str, month: Month, today: date, config: Config, steps: Sequence[str] = _STEPS
) -> None:
    """The cover of a workbook that comes back: what is known is given, the rest is asked for; then what to do."""
    given = {"unit": body, "month": str(month), "filled_on": today.isoformat(), "nil_return": "否",
             "template_version": config.template_version}
    for row, column in enumerate(COVER):
        asked = column.required and column.field not in given
        page.sheet.write_string(row, 0, cells.header_text(column), asked_style(page) if asked else page.head())
        fixed = column.field in ("unit", "month")
        style = given_style(page) if fixed else page.style(num_format="@", locked=False)
        if column.field in given:
            page.sheet.write_string(row, 1, given[column.field], style)
        else:
            page.sheet.write_blank(row, 1, None, style)
        page.sheet.set_row(row, _HEIGHT)
    for row, step in enumerate(steps, len(COVER) + 1):
        page.sheet.write_string(row, 0, step.format(office=config.office_unit), page.words())
    page.sheet.set_column(0, 0, 18)
    page.sheet.set_column(1, 1, 36)
    page.sheet.protect("", {"format_columns": True})


def _write_decisions(page: Page, body: str, claims: Sequence[Claim], config: Config) -> None:
    page.grid([_KINDS[column.field] for column in DECISIONS.columns])
    page.title(f"{body}：待审申请（{len(claims)}件）", "填“意见”“日期”“经办人”三列；还没有决定的行留空")
    for at, column in enumerate(DECISIONS.columns):
        entered = column.field in _ENTERED
        page.sheet.write_string(_HEADER, at, cells.header_text(column), asked_style(page) if entered else page.head())
        if entered and claims:
            check = cells.validation(column, config, "", {})
            page.sheet.data_validation(_HEADER + 1, at, _HEADER + len(claims), at, check)
    _write_rows(page, claims)
    page.sheet.freeze_panes(_HEADER + 1, 1)
    page.sheet.repeat_rows(_HEADER)
    page.sheet.protect("", {"format_columns": True, "format_rows": True})


def _write_rows(page: Page, claims: Sequence[Claim]) -> None:
    """What is known is given and locked; the entries are blank, the remark may be written over."""
    styles = {column.field: page.style(num_format=cells.number_format(column), locked=False) for column in DECISIONS.columns}
    styles |= dict.fromkeys(("claim", "stage", "amount"), given_style(page))
    styles["remark"] = page.style(align="left", num_format="@", locked=False)
    for row, claim in enumerate(claims, _HEADER + 1):
        known: dict[str, Cell] = {"claim": claim.number, "stage": claim.awaits, "amount": claim.amount,
                                  "remark": _in_short(claim)}
        for at, column in enumerate(DECISIONS.columns):
            if column.field in _ENTERED:
                page.sheet.write_blank(row, at, None, styles[column.field])
            else:
                page.put(row, at, known[column.field], styles[column.field])
        page.sheet.set_row(row, _HEIGHT)


def _in_short(claim: Claim) -> str:
    """Enough to decide by without turning to the other sheet."""
    parts = (claim.name, claim.award, claim.item, claim.employer, f"{claim.unit}报")
    return "　".join(part for part in parts if part)


def given_style(page: Page) -> Format:
    """What the program has filled in and locked."""
    return page.style(bg_color=look().colours.given_fill)


def asked_style(page: Page) -> Format:
    """The heading of what is to be filled in."""
    return page.head(bg_color=look().colours.required_fill)


def _write_details(page: Page, ready: Sequence[Claim], waiting: Sequence[Claim], remarks: Mapping[str, str]) -> None:
    page.grid([kind for _, kind in _COLUMNS])
    page.title("待办说明", "供审核时查看，不用填写")
    below = page.listing(_COLUMNS, [_detail(claim, remarks.get(claim.number, "")) for claim in ready])
    if waiting:
        page.sheet.merge_range(below + 1, 0, below + 1, page.last, _WAITING, page.head())
        page.table(below + 2, _COLUMNS, [_detail(claim, claim.waits_for or "") for claim in waiting])
    page.sheet.ignore_errors({"number_stored_as_text": "A1:Z10000"})
    page.sheet.protect("", {"format_columns": True, "format_rows": True, "autofilter": True})


def _detail(claim: Claim, remark: str) -> list[Cell]:
    applied = claim.applied_on.isoformat() if claim.applied_on else None
    return [claim.number, claim.awaits, claim.award, claim.level, claim.instalment or claim.detail, claim.name, claim.id_number,
            claim.employer, claim.unit, applied, claim.certificate_number, claim.amount, remark]
