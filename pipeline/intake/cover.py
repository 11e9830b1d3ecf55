"""The sheet 封面: unit, month and the day of filling in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime

from pipeline.calendar import Month
from pipeline.config import Config
from pipeline.findings import Finding, Severity
from pipeline.intake.addresses import address
from pipeline.intake.cells import phone_is_plausible, take_yes_or_no
from pipeline.intake.labels import COVER_FIELDS, bare_label, is_cover_name, is_nameless
from pipeline.intake.quantities import day_of, take_date
from pipeline.intake.refusal import Refused
from pipeline.intake.rejection import Rejected
from pipeline.intake.sheet import RawSheet
from pipeline.intake.text import Raw, is_blank, quoted, squeezed, text_of, typed_text
from pipeline.reading import Cover
from pipeline.sheets import COVER

_IDENTIFYING = ("unit", "month")  # without these the whole file goes back
_LABEL_AND_VALUE = re.compile(r"\s*([^:：]{2,12})[:：](.+)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the cover: its raw value and the zero-based row and column where it stands or should stand."""

    raw: Raw = None
    row: int = 0
    column: int = 1


def find_cover(sheets: list[RawSheet]) -> RawSheet:
    """The one cover among the sheets; raises Refused where there is none or more than one."""
    likely = [sheet for sheet in sheets if sheet.has_content and (
        is_cover_name(sheet.name) or (is_nameless(sheet.name) and _names_unit_and_month(sheet)))]
    if not likely:
        raise Refused("没有“封面”表，不知道是哪个单位、哪个月的报表；请用下发的填报表，填好封面再报")
    if len(likely) > 1:
        names = "、".join(quoted(sheet.name) for sheet in likely[:5])
        raise Refused(f"有 {len(likely)} 个封面（{names}），不知道以哪个为准；请只留一个再报")
    return likely[0]


def _names_unit_and_month(sheet: RawSheet) -> bool:
    found = _entries(sheet)
    return not is_blank(found.get("unit", Entry()).raw) and month_of(found.get("month", Entry()).raw) is not None


def _entries(sheet: RawSheet) -> dict[str, Entry]:
    """Field → entry: what stands to the right of each label, or behind its colon in the same cell."""
    labels: dict[str, tuple[int, int]] = {}
    found: dict[str, Entry] = {}
    for row, cells in enumerate(sheet.rows):
        for column, cell in enumerate(cells):
            if field := COVER_FIELDS.get(bare_label(cell)):
                labels.setdefault(field, (row, column))
            elif isinstance(cell, str) and (both := _LABEL_AND_VALUE.fullmatch(cell)):
                found.setdefault(COVER_FIELDS.get(bare_label(both[1]), ""), Entry(both[2].strip(), row, column))
    step = _step(sheet, labels)
    beside = {field: _entry(sheet, row, column + step) for field, (row, column) in labels.items()}
    return found | beside


def _step(sheet: RawSheet, labels: dict[str, tuple[int, int]]) -> int:
    """How far the values stand from their labels: as far as the unit's does, for a hint may stand further right."""
    row, column = labels.get("unit", (0, 0))
    filled = (at for at, cell in enumerate(sheet.rows[row][column + 1 :], 1) if not is_blank(cell))
    return next(filled, 1)


def _entry(sheet: RawSheet, row: int, column: int) -> Entry:
    cells = sheet.rows[row]
    raw = cells[column] if column < len(cells) and bare_label(cells[column]) not in COVER_FIELDS else None
    return Entry(raw, row, column)


