"""`close`: a quarter whose report was signed and sent, and whose figures are still today's, is frozen."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from pipeline import monthly, sending
from pipeline.calendar import Quarter
from pipeline.closing import ClosingError, must_be_open, must_be_over
from pipeline.ledger.opening import engine_for
from pipeline.mail.deliver import State
from pipeline.office import Office


def close_signed(
    office: Office, quarter: Quarter | None, today: date, agreed: Callable[[str], bool] = lambda _: True
) -> str:
    """Close the quarter, where whoever is asked has `agreed`, and say so in Chinese.

    Raises ClosingError or StaleMailsError where that cannot be.
    """
    if quarter:
        must_be_over(quarter, today)
    engine = engine_for(office.config.ledger.url, office.outputs)
    shown, mails = sending.waiting(office, engine, quarter, today)
    must_be_over(shown, today)  # the newest, where none was named
    with engine.connect() as connection:
        must_be_open(connection, shown)
    engine.dispose()
    if not mails:
        raise ClosingError(f"{shown.chinese}还没有写出进度表和邮件；请先运行一次 python run.py --quarter {shown}，看过再封存")
    unsent = sum(one.state != State.SENT for one in mails)
    note = f"注意：还有 {unsent} 封邮件没有发出。" if unsent else ""
    if not agreed(f"{note}封存以后不能解封。封存{shown.chinese}？"):
        return "没有封存。"
    monthly.close_quarter(office, shown, today)
    return f"{shown.chinese}已封存，outputs/{shown}/ 从此不再改写；以后的变动写进下一季度的“变动说明”。{note}"
