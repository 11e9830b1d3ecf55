"""Who has reported, who was late, who has not (附件1, `due_day`)."""

from __future__ import annotations

from pipeline.book import Book
from pipeline.calendar import Month, Quarter
from pipeline.config import Config
from pipeline.quarter_report import MonthlyReturn
from pipeline.reading import Submission
from pipeline.sheets import BY_KEY

ON_TIME, LATE, NIL, MISSING, NOT_DUE, NOT_BEGUN = "按时", "迟报", "零报告", "未报", "未到期", "未开始"


def monthly_returns(book: Book, quarter: Quarter, config: Config) -> list[MonthlyReturn]:
    """One line for each month of the quarter and each unit that must report, in the order of 附件1."""
    came: dict[tuple[str, Month], list[Submission]] = {}
    decisions = of_deciding_bodies(book)
    for one in book.submissions.values():
        if one.unit and one.month and not one.refused and one.withdrawn is None and one.number not in decisions:
            came.setdefault((one.unit, one.month), []).append(one)
    return [
        _return(unit, month, came.get((unit, month), []), book, config)
        for month in quarter.months for unit in config.reporting_units
    ]


def of_deciding_bodies(book: Book) -> set[int]:
    """Files that hold decisions and registers only: no unit's monthly return."""
    deciding = {number for number, kind, _ in book.letters if BY_KEY[kind].deciding}
    return deciding - {number for number, kind, _ in book.letters if not BY_KEY[kind].deciding}


def _return(unit: str, month: Month, came: list[Submission], book: Book, config: Config) -> MonthlyReturn:
    due, asked = month.due(config.due_day), str(month) >= (config.first_month or "")
    if not came:
        state = NOT_BEGUN if not asked else MISSING if book.today > due else NOT_DUE
        return MonthlyReturn(unit, month, due, state, None, 0)
    first = min(one.arrived_on for one in came)
    in_time = NIL if all(one.nil_return for one in came) else ON_TIME
    state = LATE if asked and first > due else in_time
    return MonthlyReturn(unit, month, due, state, first, len(came) - 1)
