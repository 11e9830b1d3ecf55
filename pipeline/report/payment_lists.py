"""Papers around payment, ready to sign: 公示名单, 发放清单, 追回清单 (附件3 三（一）, 四（三）)."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time

from xlsxwriter import Workbook

from pipeline.capitals import in_capitals
from pipeline.claim_report import Claim
from pipeline.config import Config
from pipeline.idnumber import mask
from pipeline.report.ruled import TEXT_STAYS_TEXT, Cell, Column, Page
from pipeline.report.safe_text import sheet_title

_PERSON = (("姓名", "person"), ("身份证号码", "id"), ("工作单位", "employer"), ("奖励", "award"), ("级别或期次", "item"),
           ("金额（元）", "money"))
_PUBLIC = (("序号", "serial"), *_PERSON, ("报送单位", "unit"))
_PAID = (("序号", "serial"), ("编号", "claim"), *_PERSON, ("领款人签字", "signature"))
_OWED = (*_PAID[:-1], ("已追回（元）", "money"), ("经办人签字", "signature"))
_ROOM_TO_SIGN = 28  # points
_SIGNATURES = "经办：　　　　　　　　　　审核：　　　　　　　　　　负责人：　　　　　　　　　　　　　　年　　月　　日（盖章）"


def public_notice(claims: Sequence[Claim], today: date, config: Config) -> bytes:
    """公示名单 before the second review, a sheet for each payer; IDs are masked."""
    days = config.policies[-1].review.public_days
    text = (f"以下人员的奖励申请已通过初审，现予公示。公示期 {days} 个工作日，自张贴之日起算；有异议的请在公示期内向"
            f"{config.first_review_unit}反映。")
    pages = {payer: [claim for claim in claims if _payer(claim) == payer] for payer in sorted({*map(_payer, claims)})}
    return _workbook("公示名单", today, config, [
        (payer, f"奖励申请公示名单（{payer}）", text, _PUBLIC, [_public(at, one) for at, one in enumerate(own, 1)], own)
        for payer, own in pages.items()])


def payment_list(payer: str, claims: Sequence[Claim], today: date, config: Config) -> bytes:
    """发放清单 of one payer after the second review; IDs stand in it whole."""
    rows = [_paid(at, one) for at, one in enumerate(claims, 1)]
    text = "复审已通过，请按下表发放；发放后在“审核意见”中填“发放”，连同签收的本表存档。"
    return _workbook("发放清单", today, config, [("发放清单", f"奖励金发放清单（{payer}）", text, _PAID, rows, claims)])


def recovery_list(claims: Sequence[Claim], today: date, config: Config) -> bytes:
    """追回清单: what was paid to persons on the bar list; IDs stand in it whole."""
    rows = [[*_paid(at, one)[:-1], one.recovered, None] for at, one in enumerate(claims, 1)]
    text = "以下人员已列入失信名单，须全额追回已发奖励；追回后在“审核意见”中填“追回”。"
    return _workbook("追回清单", today, config, [("追回清单", "奖励金追回清单", text, _OWED, rows, claims)])


Sheet = tuple[str, str, str, Sequence[Column], Sequence[Sequence[Cell]], Sequence[Claim]]


def _workbook(title: str, today: date, config: Config, sheets: Iterable[Sheet]) -> bytes:
    target = io.BytesIO()
    book = Workbook(target, {**TEXT_STAYS_TEXT, "in_memory": True})
    book.set_properties({"title": title, "company": config.office, "created": datetime.combine(today, time())})
    for name, heading, text, columns, rows, claims in sheets:
        _write(Page(book, sheet_title(name)), heading, text, columns, rows, sum(one.amount or 0 for one in claims), config)
    book.close()
    return target.getvalue()


def _write(
    page: Page, heading: str, text: str, columns: Sequence[Column], rows: Sequence[Sequence[Cell]], total: float,
    config: Config,
) -> None:
    last, money = len(columns) - 1, [label for label, _ in columns].index("金额（元）")
    page.grid([kind for _, kind in columns])
    page.title(heading, f"{config.office}　共 {len(rows)} 件")
    page.paragraph(2, text)
    below = page.table(3, columns, rows)
    for row in range(4, below + 1):
        page.sheet.set_row(row, _ROOM_TO_SIGN)
    style = page.style(bold=True)
    page.sheet.merge_range(below, 0, below, money - 1, f"合计（大写）{in_capitals(total)}", style)
    page.sum(below, money, range(4, below), total, page.face("money", bold=True))
    for column in range(money + 1, last + 1):
        page.sheet.write_string(below, column, "", style)
    page.sheet.merge_range(below + 2, 0, below + 2, last, _SIGNATURES, page.words())
    page.sheet.ignore_errors({"number_stored_as_text": "A1:Z10000"})
    page.sheet.repeat_rows(3)


def _payer(claim: Claim) -> str:
    return claim.payer or "发放单位待定"


def _public(at: int, one: Claim) -> list[Cell]:
    return [at, one.name, mask(one.id_number or ""), one.employer, one.award, one.item, one.amount, one.unit]


def _paid(at: int, one: Claim) -> list[Cell]:
    return [at, one.number, one.name, one.id_number, one.employer, one.award, one.item, one.amount, ""]
