"""Every unit learns what became of its claims; of a repeat claim both units learn, and neither sees the other's row (R5)."""

from __future__ import annotations

from pathlib import Path

from openpyxl import load_workbook

from pipeline.unit_papers import begin_unit_papers, progress_of, slips_of
from pipeline.written import Written
from tests.support.desk import CONFIG, Desk, award, decision, holder, id_number


def claimed_twice() -> Desk:
    desk = Desk().receive("练市镇", "2020-08", {"certificates": [holder(1)], "certificate_awards": [award(1)]})
    return desk.receive("双林镇", "2020-09", {"certificate_awards": [award(1, employer="乙公司", phone="13900000000")]},
                        today="2020-09-10")


def write(folder: Path, desk: Desk) -> None:
    for finish in begin_unit_papers(folder, desk.judgement, desk.book, CONFIG, Written(folder / "ledger" / "written.json")):
        finish()


def texts(path: Path, sheet: str) -> list[str]:
    return [str(cell) for row in load_workbook(path)[sheet].iter_rows(values_only=True) for cell in row if cell is not None]


def test_both_units_get_a_slip_with_their_own_row_and_the_other_units_name():
    desk = claimed_twice()
    slips = slips_of(desk.judgement.claims, desk.book)
    shown = {unit: [(one.own.number, one.own.employer, one.other_unit, one.other_number, one.other_state) for one in own]
             for unit, own in slips.items()}
    assert shown == {"双林镇": [("NX-2020-0002", "乙公司", "练市镇", "NX-2020-0001", "待初审")],
                     "练市镇": [("NX-2020-0001", "甲公司", "双林镇", "NX-2020-0002", "重复")]}


def test_a_slip_shows_nothing_of_the_others_row_and_no_whole_id(tmp_path: Path):
    desk = claimed_twice()
    write(tmp_path, desk)
    shown = texts(tmp_path / "练市镇.xlsx", "重复申领告知")
    assert "双林镇" in shown
    assert not [text for text in shown if "乙公司" in text or id_number(1) in text]


def test_a_unit_that_repeats_its_own_grant_gets_its_slip_alone():
    desk = Desk().receive("练市镇", "2020-08", {"certificates": [holder(1)], "certificate_awards": [award(1)]})
    desk.receive("区应急管理局", "2020-08", {"decisions": [decision("NX-2020-0001", "初审")]}, today="2020-09-12")
    desk.receive("练市镇", "2020-08", {"decisions": [decision("NX-2020-0001", "复审", on="2020-09-11"),
                                                 decision("NX-2020-0001", "发放", on="2020-09-12")]}, today="2020-09-13")
    desk.receive("练市镇", "2020-09", {"certificate_awards": [award(1)]}, today="2020-10-05")
    slips = slips_of(desk.judgement.claims, desk.book)
    assert [(one.own.number, one.other_number) for one in slips["练市镇"]] == [("NX-2020-0002", "NX-2020-0001")]


def test_a_unit_reads_the_day_and_the_opinion_of_every_stage(tmp_path: Path):
    desk = claimed_twice()
    desk.receive("区应急管理局", "2020-09", {"decisions": [decision("NX-2020-0001", "初审")]}, today="2020-09-12")
    write(tmp_path, desk)
    shown = texts(tmp_path / "练市镇.xlsx", "办理情况")
    assert "待复审" in shown
    assert "核准 2020-09-10" in shown


def test_a_unit_reads_why_a_claim_came_back_or_waits():
    desk = Desk().receive("练市镇", "2020-08", {"certificate_awards": [award(1), award(2, amount=1.0)]})
    remarks = [one.remark for one in progress_of(desk.judgement, desk.book).values()]
    assert "持证人员中还没有该证书" in remarks[0]
    assert "应为2000元" in remarks[1]


def test_a_unit_reads_why_its_claim_was_refused_without_any_whole_id():
    desk = Desk().receive("练市镇", "2020-08", {"certificates": [holder(1)], "certificate_awards": [award(1)]})
    refusal = decision("NX-2020-0001", "初审", "不核准", remark=f"{id_number(1)}的复印件看不清，请重新盖章")
    desk.receive("区应急管理局", "2020-09", {"decisions": [refusal]}, today="2020-09-12")
    [only] = progress_of(desk.judgement, desk.book).values()
    assert "不核准的原因：" in only.remark
    assert "复印件看不清，请重新盖章" in only.remark
    assert id_number(1) not in only.remark
