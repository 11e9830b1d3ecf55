"""Mishaps with whole files: unreadable ones, wrong covers, corrections, copies (N00, N07 on the cover, R1, R2)."""

from __future__ import annotations

from datetime import date, timedelta

from pipeline.demo.broken import PDF, half_a_workbook, locked_workbook
from pipeline.demo.cast import JUNIOR, LARGE, MIDDLE, SMALL, Cast
from pipeline.demo.paper import Cell, Fault, Return
from pipeline.demo.rows import Certificate, holder_row
from pipeline.findings import Severity

RETURNED, REVIEW = Severity.RETURNED, Severity.REVIEW
# Unit and month whose return is unreadable at first, the day of the good one, the name and the bytes (or the trick).
_UNREADABLE: tuple[tuple[str, str, date, str, bytes | str], ...] = (
    ("千金镇", "2019-06", date(2019, 7, 22), "2019-06/千金镇扫描件.xlsx", PDF),
    ("菱湖镇", "2020-02", date(2020, 3, 20), "2020-02/菱湖镇加密.xlsx", locked_workbook()),
    ("旧馆镇", "2019-09", date(2019, 11, 5), "旧馆镇/旧馆镇2019-09未传完.xlsx", half_a_workbook()),
    ("区科技局", "2020-04", date(2020, 6, 5), "2020-04/区科技局.xlsx", b""),
    ("区财政局", "2020-09", date(2020, 10, 20), "2020-09/区财政局9月.xls", "单位：区财政局 本月无".encode("gb18030")),
    ("石淙镇", "2020-05", date(2020, 6, 5), "csv/石淙镇人员.csv", "姓名,身份证号码\n".encode()),
    ("区消防大队", "2021-05", date(2021, 6, 21), "2021-05/区消防大队5月.xlsx", "two covers"),
    ("区总工会", "2021-05", date(2021, 6, 21), "2021-05/区总工会5月报表.xlsx", "no known sheet"),
)
_WRONG_COVERS: tuple[tuple[str, str, dict[str, Cell]], ...] = (
    ("区住建局", "2019-10", {"unit": "湖东街道"}),
    ("区交通局", "2020-11", {"month": None}),
    ("区人力社保局", "2021-03", {"month": "2031-03"}),
)


def happen(cast: Cast) -> None:
    """Every mishap, once."""
    for unreadable in _UNREADABLE:
        _unreadable(cast, *unreadable)
    for unit, month, cover in _WRONG_COVERS:
        filed = cast.diary.of(unit, month)
        _refuse(cast.diary.file(unit, month, filed.arrives, {}, nil=True, cover=cover))
    for episode in (_dropped_person, _same_day, _withdrawn_by_nil, _correction_worse, _survey_again, _mended_claim,
                    _dated_tomorrow, _forgotten_nil, _copies):
        episode(cast)


def _refuse(filed: Return) -> None:
    filed.refused = True
    filed.faults.append((None, Fault("N00", RETURNED)))


def _unreadable(cast: Cast, unit: str, month: str, good_on: date, path: str, content: bytes | str) -> None:
    good = cast.diary.of(unit, month)
    bad = cast.diary.file(unit, month, good.arrives, {}, filled_on=good.filled_on)
    bad.path = path
    if isinstance(content, bytes):
        bad.content = content
    else:
        bad.tricks = frozenset({content})
    _refuse(bad)
    good.arrives, good.filled_on = good_on, good_on - timedelta(days=1)


def _empty(cast: Cast, unit: str, since: str) -> Return:
    """The unit's first return since a month in which nothing else happens."""
    months = (month for month in cast.diary.months if str(month) >= since)
    key = next(key for month in months if not cast.diary.returns[key := (unit, month)].sheets
               and key not in cast.diary.fixed)
    return cast.diary.of(unit, str(key[1]))


def _listed(cast: Cast, unit: str, since: str, *levels: str) -> tuple[Return, list[Certificate]]:
    """New holders in a return that holds nothing else."""
    filed = _empty(cast, unit, since)
    holders = [cast.newcomer(SMALL if level == JUNIOR else LARGE, level, date(filed.month.year, filed.month.month, 6),
                             unit=unit) for level in levels]
    filed.add("certificates", *[holder_row(holder, cast.config) for holder in holders])
    return filed, holders


