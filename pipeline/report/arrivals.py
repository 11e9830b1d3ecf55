"""收件清单: every submission of one month, the proof that it came and what became of it."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time

from xlsxwriter import Workbook

from pipeline.calendar import Month
from pipeline.config import Config
from pipeline.reading import Submission
from pipeline.report.ruled import TEXT_STAYS_TEXT, Cell, Page

_COLUMNS = (
    ("收件号", "level"), ("单位", "unit"), ("收件日期", "day"), ("文件名", "file"), ("是否按时", "level"), ("取用行数", "count"),
    ("退回行数", "count"), ("重复行数", "count"), ("处理结果", "state"), ("备注", "note"), ("文件指纹（SHA-256）", "hash"),
)
_TIMELY = {True: "迟报", False: "按时", None: "—"}
_SIGNATURE = f"经办人（签字）：{'　' * 10}收件单位（盖章）：{'　' * 10}日期：　　　　年　　月　　日"


@dataclass(frozen=True, slots=True)
class ArrivalLine:
    """One submission of the month and what became of its rows; `late` is None of what is no unit's monthly return."""

    submission: Submission
    taken: int
    returned: int
    duplicate: int
    state: str
    late: bool | None


def arrivals_workbook(month: Month, lines: Sequence[ArrivalLine], config: Config) -> bytes:
    """The list as a workbook: the same lines give the same bytes."""
    target = io.BytesIO()
    book = Workbook(target, {**TEXT_STAYS_TEXT, "in_memory": True})
    book.set_properties({"title": f"{month} 收件清单", "company": config.office,
                         "created": datetime.combine(max(line.submission.arrived_on for line in lines), time())})
    page = Page(book, "收件清单")
    page.grid([kind for _, kind in _COLUMNS])
    page.title(f"{month.year}年{month.month}月报表收件清单",
               f"{config.office}　　截止日 {month.due(config.due_day)}　　共收到 {len(lines)} 份")
    below = page.listing(_COLUMNS, list(_rows(lines)))
    page.sheet.write_string(below + 1, 0, _SIGNATURE, page.words())
    book.close()
    return target.getvalue()


def _rows(lines: Sequence[ArrivalLine]) -> Iterator[list[Cell]]:
    """One row per file, in order of arrival, knowing which of its unit's files of the month it is."""
    sent: Counter[str | None] = Counter()
    for line in lines:
        sent[line.submission.unit] += line.late is not None
        yield _row(line, sent[line.submission.unit])


def _row(line: ArrivalLine, place: int) -> list[Cell]:
    one = line.submission
    later = place > 1 and one.unit is not None and line.late is not None
    remarks = ("零报告" if one.nil_return else "", f"本月第{place}份（更正或补充）" if later else "",
               f"撤回原因：{one.withdrawn}" if one.withdrawn else "")
    return [f"{one.number:06d}", one.unit or "单位不明", one.arrived_on.isoformat(), one.source,
            _TIMELY[line.late], line.taken, line.returned, line.duplicate, line.state, "；".join(filter(None, remarks)), one.sha256]
