"""The pages of a template that frame the data sheets: 封面 and 填写说明."""

from __future__ import annotations

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from pipeline.calendar import Month
from pipeline.config import Config
from pipeline.report import template_columns as cells
from pipeline.report.template_page import lay_out, protect, style
from pipeline.report.template_sheet import ENTRY_ROWS
from pipeline.sheets import COVER, COVER_LABEL, Column, Sheet, spellings_of

_FIELDS_FROM = 2  # 0-based row of the cover's first field
_FIXED = {"unit", "template_version"}  # pre-filled and locked
_STEPS = (
    "填好左边的封面，带 * 的必填。",
    "有内容的表才填，没有的空着。",
    "从灰色示例行的下一行填起，示例行不用删。",
    "表头带 * 的栏目必填，有下拉箭头的从列表中选。",
    "从别处粘贴时请选“只粘贴数值”，否则格子会被锁住。",
    f"每张表留有{ENTRY_ROWS}行，不够时在中间插入行。",
    "还不清楚的，看“填写说明”。",
)
_GUIDE = {"工作表": 16, "栏目": 24, "是否必填": 10, "怎样填写": 44, "可以填的值": 64}  # columns and their widths


def write_cover(book: Workbook, config: Config, unit: str, month: Month) -> None:
    """封面: labels in column A, values in column B, guidance beside; the steps to take on the right."""
    page = book.add_worksheet(COVER_LABEL)
    page.hide_gridlines(2)
    for place, width in enumerate((16, 26, 40, 3, 52)):
        page.set_column(place, place, width)
    _write_heading(book, page, config, unit, month)
    given = {"unit": unit, "month": str(month), "template_version": config.template_version}
    for row, column in enumerate(COVER, _FIELDS_FROM):
        _write_field(book, page, row, column, given.get(column.field))
        page.data_validation(row, 1, row, 1, cells.validation(column, config, f"B{row + 1}", {}))
    _write_steps(book, page)
    page.set_selection(_FIELDS_FROM + 2, 1, _FIELDS_FROM + 2, 1)
    lay_out(page)
    protect(page)


def _write_heading(book: Workbook, page: Worksheet, config: Config, unit: str, month: Month) -> None:
    page.set_row(0, 48)
    page.set_row(1, 26)
    page.write_string(0, 0, f"{config.plan_name}月报", style(book, "title"))
    due = month.due(config.due_day)
    words = f"{unit}　{month.year}年{month.month}月　请于{due.year}年{due.month}月{due.day}日前报{config.office}"
    page.write_string(1, 0, words, style(book, "lead"))


def _write_field(book: Workbook, page: Worksheet, row: int, column: Column, given: str | None) -> None:
    page.set_row(row, 40)
    page.write_string(row, 0, cells.header_text(column), style(book, "required" if column.required else "header"))
    value = style(book, "given" if column.field in _FIXED else "entry", cells.number_format(column))
    if given is None:
        page.write_blank(row, 1, None, value)
    else:
        page.write_string(row, 1, given, value)
    page.write_string(row, 2, cells.guidance(column), style(book, "words"))


def _write_steps(book: Workbook, page: Worksheet) -> None:
    page.write_string(_FIELDS_FROM, 4, "填写步骤", style(book, "header"))
    for number, step in enumerate(_STEPS, 1):
        page.write_string(_FIELDS_FROM + number, 4, f"{number}. {step}", style(book, "words"))


def write_guide(book: Workbook, config: Config, sheets: list[Sheet]) -> None:
    """填写说明: for every sheet and column what to fill in, whether it must be, and what may stand there."""
    page = book.add_worksheet("填写说明")
    page.set_row(0, 40)
    page.set_row(1, 26)
    page.write_string(0, 0, "填写说明", style(book, "title"))
    for place, (label, width) in enumerate(_GUIDE.items()):
        page.set_column(place, place, width)
        page.write_string(1, place, label, style(book, "header"))
    lines = [(COVER_LABEL, column) for column in COVER]
    lines += [(sheet.label, column) for sheet in sheets for column in sheet.columns]
    for row, (label, column) in enumerate(lines, 2):
        _write_line(book, page, row, _explained(label, column, config))
    page.freeze_panes(2, 0)
    page.repeat_rows(1)
    page.autofilter(1, 0, len(lines) + 1, len(_GUIDE) - 1)
    lay_out(page)
    protect(page)


def _explained(label: str, column: Column, config: Config) -> tuple[str, ...]:
    must = "必填" if column.required else "选填"
    return label, column.label, must, cells.guidance(column) or "照实填写", _values(column, config) or "—"


def _values(column: Column, config: Config) -> str:
    wordings = {value: wording for wording, value in spellings_of(column, config).items() if wording != value}
    named = [f"{value}（{wordings[value]}）" if value in wordings else value for value in cells.choices(column, config)]
    return "；".join(named)


def _write_line(book: Workbook, page: Worksheet, row: int, texts: tuple[str, ...]) -> None:
    lines = max(-(-2 * len(text) // (width - 4)) for text, width in zip(texts, _GUIDE.values(), strict=True))
    page.set_row(row, 6 + 15 * lines)
    for place, text in enumerate(texts):
        page.write_string(row, place, text, style(book, "header" if place == 0 else "words"))
