"""Slips of the pen in the lists: cells that cannot be taken, persons and companies that do not fit (N, D, T, R4)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from pipeline.demo.cast import HAZARDOUS, JUNIOR, LARGE, MIDDLE, SENIOR, SMALL, Cast
from pipeline.demo.paper import Cell, Formula, Merge, Row
from pipeline.demo.people import Company, Person, credit_code, wrong_checksum
from pipeline.demo.rows import Certificate, holder_row, survey_row
from pipeline.findings import Severity

RETURNED, REVIEW, NOTE = Severity.RETURNED, Severity.REVIEW, Severity.NOTE
# Rule, field, what stands there instead of what is meant; the right row follows in the next month.
_CELLS: tuple[tuple[str, str, Callable[[Certificate], Cell]], ...] = (
    ("N01", "employer", lambda _: None),
    ("N02", "id_number", lambda holder: wrong_checksum(holder.person.id_number)),
    ("N02", "id_number", lambda holder: holder.person.id_number[:16]),
    ("N03", "id_number", lambda holder: float(holder.person.id_number.replace("X", "0"))),
    ("N03", "certificate_number", lambda holder: float(holder.number)),
    ("N07", "issued_on", lambda holder: f"{holder.issued_on.year}-02-30"),
    ("N07", "issued_on", lambda holder: holder.issued_on.replace(year=holder.issued_on.year + 1)),
    ("N08", "sector", lambda _: "化工行业"),
    ("N08", "route", lambda _: "评审"),
)


def happen(cast: Cast) -> None:
    """Every slip, once."""
    for at, (rule, field, wrong) in enumerate(_CELLS):
        _returned_and_listed_again(cast, at, rule, field, wrong)
    for episode in (_strange_ids, _names_and_numbers, _two_reports, _shrunk_company, _surveys, _merged_employer,
                    _formula, _rare_documents, _odd_sheets):
        episode(cast)


def _returned_and_listed_again(
    cast: Cast, at: int, rule: str, field: str, wrong: Callable[[Certificate], Cell]
) -> None:
    holder = cast.newcomer(LARGE, JUNIOR, date(2019 + at % 3, 2 + at % 7, 11))
    row = holder_row(holder, cast.config)
    day = holder.collected_on
    slipped = row.at_fault(rule, RETURNED, field, **{field: wrong(holder)})
    cast.home(holder, f"{day:%Y-%m}").add("certificates", slipped)
    cast.listed(holder, f"{day.year}-{day.month + 1:02d}")


def _strange_ids(cast: Cast) -> None:
    people = cast.diary.people
    for person in (people.person(born=date(2003, 5, 1)), people.person(place="339999")):
        holder = cast.newcomer(LARGE, JUNIOR, date(2020, 4, 9), person=person)
        row = holder_row(holder, cast.config).at_fault("N04", REVIEW, "id_number", id_number=person.id_number)
        cast.home(holder, "2020-05").add("certificates", row)


def _names_and_numbers(cast: Cast) -> None:
    """Another name for one ID (N05), one number for two persons (N06), two numbers for one certificate (N12)."""
    first = cast.known(LARGE, MIDDLE, date(2019, 3, 5))
    name = first.person.name[:2] + "祎"
    candidate = Row({
        "name": name, "id_number": first.person.id_number, "employer": first.company.name, "sector": LARGE,
        "level": SENIOR, "exam_year": 2019, "exam_result": "待考"}).at_fault("N05", REVIEW, "name")
    cast.home(first, "2019-06").add("candidates", candidate)
    second = replace(cast.newcomer(LARGE, JUNIOR, date(2019, 6, 3)), number=first.number)
    cast.home(second, "2019-07").add("certificates", holder_row(second, cast.config).at_fault(
        "N06", REVIEW, "certificate_number"))
    third = cast.known(SMALL, JUNIOR, date(2020, 5, 6))
    again = holder_row(third, cast.config, certificate_number=third.number[:-1] + "0000")
    cast.home(third, "2020-09").add("certificates", again.at_fault("N12", REVIEW, "certificate_number"))


def _two_reports(cast: Cast) -> None:
    """One holder from two units, and with another sector or date from the same unit (R4)."""
    holder = cast.known(LARGE, JUNIOR, date(2020, 3, 18))
    row = holder_row(holder, cast.config)
    cast.diary.of(cast.other_unit(holder), "2020-06").add("certificates", row.at_fault("R4", REVIEW, "id_number"))
    elsewhere = row.but(sector=SMALL).at_fault("R4", REVIEW, "id_number").at_fault("D08", REVIEW, "sector")
    cast.home(holder, "2020-08").add("certificates", elsewhere)
    earlier = row.but(issued_on=date(2020, 3, 8)).at_fault("R4", REVIEW, "id_number")
    cast.home(holder, "2020-10").add("certificates", earlier)


def _shrunk_company(cast: Cast) -> None:
    """A company that falls below 300 in the newest survey: its people's sector must be looked at (D08)."""
    company = Company("练市虚拟甲铸造有限公司", "练市镇", "工矿企业", LARGE, 330, None, credit_code(900))
    for year, headcount in ((2019, 330), (2020, 300), (2021, 268)):
        cast.diary.of(company.unit, f"{year}-03").add(
            "establishments", survey_row(company, date(year, 3, 12), headcount=headcount))
    holder = replace(cast.newcomer(LARGE, MIDDLE, date(2019, 4, 16)), company=company)
    cast.home(holder, "2019-05").add("certificates", holder_row(holder, cast.config).at_fault("D08", REVIEW, "sector"))