def _later(cast: Cast, filed: Return) -> date:
    """The due day after the one on which the next return comes."""
    return cast.diary.due_days[cast.diary.due_days.index(filed.arrives) + 2]


def _dropped_person(cast: Cast) -> None:
    """The correction mends one row and forgets a person (R2), who is listed again two months later."""
    filed, holders = _listed(cast, "双林镇", "2019-05", JUNIOR, MIDDLE, JUNIOR)
    first, second, third = filed.sheets["certificates"]
    slipped = second.at_fault("N07", RETURNED, "issued_on", issued_on="2019-13-06")
    filed.sheets["certificates"] = [first, slipped, third]
    cast.diary.corrected(filed, _later(cast, filed), certificates=[first, second])
    cast.listed(holders[2], str(filed.month.next.next))


def _same_day(cast: Cast) -> None:
    """Two versions that say the same 填报日期 (R2)."""
    filed, holders = _listed(cast, "旧馆镇", "2020-06", JUNIOR)
    more = cast.newcomer(SMALL, JUNIOR, date(2020, 5, 6), unit="旧馆镇")
    newer = cast.diary.corrected(filed, _later(cast, filed), certificates=[
        holder_row(holder, cast.config) for holder in (*holders, more)])
    newer.filled_on = filed.filled_on
    newer.faults.append((None, Fault("R2", REVIEW)))


def _withdrawn_by_nil(cast: Cast) -> None:
    """A nil return takes the month's list back (R2); the person is listed again two months later."""
    filed, holders = _listed(cast, "菱湖镇", "2019-08", MIDDLE)
    cast.diary.corrected(filed, _later(cast, filed))
    cast.listed(holders[0], str(filed.month.next.next))


def _correction_worse(cast: Cast) -> None:
    """A correction of which no row can be taken replaces nothing."""
    filed, holders = _listed(cast, "善琏镇", "2020-09", JUNIOR, MIDDLE)
    spoilt = [row.at_fault("N03", RETURNED, "id_number", id_number=float(holder.person.id_number[:17]))
              for row, holder in zip(filed.sheets["certificates"], holders, strict=True)]
    cast.diary.file(filed.unit, str(filed.month), _later(cast, filed), {"certificates": spoilt})


def _survey_again(cast: Cast) -> None:
    """The whole survey of a month again, with other headcounts."""
    filed = cast.diary.of("千金镇", "2020-03")
    rows = [row.but(headcount=int(str(row.values["headcount"])) + 3) for row in filed.sheets["establishments"]]
    cast.diary.corrected(filed, date(2020, 5, 5), establishments=rows)


def _mended_claim(cast: Cast) -> None:
    """A returned claim is mended in a correction of the same month and keeps its number."""
    filed = _empty(cast, "开发区", "2020-05")
    holder = cast.newcomer(LARGE, MIDDLE, date(2020, 3, 9), unit=filed.unit)
    cast.listed(holder, "2020-04")
    row = cast.award(holder, date(filed.month.year, filed.month.month, 20))
    filed.add("certificate_awards", row.at_fault("F08", RETURNED, "id_copy", id_copy="否"))
    cast.diary.corrected(filed, _later(cast, filed), certificate_awards=[row])


def _dated_tomorrow(cast: Cast) -> None:
    """A cover that is dated after the day on which it came (N07)."""
    filed = cast.diary.of("区市场监管局", "2019-11")
    filed.filled_on = filed.arrives + timedelta(days=3)
    filed.faults.append(("", Fault("N07", REVIEW, "filled_on")))


def _forgotten_nil(cast: Cast) -> None:
    """An empty list, but 零报告 is not filled in (N11)."""
    cast.diary.of("区委组织部", "2020-07").sheets = {"certificates": []}


def _copies(cast: Cast) -> None:
    """The identical file under a second path (R1)."""
    for unit, month, day in (("练市镇", "2019-04", date(2019, 6, 5)), ("区总工会", "2020-01", date(2020, 3, 20))):
        filed = cast.diary.of(unit, month)
        cast.diary.copies.append((day, f"备份/{unit}{month}副本.xlsx", filed))
