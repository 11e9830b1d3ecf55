"""The commands that use a mail server: `fetch` and `send` (part of the command line: no logic)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli_parts import fail, shown
from pipeline.faults import CannotGoOn
from pipeline.idnumber import masked_text
from pipeline.options import QuarterOption, TodayOption
from pipeline.terminal import progress_bars

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from pipeline.calendar import Quarter
    from pipeline.fetching import Letter
    from pipeline.office import Office
    from pipeline.sending import Waiting

_MOST_UNKNOWN = 20  # of a mailbox full of advertisements


def fetch(ctx: typer.Context, today: TodayOption = None) -> None:
    """从办公邮箱里取出各单位发来的工作簿，放进 inputs/邮件/。"""
    from pipeline.fetching import fetch as take
    from pipeline.mail.account import mailbox_password, unusable_mailbox

    office: Office = ctx.obj
    imap = office.config.imap
    if (faults := unusable_mailbox(office.config)) or imap is None:
        fail("\n".join(faults))
    letters: list[Letter] = []
    try:
        with progress_bars() as progress:
            for letter in take(office, imap, mailbox_password(imap.user), today or date.today(), progress):
                letters.append(letter)
    except CannotGoOn:
        if letters:  # what was taken before stays taken
            _tell(letters)
        raise
    _tell(letters)


def _tell(letters: list[Letter]) -> None:
    taken = [one for one in letters if one.saved]
    for one in taken:
        typer.echo(f"{one.owner}　{one.envelope.sender}　{one.envelope.received:%Y-%m-%d %H:%M} 收到")
        for path in dict.fromkeys(one.saved):
            typer.echo(f"  取出：{masked_text(str(shown(path)))}")
        for reason in one.left:
            typer.echo(f"  没有取：{masked_text(reason)}")
    _tell_left([one for one in letters if not one.saved and not one.envelope.seen])
    files = sum(len(dict.fromkeys(one.saved)) for one in taken)
    typer.echo(f"取了 {len(taken)} 封邮件的 {files} 个文件" + ("，请再运行一次 python run.py。" if files else "。"))


def _tell_left(letters: list[Letter]) -> None:
    if letters:
        typer.echo("没有取的邮件（留在邮箱里，仍是未读，请人工查看）：")
    for one in letters[:_MOST_UNKNOWN]:
        why = masked_text("；".join(one.left)) or "没有附件" if one.owner else "发件人不在 config.yaml 里"
        typer.echo(f"  {one.envelope.sender or '发件人不明'}　{one.envelope.received:%Y-%m-%d}　{one.envelope.subject[:40]}　{why}")
    if len(letters) > _MOST_UNKNOWN:
        typer.echo(f"  还有 {len(letters) - _MOST_UNKNOWN} 封")


def send(
    ctx: typer.Context,
    quarter: QuarterOption = None,
    today: TodayOption = None,
    yes: Annotated[bool, typer.Option("--yes", help="不再询问，直接发送")] = False,
    again: Annotated[list[str] | None, typer.Option(
        metavar="邮箱", help="向收件人核实没有收到的（待核实、被拒），再发一次；可写多个")] = None,
    receipts: Annotated[bool, typer.Option("--receipts", help="改发各单位的回执，并催报到期没有报的")] = False,
) -> None:
    """列出本季度的邮件（或各单位的回执和催报）和收件人，问过之后发送。"""
    office: Office = ctx.obj
    if receipts and quarter:
        raise typer.BadParameter("--receipts 发近三个月收到的报表的回执，不看季度，请去掉 --quarter")
    now, asked = today or date.today(), tuple(again or ())
    if receipts:
        engine, mails, nothing = *_due_to_units(office, now, asked), "现在没有要发的回执和催报。"
    else:
        engine, mails, nothing = _of_the_quarter(office, quarter, now, asked)
    if _approved(mails, nothing, yes=yes):
        from pipeline.sending import send as deliver

        if not deliver(office, engine, mails, now, typer.echo):
            raise typer.Exit(1)


def _of_the_quarter(
    office: Office, quarter: Quarter | None, today: date, again: tuple[str, ...]
) -> tuple[Engine, list[Waiting], str]:
    from pipeline.ledger.opening import engine_for
    from pipeline.mail.account import unusable
    from pipeline.sending import waiting

    _refuse(unusable(office.config))
    engine = engine_for(office.config.ledger.url, office.outputs)
    chosen, mails = waiting(office, engine, quarter, today, again)
    return engine, mails, f"{chosen.chinese}没有要发送的邮件。"


def _due_to_units(office: Office, today: date, again: tuple[str, ...]) -> tuple[Engine, list[Waiting]]:
    from pipeline.answering import due
    from pipeline.ledger.opening import engine_for

    engine = engine_for(office.config.ledger.url, office.outputs)
    found = due(office, engine, today, again)
    _refuse(found.faults)
    for line in found.by_hand:
        typer.echo(f"不发邮件：{line}")
    if found.unlocked:
        typer.echo(f"注意：{'、'.join(sorted(found.unlocked, key=office.config.unit_order.__getitem__))}的回执没有加密码，"
                   "里面可能有完整的身份证号码；要加密码，请在 outputs/ledger/回执密码.csv 里写上，再运行一次 python run.py。")
    return engine, found.mails


def _refuse(faults: list[str]) -> None:
    """End the program where something must be filled in first."""
    if faults:
        fail("\n".join(["没有发送任何邮件：", *faults]))


def _approved(mails: list[Waiting], nothing: str, *, yes: bool) -> bool:
    """Show every mail with its state, and ask; False where nothing is to be sent."""
    for one in mails:
        what = one.what if isinstance(one.what, str) else shown(one.what)
        typer.echo(f"{one.letter.recipient}　{one.state or '未发送'}　{what}")
    ready = [one for one in mails if one.to_send]
    if not ready:
        typer.echo(nothing)
    elif yes or typer.confirm(f"发送以上 {len(ready)} 封邮件？"):
        return True
    else:
        typer.echo("没有发送。")
    return False
