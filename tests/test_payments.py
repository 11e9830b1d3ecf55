"""Instalments that fall due, the budget of each payer, and the papers to sign (附件3 三, form 2-2)."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook

from pipeline.calendar import Quarter
from pipeline.money import payer_lines
from pipeline.payments import begin_payment_papers
from pipeline.rollup import roll_up
from pipeline.written import Written
from tests.support.desk import CONFIG, Desk, award, decision, holder, id_number, introduced, talent

Q4 = Quarter(2020, 4)


def approved(paid: bool = False) -> Desk:
    """The first instalment of an introduced engineer, insured since 2019-08-01, through second review."""
    desk = Desk().receive("练市镇", "2020-08", {"certificates": [introduced(1)], "talent_awards": [talent(1)]})
    stages = ["初审", "复审", "发放"] if paid else ["初审", "复审"]
    return desk.receive("区应急管理局", "2020-08", {"decisions": [
        decision("NX-2020-0001", stage, on=f"2020-09-{10 + at}") for at, stage in enumerate(stages)]}, today="2020-09-20")


def due(desk: Desk) -> list[tuple[str, str, str]]:
    report = roll_up(desk.book, desk.judgement.rows, desk.judgement.claims, desk.judgement.findings, Q4, CONFIG)
    return [(line.instalment, line.due.isoformat(), line.state) for line in report.instalments]


def test_the_second_and_third_instalment_fall_due_by_themselves():
    assert due(approved()) == [("第二年", "2021-08-01", "未到期"), ("第三年", "2022-08-01", "未到期")]


@pytest.mark.parametrize(("today", "state"), [("2021-07-31", "未到期"), ("2021-08-01", "已到期，待申请")])
def test_an_instalment_is_proposed_on_its_due_day(today: str, state: str):
    desk = approved().receive("双林镇", "2020-09", {}, today=today)
    assert due(desk)[0][2] == state


@pytest.mark.parametrize(("left_on", "states"), [
    ("2021-07-31", ["停发", "停发"]), ("2021-08-01", ["未到期", "停发"]), ("2019-07-31", ["未到期", "未到期"])])
def test_whoever_left_before_the_due_day_gets_no_more(left_on: str, states: list[str]):
    gone = {"name": "甲1", "id_number": id_number(1), "change": "离职", "changed_on": left_on}
    desk = approved().receive("练市镇", "2020-09", {"leavers": [gone]}, today="2020-10-05")
    assert [state for *_, state in due(desk)] == states


def test_a_barred_person_gets_no_more():
    barred = {"name": "甲1", "id_number": id_number(1), "barred_on": "2020-09-30", "reason": "伪造"}
    desk = approved(paid=True).receive("区应急管理局", "2020-09", {"bar_list": [barred]}, today="2020-10-05")
    assert [state for *_, state in due(desk)] == ["停发", "停发"]


def test_nothing_falls_due_before_the_second_review():
    desk = Desk().receive("练市镇", "2020-08", {"certificates": [introduced(1)], "talent_awards": [talent(1)]})
    assert due(desk) == []


def test_the_budget_shows_what_is_unpaid_and_what_is_still_to_come_in_its_year():
    desk = approved()
    report = roll_up(desk.book, desk.judgement.rows, desk.judgement.claims, desk.judgement.findings, Q4, CONFIG)
    lines = [(line.year, line.applied, line.approved_amount, line.paid_amount, line.unpaid_amount, line.future_amount)
             for line in payer_lines(report.claims, report.instalments)]
    assert lines == [(2020, 1, 3000, 0, 3000, 0), (2021, 0, 0, 0, 0, 3000), (2022, 0, 0, 0, 0, 4000)]


def papers(desk: Desk, folder: Path) -> dict[str, list[str]]:
    """File name → every text of its first sheet."""
    memory = Written(folder / "ledger" / "written.json")
    written = [finish() for finish in begin_payment_papers(folder, desk.judgement.claims, date(2020, 10, 8), CONFIG, memory)]
    return {path.name: [str(cell) for row in load_workbook(path).worksheets[0].iter_rows(values_only=True) for cell in row
                        if cell is not None] for path in written}


def test_names_are_made_public_masked_before_the_second_review(tmp_path: Path):
    desk = Desk().receive("练市镇", "2020-08", {"certificates": [holder(1)], "certificate_awards": [award(1)]})
    assert papers(desk, tmp_path) == {}
    desk.receive("区应急管理局", "2020-08", {"decisions": [decision("NX-2020-0001", "初审")]}, today="2020-09-20")
    shown = papers(desk, tmp_path)
    assert list(shown) == ["公示名单.xlsx"]
    assert "330503********0010"[:6] in "".join(shown["公示名单.xlsx"])
    assert not [text for text in shown["公示名单.xlsx"] if id_number(1) in text]


def test_each_payer_gets_its_list_after_the_second_review_with_whole_ids_and_a_total_in_words(tmp_path: Path):
    shown = papers(approved(), tmp_path)
    assert list(shown) == ["发放清单_区应急管理局.xlsx"]
    texts = shown["发放清单_区应急管理局.xlsx"]
    assert id_number(1) in texts
    assert "合计（大写）叁仟元整" in texts


def test_a_list_is_taken_away_when_everything_on_it_was_paid(tmp_path: Path):
    papers(approved(), tmp_path)
    assert papers(approved(paid=True), tmp_path) == {}
    assert list(tmp_path.iterdir()) == []


def test_what_was_paid_to_a_barred_person_is_listed_for_recovery(tmp_path: Path):
    barred = {"name": "甲1", "id_number": id_number(1), "barred_on": "2020-09-30", "reason": "伪造"}
    desk = approved(paid=True).receive("区应急管理局", "2020-09", {"bar_list": [barred]}, today="2020-10-05")
    assert list(papers(desk, tmp_path)) == ["追回清单.xlsx"]
    desk.receive("区应急管理局", "2020-10", {"decisions": [decision("NX-2020-0001", "追回", on="2020-10-06")]},
                 today="2020-10-07")
    assert papers(desk, tmp_path) == {}
    report = roll_up(desk.book, desk.judgement.rows, desk.judgement.claims, desk.judgement.findings, Q4, CONFIG)
    assert [line.recovered_amount for line in report.payers if line.year == 2020] == [3000]
