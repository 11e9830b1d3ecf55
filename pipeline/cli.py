"""Commands, options and exit codes; no logic (contract.md)."""

from __future__ import annotations

import os
import sys
import traceback
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline import desk_commands, mail_commands, options, paper_commands
from pipeline.cli_parts import agreed
from pipeline.cli_parts import fail as _fail
from pipeline.cli_parts import shown as _shown
from pipeline.faults import CannotGoOn, explain_fault
from pipeline.options import QuarterOption, TodayOption, YesOption
from pipeline.terminal import global_options_first, print_what_can_be_printed, progress_bars, write_json
from pipeline.usage import in_chinese, is_wrong_usage

if TYPE_CHECKING:
    from pipeline.monthly import Outcome
    from pipeline.office import Office

ROOT = Path(__file__).parents[1]
app = typer.Typer(help="注册安全工程师培育计划月报：读取 inputs/，核对、查重、登记台账，写出回执、进度表和邮件。",
                  add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None,
                  context_settings={"help_option_names": ["--help", "-h"]})


@app.callback(invoke_without_command=True)
def month(  # noqa: PLR0913, PLR0917 - one for each option
    ctx: typer.Context,
    config: Annotated[Path, typer.Option(help="配置文件")] = ROOT / "config.yaml",
    inputs: Annotated[Path, typer.Option(help="放各单位工作簿的文件夹")] = ROOT / "inputs",
    outputs: Annotated[Path, typer.Option(help="写结果的文件夹")] = ROOT / "outputs",
    district: Annotated[str | None, typer.Option(help="全市配置文件中的一个区县")] = None,
    quarter: QuarterOption = None,
    today: TodayOption = None,
    as_of: Annotated[date | None, typer.Option(
        "--as-of", parser=options.day, metavar="日期", help="不读新文件，只报告台账在那一天结束时的情况")] = None,
    since: Annotated[date | None, typer.Option(
        "--since", parser=options.day, metavar="日期", help="“变动说明”与哪一天结束时的台账比较；不写为上一季度")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只核对，什么都不写")] = False,
    workers: Annotated[int | None, typer.Option(min=1, help="同时读文件的进程数；不写为 config.yaml 的 scale.workers")] = None,
    json: Annotated[bool, typer.Option("--json", help="结果写成一个 JSON")] = False,
) -> None:
    """每月任务：读取新文件，核对、查重、登记，写出回执、审核表、进度表和待发邮件。"""
    if ctx.invoked_subcommand == "doctor":  # which looks at the folders and config.yaml itself
        return
    from pipeline.city.offices import City
    from pipeline.desks import desk_of

    alone = ctx.invoked_subcommand or ("--as-of、--since" if as_of or since else None)
    office = ctx.obj = desk_of(config, inputs, outputs, district, alone)
    now = today or date.today()
    if isinstance(office, City):
        if ctx.invoked_subcommand is None:
            from pipeline.city.telling import run_and_tell

            run_and_tell(office, now, quarter, dry_run, workers or max(one.config.scale.workers for one in office.districts), json)
    elif ctx.invoked_subcommand is None:
        from pipeline import monthly

        with progress_bars() as progress:
            outcome = (monthly.as_of(office, now, as_of, quarter, dry_run, since) if as_of
                       else monthly.run(office, now, quarter, dry_run, workers or office.config.scale.workers, progress, since))
        _tell(outcome, as_machine=json)


app.command()(paper_commands.templates)


app.command()(mail_commands.fetch)
app.command()(mail_commands.send)


@app.command()
def withdraw(
    ctx: typer.Context,
    number: Annotated[int, typer.Argument(help="报送编号，见“收件清单”")],
    reason: Annotated[str, typer.Option(prompt="撤回的原因", help="撤回的原因")],
    today: TodayOption = None,
    yes: YesOption = False,
) -> None:
    """撤回一份报送（放错了文件、封面填错等）。"""
    from pipeline import monthly, withdrawing

    now = today or date.today()
    if not agreed(yes, lambda: f"{withdrawing.told(ctx.obj, number, now)}撤回？"):
        typer.echo("没有撤回。")
        return
    one, _ = monthly.take_back(ctx.obj, number, reason, now)
    typer.echo(f"已撤回第 {number} 号报送（{one.unit or '单位不明'} {one.month or '月份不明'} {one.source}），结果已重新写出。")


@app.command()
def purge(
    ctx: typer.Context,
    reason: Annotated[str, typer.Option(prompt="清除的原因", help="清除的原因，记入流水")],
    id_number: Annotated[str, typer.Option(
        "--id", prompt="身份证号码（输入时不显示）", hide_input=True, help="不写则询问，不留在命令记录里")],
    today: TodayOption = None,
) -> None:
    """清除一个人的个人信息（没有在办或已发放的申请时），只留下统计所需的事实。"""
    from pipeline import purging

    office: Office = ctx.obj
    number = purging.number_of(id_number)
    submissions, _ = purging.purge(office, number, reason, today or date.today())
    typer.echo(f"已从台账、原件、回执中清除，涉及 {len(submissions)} 份报送；统计数字不变。")
    for path in purging.still_there(office, number):
        typer.echo(f"还含有这个号码，请自行处理：{_shown(path)}")


@app.command(name="close")
def close_quarter(ctx: typer.Context, quarter: QuarterOption = None, today: TodayOption = None, yes: YesOption = False) -> None:
    """封存一个季度：已签发的进度表和邮件从此不再改写，以后的变动写进下一季度的“变动说明”。"""
    from pipeline import signing

    typer.echo(signing.close_signed(ctx.obj, quarter, today or date.today(), lambda question: agreed(yes, lambda: question)))


@app.command()
def export(ctx: typer.Context, quarter: QuarterOption = None, today: TodayOption = None) -> None:
    """把一个季度的明细数据写成 CSV 和 Parquet（身份证号码打码），附数据字典，供统计分析。"""
    from pipeline import exporting

    for path in exporting.export(ctx.obj, quarter, today or date.today()):
        typer.echo(_shown(path).as_posix())


@app.command()
def why(
    ctx: typer.Context,
    sector: Annotated[str, typer.Argument(help="培育范围，如 工矿300人以上")],
    level: Annotated[str, typer.Argument(help="级别，如 初级")],
    year: Annotated[int, typer.Argument(help="年度，如 2019")],
    quarter: QuarterOption = None,
    today: TodayOption = None,
) -> None:
    """说明计划进度表中一个数字：由哪些人组成，哪些行没有计入、为什么。"""
    from pipeline import explain

    office: Office = ctx.obj
    sector = explain.sector_named(sector, office.config)
    if fault := explain.unknown(sector, level, year, office.config):
        raise typer.BadParameter(fault)
    counted, left_out = explain.cell(office, sector, level, year, quarter, today or date.today())
    typer.echo(f"{sector} {level} {year}年：实际 {len(counted)} 人")
    for line in counted:
        typer.echo(f"  {line.name} {line.id_number} {line.day}　{line.file}　{line.sheet} 第{line.row}行")
    if left_out:
        typer.echo(f"没有计入的 {len(left_out)} 行：")
    for line in left_out:
        typer.echo(f"  {line.name} {line.id_number} {line.day}　{line.file}　{line.sheet} 第{line.row}行　{line.reason}")


@app.command()
def verify(
    ctx: typer.Context,
    restore: Annotated[bool, typer.Option("--restore", help="用流水和原件重做台账；原来的文件另外留存")] = False,
) -> None:
    """核查台账：每个文件的校验值、校验链，并重放全部原件与台账比对。"""
    from pipeline.desks import faults_of, restored

    if restore:
        typer.echo("\n".join(restored(ctx.obj)))
    faults = faults_of(ctx.obj)
    if faults:
        _fail("台账有问题：\n" + "\n".join(faults))
    typer.echo("台账完好：原件、校验链和重放结果全部一致。")


app.command()(paper_commands.rules)
app.command()(paper_commands.forms)


@app.command()
def demo(ctx: typer.Context) -> None:
    """造一个虚构地区三年的填报表（身份证号码都是编造的），并完整地运行一遍。"""
    from pipeline import showcase

    office: Office = ctx.obj
    folder = office.outputs / "demo"
    with progress_bars() as progress:
        outcome = showcase.run(office, folder, progress)
    _tell(outcome, as_machine=False)
    typer.echo(f"这是演示，上面的下一步不用做；报表在 {_shown(folder / 'inputs')}，结果在 {_shown(folder / 'outputs')}，看完可以整个删去。")


def _tell(outcome: Outcome, *, as_machine: bool) -> None:
    written = [_shown(path) for path in outcome.written]
    if as_machine:
        from pipeline.machine import as_json

        write_json(as_json(outcome.report, written))
        return
    from rich.console import Console

    from pipeline.summary import show

    show(outcome.report, written, Console(highlight=False))


app.command()(desk_commands.watch)
app.command()(desk_commands.doctor)


def main() -> None:
    """Run the command line; a fault of the program ends in a page that says what to do, not in a traceback."""
    print_what_can_be_printed()
    os.umask(0o077)  # personal data: files for their owner alone
    try:
        code = app(global_options_first(sys.argv[1:]), prog_name="run.py", standalone_mode=False)
    except CannotGoOn as stop:
        typer.echo(str(stop), err=True)
        sys.exit(stop.code)
    except typer.Abort:
        typer.echo("已取消。", err=True)
        sys.exit(1)
    except Exception as error:
        if is_wrong_usage(error):
            typer.echo(in_chinese(error), err=True)
            sys.exit(2)
        typer.echo(explain_fault(error, traceback.format_exc(), ROOT), err=True)
        sys.exit(1)
    sys.exit(code or 0)
