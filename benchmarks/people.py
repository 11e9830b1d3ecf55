"""The rows of the benchmark's workbooks: establishments, holders, claims and bonuses, each a function of its numbers."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

from stdnum.cn import uscc

from pipeline.idnumber import check_digit
from pipeline.sheets import BONUS

ROWS, NEW = 50, 10  # of a list's rows; how many of them were not in last month's list
_LIFETIME = 36 * NEW + 2 * ROWS  # persons that a unit ever lists, with room for months to come
_SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦"
_GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红建国文辉力志永健世广义兴良海山仁波宁贵福生龙元全胜学祥才发武新"
_COUNTIES = ("330503", "330502", "330521", "330522", "330523", "330411", "330421", "330482")
_LEVELS = {"初级": (1000, 300), "中级": (2000, 500), "高级": (3000, 1000)}
_BIRTHDAYS = 8400  # 1972 to 1994
Row = dict[str, object]


def _level(number: int) -> str:
    return "高级" if number % 20 == 19 else ("初级", "中级")[number % 2]


@lru_cache(maxsize=4096)
def _person(place: int, number: int) -> Row:
    """What a person's rows have in common."""
    serial = place * _LIFETIME + number
    birth = date(1972, 1, 1) + timedelta(days=serial * 37 % _BIRTHDAYS)
    first17 = f"{_COUNTIES[serial % len(_COUNTIES)]}{birth:%Y%m%d}{1 + serial // _BIRTHDAYS:03d}"
    name = "".join(letters[serial // step % len(letters)] for letters, step in ((_SURNAMES, 1), (_GIVEN, 50), (_GIVEN, 2900)))
    return {
        "name": name, "id_number": first17 + check_digit(first17), "employer": _employer(place, number % ROWS),
        "level": _level(number), "certificate_number": f"SL{3305:04d}{serial:09d}", "issued_on": _listed_in(number).replace(day=4),
    }


def _listed_in(number: int) -> date:
    """The first day of the month whose list names the person first."""
    month = max(0, number - ROWS + NEW) // NEW
    return date(2019 + month // 12, 1 + month % 12, 1)


def _employer(place: int, number: int) -> str:
    trade = ("精细化工", "建筑工程", "安全技术服务", "机械制造", "商贸")[_branch(number)]
    return f"湖州虚构{place:03d}区{number:02d}号{trade}有限公司"


def _branch(number: int) -> int:
    return {0: 0, 1: 1, 2: 2, 3: 4}.get(number % 10, 3)


_TYPES = ("危险化学品生产单位", "建筑施工单位", "安全生产中介机构", "工矿企业", "其他生产经营单位")


def _headcount(number: int) -> int:
    return 30 + number * 11 % 600


def _sector(number: int) -> str:
    large = _headcount(number) >= 300
    return ("危化冶炼建筑", "危化冶炼建筑" if large else "其他", "中介机构", "工矿300人以上" if large else "工矿300人以下", "其他")[
        _branch(number)]


@lru_cache(maxsize=4096)
def establishment(place: int, number: int, year: int) -> Row:
    """A row of the survey, the same all year."""
    code = f"913305{place:03d}{number:02d}MA2B1K"[:17]
    return {
        "establishment": _employer(place, number), "uscc": code + uscc.calc_check_digit(code),
        "establishment_type": _TYPES[_branch(number)], "headcount": _headcount(number),
        "service_staff": 3 if _branch(number) == 2 else None, "surveyed_on": date(year, 1, 4), "remark": f"{year}年初走访核实",
    }


def certificate(place: int, number: int) -> Row:
    """A row of 持证人员."""
    person, listed = _person(place, number), _listed_in(number)
    return person | {
        "document": "居民身份证", "sector": _sector(number % ROWS), "specialty": "其他安全", "route": "考试取得",
        "registration_number": f"3305{place:03d}{number:05d}", "registered_on": listed.replace(day=16), "ce_hours": 48,
        "trainer": "否", "remark": "原件已核",
    }


def award(place: int, number: int) -> Row:
    """A sound claim for the certificate award."""
    person, listed = _person(place, number), _listed_in(number)
    return person | {
        "applied_on": listed.replace(day=20), "post": "安全主管", "employer_nature": "生产经营单位",
        "employer_address": f"浙江省湖州市虚构区虚构路{1 + number % 300}号", "employer_phone": "0572-3012345",
        "phone": f"139{(place * _LIFETIME + number) % 10**8:08d}", "collected_on": listed.replace(day=10),
        "earlier_awards": "无", "amount": _LEVELS[str(person["level"])][0], "signed": "是", "id_copy": "√",
        "certificate_copy": "√", "employer_opinion": "属实", "checked_by": "验核人丙", "remark": "材料齐全",
    }


def bonus(place: int, number: int) -> Row:
    """What the employer pays: reported, never in the budget."""
    person, listed = _person(place, number), _listed_in(number)
    return {field: person[field] for field in ("name", "id_number", "employer", "level")} | {
        "measure": BONUS, "applied_on": listed.replace(day=20), "contract_from": listed.replace(year=listed.year - 2),
        "contract_to": listed.replace(year=listed.year + 2), "insured_since": listed.replace(year=listed.year - 2),
        "taxed_since": listed.replace(year=listed.year - 2), "exam_year": listed.year, "education": "本科", "full_time": "是",
        "amount": _LEVELS[str(person["level"])][0], "remark": "按月发放",
    }