class CoverSheet:
    """A cover being read: the cover as far as it is known, and what is wrong with it."""

    def __init__(self, sheet: RawSheet, arrived_on: date, config: Config) -> None:
        self.findings: list[Finding] = []
        self._sheet, self._arrived_on, self._config = sheet, arrived_on, config
        self._found = {column.field: Entry() for column in COVER} | _entries(sheet)
        self.cover = Cover(
            unit_of(text_of(self._raw("unit")), config), month_of(self._raw("month")), self._filled_on(),
            text_of(self._raw("filled_by")) or None, self._nil_return())
        self._demand_entries()
        self._note_doubts(config.template_version)

    @property
    def refusal(self) -> str | None:
        """Why the file cannot be taken for its unit or month, if so (N00)."""
        return refusal(self.cover, self._raw("unit"), self._raw("month"), self._arrived_on, "封面", self._config)

    def _raw(self, field: str) -> Raw:
        return self._found[field].raw

    def _filled_on(self) -> date | None:
        if is_blank(self._raw("filled_on")):
            return None
        try:
            day = date.fromisoformat(take_date(self._raw("filled_on")))
        except Rejected as fault:
            self._add("filled_on", fault.rule, Severity.RETURNED, f"封面的填报日期：{fault.message}")
            return None
        if day > self._arrived_on:
            text = f"封面的填报日期{day}晚于收件日{self._arrived_on}；请核对填报日期"
            self._add("filled_on", "N07", Severity.REVIEW, text)
        return day

    def _nil_return(self) -> bool:
        if is_blank(self._raw("nil_return")):
            return False
        try:
            return take_yes_or_no(self._raw("nil_return")) == 1
        except Rejected as fault:
            self._add("nil_return", fault.rule, Severity.RETURNED, f"封面的零报告：{fault.message}")
            return False

    def _demand_entries(self) -> None:
        for column in COVER:
            if column.required and column.field not in _IDENTIFYING and is_blank(self._raw(column.field)):
                text = f"封面没有填“{column.label}”；请补填后随更正件重报"
                self._add(column.field, "N01", Severity.RETURNED, text)

    def _note_doubts(self, current_version: str) -> None:
        phone, version = self._raw("phone"), self._raw("template_version")
        if not is_blank(phone) and not phone_is_plausible("".join(typed_text(phone).split())):
            text = f"封面的联系电话{quoted(phone)}不像电话号码；应为 11 位手机号，或带区号的座机号，请核对"
            self._add("phone", "N10", Severity.NOTE, text)
        if not is_blank(version) and typed_text(version) != current_version:
            text = f"模板版本{quoted(version)}不是现行的“{current_version}”；下次请用新模板填报"
            self._add("template_version", "N11", Severity.NOTE, text)

    def _add(self, field: str, rule: str, severity: Severity, text: str) -> None:
        entry = self._found[field]
        cell = address(entry.row, entry.column)
        self.findings.append(Finding(0, rule, severity, text, None, self._sheet.name, entry.row + 1, cell))


def refusal(cover: Cover, unit: Raw, month: Raw, arrived_on: date, place: str, config: Config) -> str | None:
    """Why a file cannot be taken for its unit or month (N00); `place` is where these were read."""
    if cover.unit is None:
        return (f"{place}没有填报单位；请填写后再报" if is_blank(unit)
                else f"{place}的填报单位{quoted(unit)}不在单位名单中{_meant(unit, config)}；请按名单填写单位名称")
    if cover.month is None:
        return (f"{place}没有填报月份；请写成 2020-08 的样子" if is_blank(month)
                else f"{place}的填报月份{quoted(month)}认不出是哪个月；请写成 2020-08 的样子")
    if cover.month > Month.of(arrived_on):
        return f"{place}的填报月份{cover.month}晚于收件当月{Month.of(arrived_on)}；请核对填报月份"
    return None


def _meant(unit: Raw, config: Config) -> str:
    likely = config.unit_like(squeezed(text_of(unit)))
    return f"（是不是“{likely}”？）" if likely else ""


def unit_of(text: str, config: Config) -> str | None:
    """The unit that a spelling stands for."""
    spellings = {squeezed(spelling): unit for spelling, unit in config.unit_spellings.items()}
    return spellings.get(squeezed(text))


def month_of(raw: Raw) -> Month | None:
    """The month that a cell states, as text or as a date; 2020.1 as a number may be January or October."""
    if isinstance(raw, datetime | date):
        return Month.of(raw)
    text = typed_text(raw)
    if isinstance(raw, float) and text.endswith(".1"):
        return None
    day = day_of(raw)
    return Month.of(day) if day else Month.parse(text)
