"""收件清单: every submission of one month, the proof that it came and what became of it."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time

from xlsxwriter import Workbook

from pipeline.calendar import Month
from pipeline.config import Config
from pipeline.reading import Submission
from pipeline.report.ruled import TEXT_STAYS_TEXT, Page

_COLUMNS = (
    ("收件号", 9), ("单位", 16), ("收件日期", 12), ("文件名", 34), ("取用行数", 10), ("退回行数", 10), ("状态", 12),
    ("是否按时", 10), ("备注", 16), ("文件指纹（SHA-256）", 40),
)


@dataclass(frozen=True, slots=True)
class ArrivalLine:
    """One submission of the month and what became of its rows."""

    submission: Submission
    taken: int
    returned: int
    state: str
    late: bool


def arrivals_workbook(month: Month, lines: Sequence[ArrivalLine], config: Config) -> bytes:
    """The list as a workbook: the same lines give the same bytes."""
    target = io.BytesIO()
    book = Workbook(target, {**TEXT_STAYS_TEXT, "in_memory": True})
    book.set_properties({"title": f"{month} 收件清单", "company": config.office,
                         "created": datetime.combine(max(line.submission.arrived_on for line in lines), time())})
    page = Page(book, "收件清单")
    page.title(f"{month.year}年{month.month}月报表收件清单", f"{config.office}　截止日 {month.due(config.due_day)}",
               len(_COLUMNS) - 1)
    below = page.table(2, _COLUMNS, [_row(line) for line in lines], left=[3, 9])
    page.filtered(2, below, len(_COLUMNS))
    book.close()
    return target.getvalue()


def _row(line: ArrivalLine) -> list[str | int]:
    one = line.submission
    remark = "零报告" if one.nil_return else (one.withdrawn or "")
    return [f"{one.number:06d}", one.unit or "单位不明", one.arrived_on.isoformat(), one.source, line.taken, line.returned,
            line.state, "迟报" if line.late else "按时", remark, one.sha256]
