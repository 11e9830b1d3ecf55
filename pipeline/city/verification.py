"""`verify` for a city: every district's ledger, and that each knows what the others claim."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from pipeline.city.contest import contenders, rivals
from pipeline.city.offices import City
from pipeline.judge import judge
from pipeline.ledger.elsewhere import rivals_known
from pipeline.ledger.store import last_run
from pipeline.office import numbered
from pipeline.safekeeping import to_read
from pipeline.verification import verify as faults_of


def verify(city: City) -> list[str]:
    """What is wrong with the ledgers, as Chinese sentences with the district's name; nothing where all agrees."""
    faults = [f"{office.config.district}：{fault}" for office in city.districts for fault in faults_of(office)]
    return faults or list(_out_of_date(city))


def _out_of_date(city: City) -> Iterator[str]:
    """Districts whose record of the others' claims is not what these ledgers say."""
    recorded, asking = {}, []
    for at, office in enumerate(city.districts):
        with to_read(office) as connection:
            last = last_run(connection)
            book = numbered(connection, office.config, last[0] if last else date.min)
            recorded[office.config.district] = dict(rivals_known(connection))
            asking += contenders(office.config.district, at, judge(book, office.config).claims, book)
    known = rivals(asking)
    for name, record in recorded.items():
        if record != known.get(name, {}):
            yield f"{name}：跨区重复申领的记录与其他区县的台账不符（上次全市运行以后有过变动）；处理办法：再运行一次全市的任务"
