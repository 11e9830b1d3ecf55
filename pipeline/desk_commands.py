"""Commands of the desk itself: `watch` and `doctor`."""

from __future__ import annotations

import sys
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path

import typer

from pipeline.cli_parts import shown

ROOT = Path(__file__).parents[1]


def watch(ctx: typer.Context) -> None:
    """开着的收件窗口：工作簿一放进 inputs/ 就处理，马上显示结果和回执；按 Ctrl+C 结束。"""
    from rich.console import Console

    from pipeline import arrival_notice, watching
    from pipeline.desks import office_of

    places = _places(ctx)
    console = Console(highlight=False, width=None if sys.stdout.isatty() else 10_000)
    with suppress(KeyboardInterrupt), watching.until_interrupted() as stop:
        console.print(f"收件窗口　把工作簿放进 {shown(places[1])}，复制完就处理。", markup=False, soft_wrap=True)
        console.print("　　　　　按 Ctrl+C 关闭，正在处理的一批会先做完。")
        for batch in watching.batches(lambda: office_of(*places), stop, typer.echo):
            console.print(f"\n{datetime.now():%H:%M:%S}　{f'新收 {len(batch.entered)} 份' if batch.entered else '没有新的'}", style="cyan")
            arrival_notice.show(batch, shown, console)
    console.print("收件窗口已关闭。")


def doctor(ctx: typer.Context) -> None:
    """检查这台电脑和这个文件夹能不能运行每月任务：每项打 √、□ 或 ×，并说明怎么办。"""
    from pipeline.doctor import all_well, examine, page
    from pipeline.doctor.check import Desk

    told = list(examine(Desk(ROOT, *_places(ctx), date.today(), ctx.find_root().params["district"])))
    typer.echo(page(told))
    raise typer.Exit(0 if all_well(told) else 1)


def _places(ctx: typer.Context) -> tuple[Path, Path, Path]:
    """config.yaml, inputs/ and outputs/ as they were given to the program."""
    given = ctx.find_root().params
    return given["config"], given["inputs"], given["outputs"]
