"""The sheet 封面: unit, month and the day of filling in."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import date, datetime

from pipeline.calendar import Month
from pipeline.config import Config
from pipeline.findings import Finding, Severity
from pipeline.intake.addresses import column_letters
from pipeline.intake.cells import Rejected, Surroundings, day_of, phone_is_plausible, take
from pipeline.intake.locate import bare_label, blocks, kind_by_name
from pipeline.intake.opening import Raw, RawSheet
from pipeline.intake.refusal import Refused
from pipeline.intake.texts import is_blank, quoted, text_of
from pipeline.reading import Cover
from pipeline.sheets import COVER, COVER_LABEL, OWN_SHEETS, Kind

_LABELS = {bare_label(name): column.field for column in COVER for name in (*column.aliases, column.label)}
_ENOUGH_LABELS = 3


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the cover: its raw value and the address where it stands (or should stand)."""

    raw: Raw
    cell: str


def find_cover(sheets: list[RawSheet]) -> RawSheet:
    """The one cover among the sheets; raises Refused where there is none or more than one."""
    likely = [sheet for sheet in sheets if _is_cover(sheet)]
    if not likely:
        raise Refused("没有“封面”表，不知道是哪个单位、哪个月的报表；请用下发的填报表填写封面再报")
    if len(likely) > 1:
        names = "、".join(f"“{sheet.name}”" for sheet in likely)
        raise Refused(f"有 {len(likely)} 个封面（{names}），不知道以哪个为准；请只留一个再报")
    return likely[0]


def _is_cover(sheet: RawSheet) -> bool:
    name = "".join(sheet.name.split())
    if COVER_LABEL in name:
        return name == COVER_LABEL or bool(entries(sheet))
    if name in OWN_SHEETS or kind_by_name(name):
        return False
    return len(entries(sheet)) >= _ENOUGH_LABELS and not blocks(sheet, None)


def entries(sheet: RawSheet) -> dict[str, Entry]:
    """Field → entry: the cell to the right of each label."""
    found: dict[str, Entry] = {}
    ends = {top: right for (top, (_, right)) in sheet.merges}
    for row, cells in enumerate(sheet.rows):
        for column, cell in enumerate(cells):
            field = _LABELS.get(bare_label(cell)) if isinstance(cell, str) else None
            if field and field not in found:
                at = ends.get((row, column), column) + 1
                found[field] = Entry(cells[at] if at < len(cells) else None, f"{column_letters(at)}{row + 1}")
    return found


def read_cover(sheet: RawSheet, arrived_on: date, config: Config) -> tuple[Cover, list[Finding], str | None]:
    """The cover as far as it can be read, what was found on it, and why the file must be refused, if so."""
    found = entries(sheet)
    blank = Entry(None, "B1")
    unit = unit_of(text_of(found.get("unit", blank).raw), config)
    month = month_of(found.get("month", blank).raw)
    filled_on, findings = _filled_on(sheet, found.get("filled_on", blank), arrived_on)
    nil = found.get("nil_return", blank).raw
    cover = Cover(unit, month, filled_on, text_of(found.get("filled_by", blank).raw) or None, _is_yes(nil))
    findings += _missing(sheet, found)
    findings += _doubtful(sheet, found, config)
    return cover, findings, refusal(cover, found.get("unit", blank).raw, found.get("month", blank).raw, arrived_on)


def refusal(cover: Cover, unit: Raw, month: Raw, arrived_on: date) -> str | None:
    """Why a file cannot be taken for its unit or month (N00)."""
    if cover.unit is None:
        return ("封面没有填报单位；请填写后再报" if is_blank(unit)
                else f"填报单位{quoted(unit)}不在单位名单中；请按名单填写单位名称")
    if cover.month is None:
        return ("封面没有填报月份；请写成 2020-08 的样子" if is_blank(month)
                else f"填报月份{quoted(month)}认不出；请写成 2020-08 的样子")
    if cover.month > Month.of(arrived_on):
        return f"填报月份{cover.month}晚于收件当月{Month.of(arrived_on)}；请核对封面的填报月份"
    return None


def unit_of(text: str, config: Config) -> str | None:
    """The unit that a spelling stands for."""
    return config.unit_spellings.get("".join(unicodedata.normalize("NFKC", text).split()))


def month_of(raw: Raw) -> Month | None:
    """The month that a cell states, as text or as a date."""
    if isinstance(raw, datetime | date):
        return Month(raw.year, raw.month)
    text = text_of(raw)
    if isinstance(raw, float) and text.endswith(".1"):  # January or October: nobody can tell
        return None
    day = day_of(raw) if Month.parse(text) is None else None
    return Month.of(day) if day else Month.parse(text)


def _is_yes(raw: Raw) -> bool:
    try:
        return not is_blank(raw) and take(Kind.YESNO, raw, Surroundings({})).value == 1
    except Rejected:
        return False


def _filled_on(sheet: RawSheet, entry: Entry, arrived_on: date) -> tuple[date | None, list[Finding]]:
    if is_blank(entry.raw):
        return None, []
    try:
        day = date.fromisoformat(str(take(Kind.DATE, entry.raw, Surroundings({})).value))
    except Rejected as fault:
        return None, [_finding(sheet, fault.rule, Severity.RETURNED, f"封面的填报{fault.message}", entry.cell)]
    if day <= arrived_on:
        return day, []
    text = f"封面的填报日期{day}晚于收件日{arrived_on}；请核对"
    return day, [_finding(sheet, "N07", Severity.REVIEW, text, entry.cell)]


def _missing(sheet: RawSheet, found: dict[str, Entry]) -> list[Finding]:
    """Required entries but for unit and month, without which the whole file goes back."""
    findings = []
    for column in COVER:
        entry = found.get(column.field, Entry(None, "A1"))
        if column.required and column.field not in ("unit", "month") and is_blank(entry.raw):
            text = f"封面没有填“{column.label}”；请补填后随更正件重报"
            findings.append(_finding(sheet, "N01", Severity.RETURNED, text, entry.cell))
    return findings


def _doubtful(sheet: RawSheet, found: dict[str, Entry], config: Config) -> list[Finding]:
    findings = []
    phone, version = found.get("phone"), found.get("template_version")
    if phone and not is_blank(phone.raw) and not phone_is_plausible(text_of(phone.raw).replace(" ", "")):
        text = f"联系电话{quoted(phone.raw)}不像电话号码；请核对"
        findings.append(_finding(sheet, "N10", Severity.NOTE, text, phone.cell))
    if version and not is_blank(version.raw) and text_of(version.raw) != config.template_version:
        text = f"模板版本{quoted(version.raw)}不是现行的“{config.template_version}”；下次请用新模板"
        findings.append(_finding(sheet, "N11", Severity.NOTE, text, version.cell))
    return findings


def _finding(sheet: RawSheet, rule: str, severity: Severity, text: str, cell: str) -> Finding:
    return Finding(0, rule, severity, text, None, sheet.name, int("".join(filter(str.isdigit, cell))), cell)
