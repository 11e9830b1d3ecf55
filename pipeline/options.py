"""Options that several commands share, and how their values are read."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import typer

from pipeline.calendar import Month, Quarter


def day(text: str) -> date:
    """An ISO day; raises BadParameter in Chinese."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"日期应写成 2020-10-08 的样子，现在是“{text}”") from None


def quarter(text: str) -> Quarter:
    """A quarter like 2020Q3; raises BadParameter in Chinese."""
    try:
        return Quarter.parse(text)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None


def month(text: str) -> Month:
    """A month like 2020-08; raises BadParameter in Chinese."""
    if found := Month.parse(text):
        return found
    raise typer.BadParameter(f"月份应写成 2020-08 的样子，现在是“{text}”")


QuarterOption = Annotated[
    Quarter | None, typer.Option("--quarter", parser=quarter, metavar="2020Q3", help="季度；不写为最新有报送的季度")]
TodayOption = Annotated[
    date | None, typer.Option("--today", parser=day, metavar="日期", help="当作今天的日期；不写为真正的今天")]
YesOption = Annotated[bool, typer.Option("--yes", help="不再询问")]
