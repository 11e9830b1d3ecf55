"""Commands of the desk itself: `doctor`."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import typer

ROOT = Path(__file__).parents[1]


def doctor(ctx: typer.Context) -> None:
    """检查这台电脑和这个文件夹能不能运行每月任务：每项打 √、□ 或 ×，并说明怎么办。"""
    from pipeline.doctor import all_well, examine, page
    from pipeline.doctor.check import Desk

    told = list(examine(Desk(ROOT, *_places(ctx), date.today())))
    typer.echo(page(told))
    raise typer.Exit(0 if all_well(told) else 1)


def _places(ctx: typer.Context) -> tuple[Path, Path, Path]:
    """config.yaml, inputs/ and outputs/ as they were given to the program."""
    given = ctx.find_root().params
    return given["config"], given["inputs"], given["outputs"]
