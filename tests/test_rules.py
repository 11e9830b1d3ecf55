"""Every policy scenario of tests/cases/rules.yaml, at the desk."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from tests.support.desk import CONFIG, Desk, award, holder, id_number, introduced, other, supervisor, talent

CASES = YAML(typ="safe").load(Path(__file__).with_name("cases") / "rules.yaml")
SURVEY = {"establishment": "甲公司", "establishment_type": "工矿企业", "headcount": 320, "surveyed_on": "2020-03-01"}


def scenarios() -> list[Any]:
    return [pytest.param(rule, case, id=f"{rule} {case['case']}") for rule, cases in CASES.items() for case in cases]


@pytest.mark.parametrize(("rule", "case"), scenarios())
def test_the_rule_says_of_the_row_what_the_scenario_expects(rule: str, case: dict[str, Any]):
    arrives = case.get("arrives", "2021-03-05")
    desk = Desk(_config(case)).receive("区应急管理局", "2020-08", _registers(case), today=arrives)
    desk.receive("练市镇", "2020-08", _sheets(case), today=arrives, filled_on="2020-09-05")
    if "looked_at" in case:
        desk.receive("双林镇", "2020-08", {}, today=case["looked_at"])
    severities = [severity for found, severity in desk.rules() if found == rule]
    assert severities == ([case["says"]] if case["says"] else [])


@pytest.mark.parametrize("rule", list(CASES))
def test_every_rule_has_a_scenario_that_passes_and_one_that_does_not(rule: str):
    outcomes = {bool(case["says"]) for case in CASES[rule]}
    assert outcomes == {True, False}, f"tests/cases/rules.yaml has scenarios of {rule} of one kind only"


def _config(case: dict[str, Any]) -> Any:
    switches = CONFIG.switches.model_copy(update=case.get("switches", {}))
    return CONFIG.model_copy(update={"switches": switches})


def _sheets(case: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    kind, change = case["sheet"], dict(case["change"])
    if kind == "certificates" and ("birth" in change or "place" in change):
        place = {name: change.pop(name) for name in ("birth", "place") if name in change}
        change["id_number"] = id_number(1, **place)
    sheets: dict[str, list[dict[str, Any]]] = {}
    if kind == "certificates":
        sheets[kind] = [holder(1, **change)]
    elif kind == "establishments":
        sheets[kind] = [SURVEY | change]
        sheets["certificates"] = [holder(serial) for serial in range(1, case.get("holders", 0) + 1)]
    elif kind == "supervisors":
        sheets[kind] = [supervisor(change.pop("birth", "19850101"), **change)]
    elif kind == "other_awards":
        sheets = {kind: [other(change.pop("measure"), 1, **change)], "certificates": [holder(1, **case.get("register", {}))]}
    else:
        make, beside = (award, holder) if kind == "certificate_awards" else (talent, introduced)
        sheets[kind] = [make(1, **change)]
        if case.get("register", {}) is not None:
            sheets["certificates"] = [beside(1, **case.get("register", {}))]
    return sheets


def _registers(case: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    person = {"name": "甲1", "id_number": id_number(1)}
    registers: dict[str, list[dict[str, Any]]] = {}
    if "survey" in case:
        registers["establishments"] = [SURVEY | case["survey"]]
    if "barred" in case:
        registers["bar_list"] = [{**person, "barred_on": case["barred"], "reason": "伪造"}]
    if "supervisor" in case:
        registers["supervisors"] = [supervisor(exam_status="已报考", **case["supervisor"])]
    if "notice" in case:
        registers["notices"] = [case["notice"]]
    if "left" in case:
        registers["leavers"] = [{**person, "change": "离职", "changed_on": case["left"]}]
    if "outside" in case:
        registers["outside_awards"] = [{**person, "department": "区人力社保局", "granted_on": "2020-01-01", **case["outside"]}]
    return registers
