"""Which of the story's establishments lack engineers, by its own books."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from pipeline.config import Config
from pipeline.demo.standing import Entry

# Where the fault is pointed at, by the rule that finds it.
_FIELDS = {"D01": "establishment_type", "D02": "headcount", "D03": "headcount", "D05": "service_staff"}


def lawful(survey: Entry, config: Config) -> int:
    """The engineers that the law asks for."""
    values, kind = survey.row.values, config.establishment_types[str(survey.row.values["establishment_type"])]
    if kind.from_headcount is not None and int(str(values["headcount"])) < kind.from_headcount:
        return 0
    return max(kind.required, -(-int(str(values.get("service_staff") or 0)) * kind.required_percent // 100))


def short_of_engineers(entries: list[Entry], config: Config) -> Iterator[tuple[Entry, str, str]]:
    """The newest survey of each establishment that lacks engineers, the rule, and the field that it points at."""
    sound = [one for one in entries if one.stands and not one.row.returned]
    at_work = Counter(_employers(sound).values())
    newest: dict[object, Entry] = {}
    for one in sorted((one for one in sound if one.kind == "establishments"),
                      key=lambda one: str(one.row.values["surveyed_on"])):
        newest[one.row.values["establishment"]] = one
    for name, survey in newest.items():
        if lawful(survey, config) > at_work[name]:
            rule = str(config.establishment_types[str(survey.row.values["establishment_type"])].duty)
            yield survey, rule, _FIELDS[rule]


def _employers(sound: list[Entry]) -> dict[object, object]:
    """Where each person worked when last reported."""
    reports = sorted((one for one in sound if one.kind == "certificates"), key=lambda one: one.printed.filed.filled_on)
    return {one.row.values["id_number"]: one.row.values["employer"] for one in reports}