def _surveys(cast: Cast) -> None:
    """A wrong credit code (N09), an unknown type (N08), no headcount, no staff of an intermediary (N01)."""
    company = Company("双林虚拟甲仓储有限公司", "双林镇", "危险化学品储存单位", HAZARDOUS, 25, None, credit_code(901)[:-1] + "I")
    agency = Company("菱湖虚拟甲安全咨询有限公司", "菱湖镇", "安全生产中介机构", "中介机构", 12, 5, credit_code(902))
    plant = Company("旧馆虚拟甲塑业有限公司", "旧馆镇", "工矿企业", SMALL, 45, None, None)
    day = date(2021, 3, 18)
    cast.diary.of(company.unit, "2021-03").add("establishments", survey_row(company, day).at_fault(
        "N09", REVIEW, "uscc"))
    cast.diary.of(agency.unit, "2020-03").add("establishments", survey_row(agency, date(2020, 3, 18)).at_fault(
        "N01", RETURNED, "service_staff", service_staff=None))
    cast.diary.of(agency.unit, "2021-03").add("establishments", survey_row(agency, day))
    for rule, field, wrong in (("N08", "establishment_type", "外资企业"), ("N01", "headcount", None)):
        cast.diary.of(plant.unit, "2020-03" if wrong else "2019-03").add("establishments", survey_row(
            plant, date(2020 if wrong else 2019, 3, 18)).at_fault(rule, RETURNED, field, **{field: wrong}))


def _merged_employer(cast: Cast) -> None:
    """Three colleagues below one merged cell with their employer: it holds for all three."""
    first = cast.newcomer(LARGE, JUNIOR, date(2020, 6, 4), unit="善琏镇")
    filed = cast.home(first, "2020-07")
    start = len(filed.sheets.get("certificates", []))
    for _ in range(3):
        colleague = replace(cast.newcomer(LARGE, JUNIOR, date(2020, 6, 4)), company=first.company)
        filed.add("certificates", holder_row(colleague, cast.config))
    filed.merges.append(Merge("certificates", "employer", start, start + 2))


def _formula(cast: Cast) -> None:
    """A formula that was saved without its value: the row comes back (N08), the formula is pointed out (N11)."""
    holder = cast.newcomer(SMALL, JUNIOR, date(2021, 4, 7), unit="旧馆镇")
    row = holder_row(holder, cast.config).at_fault("N08", RETURNED, "ce_hours", ce_hours=Formula("=24+24"))
    cast.home(holder, "2021-05").add("certificates", row.at_fault("N11", NOTE, "ce_hours"))
    cast.listed(holder, "2021-06")


def _rare_documents(cast: Cast) -> None:
    """A residence permit and a foreigner's card of the older form; a name with a dot."""
    permit = cast.diary.people.person(place="810000")
    card = Person("阿依·甲子", "USA330085010112", "13900009001")
    for person, document in ((permit, "港澳台居民居住证"), (card, "外国人永久居留身份证")):
        holder = cast.newcomer(LARGE, SENIOR, date(2021, 5, 12), person=person, unit="双林镇")
        row = holder_row(holder, cast.config, document=document)
        cast.home(holder, "2021-06").add("certificates", replace(row, written={"id_number": person.id_number}))


def _odd_sheets(cast: Cast) -> None:
    """A hidden row, a comment, an unknown sheet and column, a wrong total, a sheet without its name (N11)."""
    for at, tricks in enumerate(({"hidden", "comment"}, {"unknown sheet", "unknown column"}, {"wrong total"},
                                 {"numbered sheet"})):
        holder = cast.newcomer(SMALL, JUNIOR, date(2021, 1 + at, 2), unit="南浔镇")
        filed = cast.diary.of("南浔镇", f"2021-{2 + at:02d}")
        others = filed.sheets.pop("certificates", [])
        filed.sheets = {"certificates": [holder_row(holder, cast.config), *others], **filed.sheets}
        filed.tricks |= tricks
