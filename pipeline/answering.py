"""`send --receipts`: which receipts and reminders are due to the units, as letters with their states."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlalchemy import Connection, Engine

from pipeline.book import Book
from pipeline.calendar import Month, Quarter
from pipeline.config import Config
from pipeline.inbox import look_into
from pipeline.ledger import fetched, outbox
from pipeline.mail.account import unusable_for
from pipeline.mail.deliver import Outgoing, State
from pipeline.mail.unit_letters import Answer, UnitLetter, receipt_letter, reminder_letter
from pipeline.monthly import Outcome, as_of
from pipeline.office import Office
from pipeline.passwords import passwords
from pipeline.reading import Submission
from pipeline.returns import MISSING, monthly_returns
from pipeline.sending import StaleMailsError, Waiting, waiting_as
from pipeline.unit_receipts import UnitReceipts
from pipeline.written import Written

_RECENT = timedelta(days=92)  # what is older was handed over before there was a mailbox


@dataclass
class Due:
    """The letters that are not known to have arrived, what a person must hand over, and what is to be warned of."""

    mails: list[Waiting] = field(default_factory=list)
    by_hand: list[str] = field(default_factory=list)
    unlocked: set[str] = field(default_factory=set)  # units whose receipts leave without a password
    faults: list[str] = field(default_factory=list)  # addresses that config.yaml lacks


def due(office: Office, engine: Engine, today: date, again: tuple[str, ...] = ()) -> Due:
    """What the units are to be sent.

    Raises StaleMailsError where the job must run first: a file is not read yet, or a receipt is not today's.
    """
    outcome = as_of(office, today, today, None, dry=True)
    with engine.connect() as connection:
        _refuse_unread(office, connection)
        found = Due()
        answers = list(_answers(office, connection, outcome, found))
        reminded = list(_overdue(outcome.book, office.config))
        found.faults = unusable_for(dict.fromkeys([*(one.unit for one in answers), *(unit for unit, _ in reminded)]), office.config)
        if found.faults:
            return found
        letters = [*_receipt_letters(answers, connection, office.config, today),
                   *((reminder_letter(unit, month, office.config, today), "催报") for unit, month in reminded)]
        states = outbox.states(connection)
    known = [_waiting(letter, what, states, again) for letter, what in letters]
    found.mails = [one for one in known if one.state != State.SENT]
    open_occasions = {one.occasion for one in found.mails if one.to_send}
    found.unlocked = {one.unit for one in answers if not one.locked and one.occasion in open_occasions}
    return found


def _waiting(letter: UnitLetter, what: str, states: Mapping[str, str], again: tuple[str, ...]) -> Waiting:
    outgoing = Outgoing(letter.recipient, letter.message_id, letter.content)
    return waiting_as(outgoing, letter.occasion, letter.asks, f"{letter.unit}　{what}", states, again)


def _refuse_unread(office: Office, connection: Connection) -> None:
    inbox = look_into(office, connection, lambda *_: None)
    unread = [name for name, _ in inbox.new if name not in inbox.again]
    if unread or inbox.growing:
        raise StaleMailsError("inputs/ 里有还没有读的文件，请先运行一次 python run.py，再发回执和催报")


def _answers(office: Office, connection: Connection, outcome: Outcome, found: Due) -> Iterator[Answer]:
    """The receipts of recent files that can be sent to a unit; of the others, a sentence for a person."""
    locks = passwords(office.ledger, office.config)
    own = UnitReceipts(office, outcome.judgement, outcome.book, connection, Written(office.ledger / "written.json"), locks)
    came_from = fetched.senders(connection)
    for path, one in reversed(own.places().items()):
        if one.arrived_on < outcome.book.today - _RECENT:
            continue
        if own.is_stale(path, one):
            raise StaleMailsError("回执写好之后情况有变化，请先运行一次 python run.py，看过新的回执再发送")
        mailed_by = office.config.senders.get(came_from.get(one.source, ""))
        unit = one.unit or (mailed_by if mailed_by in office.config.unit_order else None)
        if reason := _not_by_mail(unit, mailed_by, office.config):
            found.by_hand.append(f"{path.relative_to(office.outputs).as_posix()}：{reason}")
        elif unit:
            outcomes = own.outcomes(one.number)
            yield Answer(unit, one, path.read_bytes(), own.findings[one.number], sum(each.taken for each in outcomes),
                         sum(each.returned for each in outcomes), one.unit in locks)


def _not_by_mail(unit: str | None, mailed_by: str | None, config: Config) -> str | None:
    """Why a receipt is not sent to a unit unasked: nobody knows whose it is, or it would tell one unit of another's people."""
    if unit is None:
        return "不知道是哪个单位的，请人工退回"
    if mailed_by in config.unit_order and mailed_by not in (unit, config.office_unit):
        return f"来自{mailed_by}的邮箱，封面却写{unit}，请核对后人工退回"
    return None


def _receipt_letters(
    answers: list[Answer], connection: Connection, config: Config, today: date
) -> Iterator[tuple[UnitLetter, str]]:
    for answer in answers:
        histories = outbox.earlier_figures(connection, answer.occasion, answer.asks)  # by address: the unit's may have changed
        earlier = [asked for history in histories.values() for asked in history]
        yield receipt_letter(answer, config, today, earlier), _told(answer.submission, locked=answer.locked, updated=bool(earlier))


def _told(one: Submission, *, locked: bool, updated: bool) -> str:
    month, kind, lock = one.month or "月份不明", "更新的回执" if updated else "回执", "已加密码" if locked else "没有密码"
    return f"{month} {kind}（第 {one.number:06d} 号，{lock}）"


def _overdue(book: Book, config: Config) -> Iterator[tuple[str, Month]]:
    """Unit and month of every return that fell due lately and has not come; none of before the ledger began."""
    began = min((one.month for one in book.submissions.values() if one.month and not one.refused), default=None)
    month = Month.of(book.today).previous
    while began and month >= began and month.due(config.due_day) >= book.today - _RECENT:
        yield from ((one.unit, month) for one in monthly_returns(book, Quarter.of(month), config)
                    if one.month == month and one.state == MISSING)
        month = month.previous
