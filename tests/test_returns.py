"""Who must report which months, and which files are no unit's monthly return."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from openpyxl import load_workbook

from pipeline import monthly
from pipeline.calendar import Quarter
from pipeline.dues import nothing_outstanding
from pipeline.returns import LATE, MISSING, NOT_BEGUN, NOT_DUE, ON_TIME, monthly_returns, of_deciding_bodies
from pipeline.rollup import roll_up
from tests.support.desk import CONFIG, Desk, award, decision, holder
from tests.support.workbooks import office, workbook

Q3 = Quarter(2020, 3)


BEGUN = CONFIG.model_copy(update={"first_month": "2020-08"})


def test_months_before_the_office_began_are_asked_of_nobody_and_never_late():
    desk = Desk().receive("练市镇", "2020-07", {"certificates": [holder(1)]}, today="2020-09-08")
    states = {(one.unit, one.month.month): one.state for one in monthly_returns(desk.book, Q3, BEGUN)}
    assert [states["双林镇", month] for month in (7, 8, 9)] == [NOT_BEGUN, MISSING, NOT_DUE]
    assert states["练市镇", 7] == ON_TIME
    assert {one.state for one in monthly_returns(desk.book, Q3, CONFIG) if one.month.month == 7} == {MISSING, LATE}


def test_all_papers_of_a_quarter_in_whose_middle_the_office_begins_are_written(tmp_path: Path):
    desk = office(tmp_path, BEGUN)
    (desk.inputs / "练市镇.xlsx").write_bytes(workbook("练市镇", "2020-07", {"certificates": [holder(1)]}))
    outcome = monthly.run(desk, date(2020, 9, 8), None, False, 1, lambda *_: None)
    rows = {row[0]: row for row in load_workbook(outcome.written[0])["报送情况"].iter_rows(values_only=True)}
    assert rows["双林镇"][1:4] == ("—未开始", "×未报", "…未到期")
    assert "未开始" in (desk.outputs / "2020Q3" / "进度.html").read_text("utf-8")


def test_where_nothing_was_asked_for_nobody_is_said_to_have_been_in_time():
    desk = Desk().receive("练市镇", "2020-08", {"certificates": [holder(1)]}, today="2020-09-03")
    report = roll_up(desk.book, desk.judgement.rows, [], [], Quarter(2020, 2), BEGUN)
    assert nothing_outstanding(report) == "本季度还没有要求按月报送。"


def test_a_file_of_decisions_is_no_monthly_return_one_with_rows_of_its_own_is():
    desk = Desk().receive("区应急管理局", "2020-08", {"certificates": [holder(1)], "certificate_awards": [award(1)]}, today="2020-09-03")
    desk.receive("区应急管理局", "2020-08", {"decisions": [decision("NX-2020-0001", "初审")]}, today="2020-09-10")
    assert of_deciding_bodies(desk.book) == {2}
