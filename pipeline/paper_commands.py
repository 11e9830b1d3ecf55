"""The commands that write papers from what is there: no file is read, no figure changes."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline import options
from pipeline.calendar import Month
from pipeline.cli_parts import shown
from pipeline.options import TodayOption

if TYPE_CHECKING:
    from pipeline.office import Office


def templates(
    ctx: typer.Context,
    month: Annotated[Month | None, typer.Option(
        parser=options.month, metavar="2020-08", help="填报月份；不写为上个月")] = None,
) -> None:
    """给每个应报单位写一份预填好的填报表。"""
    from pipeline.report.templates import write_templates

    office: Office = ctx.obj
    wanted = month or Month.of(date.today()).previous
    for path in write_templates(office.config, wanted, office.outputs / "templates" / str(wanted)):
        typer.echo(shown(path).as_posix())


def rules(ctx: typer.Context) -> None:
    """写出规则手册：每条规则的条款、原文、取舍、开关现值和例子。"""
    from pipeline.handbook import write_handbook

    office: Office = ctx.obj
    for path in write_handbook(office.config, office.outputs):
        typer.echo(shown(path).as_posix())


def forms(
    ctx: typer.Context,
    claim: Annotated[list[str] | None, typer.Option(
        metavar="编号", help="只写这一件申请的表，如 NX-2020-0007；可写多个，不写为全部在办和已批准的")] = None,
    copies: Annotated[int, typer.Option(min=1, max=9, help="每个文件里印几份（计划要求一式三份）")] = 1,
    today: TodayOption = None,
) -> None:
    """把证书奖励、紧缺人才的申请填成附件2-1、2-2 的 Word 申请表，一件一页；没有变化的不重写。"""
    from pipeline.forms import write_forms

    office: Office = ctx.obj
    made = write_forms(office, today or date.today(), claim or (), copies)
    for path in made.written:
        typer.echo(shown(path).as_posix())
    typer.echo(f"写出 {len(made.written)} 份申请表，{made.unchanged} 份没有变化。")
