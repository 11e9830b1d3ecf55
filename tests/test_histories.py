"""Any history of an office, step by step: rows are accounted for, an award is granted once, decided claims stay as they are."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from datetime import date, timedelta
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from pipeline.calendar import Quarter
from pipeline.intake.cells import take_id
from pipeline.ledger.withdrawal import withdraw
from pipeline.rollup import roll_up
from tests.support.desk import (
    CONFIG,
    Desk,
    award,
    candidate,
    decision,
    holder,
    id_number,
    introduced,
    other,
    supervisor,
    survey,
    talent,
)

UNITS, MONTHS = ("练市镇", "双林镇", "区应急管理局"), ("2020-07", "2020-08", "2020-09")
BODIES = (*UNITS, "区安委办", "区人力社保局")
LEVELS = {"初级": 1000.0, "中级": 2000.0, "高级": 3000.0}
INSTALMENTS = {"第一年": 3000.0, "第二年": 3000.0, "第三年": 4000.0}
STAGES = ("初审", "复审", "发放", "追回")
UNDER_WAY, GRANTED = ("待复审", "待发放", "已发放", "已追回"), ("待复审", "待发放", "已发放")
OPENS = date(2020, 9, 5)
SPELLINGS = (
    str, str.lower,
    lambda number: "".join(chr(ord(sign) + 0xFEE0) for sign in number),
    lambda number: f" {number[:6]} {number[6:14]}  {number[14:]} ",
    lambda number: f"'{number[:3]}\u200b{number[3:]}\ufeff",
    lambda number: f"{number[:6]}-{number[6:14]}-{number[14:]}",
    lambda number: number[:6] + number[8:17],
)  # fmt: skip

people = st.integers(7, 9)  # the ninth's number ends in X
spellings = st.sampled_from(SPELLINGS)


def spelt(row: dict[str, Any], serial: int, spelling: Any) -> dict[str, Any]:
    """The row with the ID number as intake takes it from this spelling."""
    return row | {"id_number": take_id(spelling(id_number(serial)))}


def _certificate(serial: int, level: str) -> dict[str, Any]:
    return holder(serial, level=level, certificate_number=f"ZJ{serial}{level}")


def _award(serial: int, level: str) -> dict[str, Any]:
    return award(serial, level=level, certificate_number=f"ZJ{serial}{level}", amount=LEVELS[level])


def _talent(serial: int, instalment: str) -> dict[str, Any]:
    later = list(INSTALMENTS).index(instalment)
    return talent(serial, instalment=instalment, amount=INSTALMENTS[instalment], applied_on=f"202{later}-08-20",
                  certificate_number=f"YJ{serial}")


def _leaver(serial: int, change: str) -> dict[str, Any]:
    return {"name": f"甲{serial}", "change": change, "changed_on": "2020-09-01"}


def _rows(make: Any, *choices: Any) -> st.SearchStrategy[list[dict[str, Any]]]:
    one = st.builds(lambda serial, spelling, *given: spelt(make(serial, *given), serial, spelling),
                    people, spellings, *choices)
    return st.lists(one, max_size=3)


levels, instalments = st.sampled_from(list(LEVELS)), st.sampled_from(list(INSTALMENTS))
sheets = st.fixed_dictionaries({}, optional={
    "certificates": _rows(_certificate, levels) | _rows(lambda serial: introduced(serial, certificate_number=f"YJ{serial}")),
    "certificate_awards": _rows(_award, levels),
    "talent_awards": _rows(_talent, instalments),
    "other_awards": _rows(lambda serial, measure: other(measure, serial), st.sampled_from(
        ("报考费用报销", "评优评先", "高层次人才", "购房租房补贴", "企业岗位津贴"))),
    "supervisors": _rows(lambda serial: supervisor(serial=serial)),
    "candidates": _rows(candidate),
    "leavers": _rows(_leaver, st.sampled_from(("离职", "调入新单位", "证书注销"))),
    "establishments": st.lists(st.builds(survey, st.sampled_from(("甲公司", "乙公司")), headcount=st.sampled_from((299, 300))),
                               max_size=3),
    "activities": st.lists(st.just({"held_on": "2020-08-10", "activity": "驻点服务", "topic": "驻点"}), max_size=2),
})
registers = st.fixed_dictionaries({}, optional={
    "bar_list": _rows(lambda serial: {"name": f"甲{serial}", "barred_on": "2020-09-01", "reason": "伪造"}),
    "outside_awards": _rows(lambda serial: {
        "name": f"甲{serial}", "award": "证书奖励", "level": "中级", "department": "科技局", "granted_on": "2020-06-01"}),
    "exam_dates": st.just([{"exam_year": 2020, "level": "中级", "held_on": "2020-11-14"}]),
    "notices": st.just([{"notice_year": 2020, "opens_on": "2020-01-01", "closes_on": "2020-12-31"}]),
})


class OfficeHistory(RuleBasedStateMachine):
    """Files come in, bodies decide, files are taken back, days pass; `entered` counts every row ever handed in."""

    @initialize()
    def open(self) -> None:
        self.day, self.desk, self.entered = OPENS, Desk(), Counter[str]()
        self.decided: dict[str, str] = {}
        self.asked: dict[str, tuple[str, ...]] = {}
        self._hand_in("练市镇", "2020-08", {
            "certificates": [_certificate(7, "中级"), introduced(8, certificate_number="YJ8")],
            "certificate_awards": [_award(7, "中级")], "talent_awards": [_talent(8, "第一年")]})

    def _hand_in(self, unit: str, month: str, found: dict[str, list[dict[str, Any]]], **more: Any) -> None:
        self.entered.update({kind: len(rows) for kind, rows in found.items()})
        self.desk.receive(unit, month, found, today=self.day.isoformat(), **more)

    @rule(unit=st.sampled_from(UNITS), month=st.sampled_from(MONTHS), found=sheets,
          faulty=st.sets(st.integers(3, 5), max_size=1))
    def report_or_correct(self, unit: str, month: str, found: dict[str, list[dict[str, Any]]], faulty: set[int]) -> None:
        back = {row: "N02" for row in faulty if all(row < 3 + len(rows) for rows in found.values())}
        self._hand_in(unit, month, found, returned_rows=back)

    @rule(unit=st.sampled_from(UNITS), month=st.sampled_from(MONTHS))
    def report_nothing(self, unit: str, month: str) -> None:
        self._hand_in(unit, month, {}, nil=True)

    @rule(unit=st.sampled_from(BODIES), found=registers)
    def keep_registers(self, unit: str, found: dict[str, list[dict[str, Any]]]) -> None:
        self._hand_in(unit, "2020-09", found)

    @rule(at=st.integers(0, 20), stages=st.lists(st.sampled_from(STAGES), min_size=1, max_size=3),
          opinion=st.sampled_from(("核准", "核准", "核准", "不核准")), unit=st.sampled_from(("区安委办", *BODIES)))
    @precondition(lambda self: self.desk.judgement.claims)
    def decide(self, at: int, stages: list[str], opinion: str, unit: str) -> None:
        claims = self.desk.judgement.claims
        number = claims[at % len(claims)].number
        self._hand_in(unit, "2020-09", {"decisions": [
            decision(number, stage, opinion, self.day.isoformat()) for stage in stages]})

    @rule(unit=st.sampled_from(UNITS))
    @precondition(lambda self: any(claim.awaits for claim in self.desk.judgement.claims))
    def decide_all_that_waits(self, unit: str) -> None:
        self._hand_in("区安委办", "2020-09", {"decisions": [
            decision(claim.number, claim.awaits, "核准", self.day.isoformat())
            for claim in self.desk.judgement.claims if claim.awaits]})

    @rule(at=st.integers(0, 20), conclusion=st.sampled_from(("属实", "已更正", "不再提示")), unit=st.sampled_from(BODIES))
    @precondition(lambda self: self.desk.judgement.numbers)
    def conclude(self, at: int, conclusion: str, unit: str) -> None:
        numbers = sorted(self.desk.judgement.numbers.values())
        self._hand_in(unit, "2020-09", {"resolutions": [{
            "finding": numbers[at % len(numbers)], "conclusion": conclusion, "decided_on": self.day.isoformat(),
            "decided_by": "经办"}]})

    @rule(at=st.integers(0, 30))
    def take_back(self, at: int) -> None:
        known = self.desk.book.submissions
        standing = [number for number, one in known.items() if one.withdrawn is None]
        if standing:
            withdraw(self.desk.connection, known, standing[at % len(standing)], "放错了", self.day)
            self.decided = {}  # what was decided in it is taken back with it
            self.desk.settle(self.day)

    @rule(days=st.sampled_from((1, 10, 200)))
    def days_pass(self, days: int) -> None:
        self.day += timedelta(days)
        self.desk.settle(self.day)

    @rule()
    def run_again(self) -> None:
        before, report = self.desk.judgement, self._report()
        self.desk.settle(self.day)
        assert (self.desk.judgement.claims, self.desk.judgement.findings) == (before.claims, before.findings)
        assert self._report() == report

    def _report(self) -> Any:
        judged = self.desk.judgement
        return roll_up(self.desk.book, judged.rows, judged.claims, judged.findings, Quarter(2020, 3), CONFIG)

    @invariant()
    def every_row_is_counted_outside_duplicate_returned_or_superseded(self) -> None:
        for kind, one in self._report().reconciliation.items():
            parts = asdict(one)
            assert parts.pop("read") == sum(parts.values()) == self.entered[kind], kind

    @invariant()
    def nobody_is_granted_an_award_twice(self) -> None:
        asked = [(claim.award, claim.id_number, claim.instalment or claim.level, claim.state)
                 for claim in self.desk.judgement.claims]
        if all(what[0] in ("证书奖励", "紧缺人才") for what in asked):
            for states in (GRANTED, ("待初审", *GRANTED)):
                assert max(Counter(what[:3] for what in asked if what[3] in states).values(), default=0) <= 1

    @invariant()
    def a_decided_claim_stays_as_it_is_and_a_number_belongs_to_one_claim(self) -> None:
        for claim in self.desk.judgement.claims:
            asks = (claim.award, claim.id_number, claim.unit, str(claim.instalment or claim.level))
            assert self.asked.setdefault(claim.number, asks) == asks
        now = {claim.number: claim.state for claim in self.desk.judgement.claims}
        for number, state in self.decided.items():
            assert state not in UNDER_WAY or now.get(number) in (*UNDER_WAY, "不核准", "退回"), (number, state, now.get(number))
        self.decided = {number: state for number, state in now.items() if state in (*UNDER_WAY, "不核准")}


OfficeHistory.TestCase.settings = settings(
    max_examples=10, stateful_step_count=12, deadline=None, derandomize=True, database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much])
TestAnyHistory = OfficeHistory.TestCase
