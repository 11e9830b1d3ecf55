"""A few rows of the other sheets, so that every kind of sheet is filled in at least once."""

from __future__ import annotations

from datetime import date

from pipeline.demo.cast import JUNIOR, LARGE, MIDDLE, Cast
from pipeline.demo.paper import Row
from pipeline.demo.rows import NOTICE_YEAR


def happen(cast: Cast) -> None:
    """Candidates, supervisors, other measures, activities, leavers, exam dates and the year's notice."""
    for year in cast.config.years:
        _candidates(cast, year)
        _activities(cast, year)
        _exam(cast, year)
    _supervisors(cast)
    _other_measures(cast)
    notice = Row({"notice_year": NOTICE_YEAR, "opens_on": date(NOTICE_YEAR, 1, 1),
                  "closes_on": date(NOTICE_YEAR, 12, 31)})
    cast.keep_register("notices", f"{NOTICE_YEAR}-01", notice)


def _candidates(cast: Cast, year: int) -> None:
    for result in ("待考", "通过", "未通过"):
        holder = cast.newcomer(LARGE, MIDDLE, date(year, 1, 4))
        cast.home(holder, f"{year}-09").add("candidates", Row({
            "name": holder.person.name, "id_number": holder.person.id_number, "employer": holder.company.name,
            "sector": LARGE, "level": MIDDLE, "exam_year": year, "trainer": "否", "attended_training": "是",
            "exam_result": result}))


def _activities(cast: Cast, year: int) -> None:
    held = Row({"held_on": date(year, 8, 20), "activity": "专题培训班", "topic": f"{year}年考前辅导", "level": MIDDLE,
                "participants": 40})
    cast.diary.of(cast.config.first_review_unit, f"{year}-08").add("activities", held)


def _exam(cast: Cast, year: int) -> None:
    rows = [Row({"exam_year": year, "level": level, "held_on": date(year, 11, 14)}) for level in (JUNIOR, MIDDLE)]
    cast.keep_register("exam_dates", f"{year}-05", *rows)


def _supervisors(cast: Cast) -> None:
    for unit, status in (("南浔镇", "已报考"), ("区交通局", "未报考")):
        person = cast.diary.people.person()
        cast.diary.of(unit, "2020-02").add("supervisors", Row({
            "name": person.name, "id_number": person.id_number, "department": "安全监管科", "post": "安全监管",
            "supervises": "是", "exam_status": status}))


def _other_measures(cast: Cast) -> None:
    office = cast.story.offices["区发改经信局"]
    person = cast.diary.people.person()
    who = {"name": person.name, "id_number": person.id_number}
    cast.diary.of(office.unit, "2020-12").add("other_awards", Row({
        "measure": "企业岗位津贴", "applied_on": date(2020, 12, 8), **who, "employer": office.name, "level": MIDDLE,
        "amount": 500}))
    cast.diary.of(office.unit, "2021-10").add("leavers", Row({
        **who, "change": "调出本区", "changed_on": date(2021, 10, 11)}))
