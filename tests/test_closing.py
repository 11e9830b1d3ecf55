"""A closed quarter is never rewritten; what changed since stands in the next report (变动说明)."""

from __future__ import annotations

import hashlib
import io
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from pipeline import monthly, signing
from pipeline.calendar import Quarter
from pipeline.changes import Basis, changes_between, figures_of
from pipeline.closing import ClosingError
from pipeline.office import Office
from pipeline.safekeeping import at_work
from pipeline.sending import StaleMailsError
from pipeline.verification import verify
from tests.support.databases import on_both
from tests.support.desk import CONFIG, Desk, holder
from tests.support.workbooks import office, workbook

Q3, AUTUMN, WINTER = Quarter(2020, 3), date(2020, 10, 8), date(2021, 1, 8)
CELL = "工矿300人以上 中级 2020年"


@pytest.fixture
def desk(tmp_path: Path) -> Office:
    """An office whose third quarter has been reported: two engineers of 练市镇."""
    made = office(tmp_path)
    drop(made, "八月.xlsx", workbook("练市镇", "2020-08", {"certificates": [holder(1), holder(2)]}))
    run(made, AUTUMN)
    return made


def drop(made: Office, name: str, content: bytes) -> None:
    (made.inputs / name).write_bytes(content)


def run(made: Office, today: date, quarter: Quarter | None = None) -> monthly.Outcome:
    return monthly.run(made, today, quarter, False, 1, lambda *_: None)


def frozen(made: Office) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest()
            for path in (made.outputs / "2020Q3").rglob("*") if path.is_file()}


def correct(made: Office) -> monthly.Outcome:
    """The first engineer was left out of a corrected workbook, a third one is new."""
    drop(made, "八月更正.xlsx", workbook("练市镇", "2020-08", {"certificates": [holder(2), holder(3)]}, filled_on="2020-12-01"))
    drop(made, "十二月.xlsx", workbook("练市镇", "2020-12", {"certificates": [holder(4)]}, filled_on="2020-12-31"))
    return run(made, WINTER)


@on_both
def test_the_folder_of_a_closed_quarter_is_never_rewritten(desk: Office):
    signing.close_signed(desk, Q3, AUTUMN)
    before = frozen(desk)
    correct(desk)
    again = run(desk, WINTER, Q3)
    assert frozen(desk) == before
    assert not [path for path in again.written if "2020Q3" in path.parts]
    assert again.report.closed_on == AUTUMN


def test_a_quarter_is_closed_once_and_not_before_its_end(desk: Office):
    with pytest.raises(ClosingError, match="才结束"):
        signing.close_signed(desk, Q3, date(2020, 9, 30))
    signing.close_signed(desk, Q3, AUTUMN)
    with pytest.raises(ClosingError, match="已于2020-10-08封存"):
        signing.close_signed(desk, Q3, AUTUMN)


def test_a_quarter_that_was_never_reported_is_not_closed(desk: Office):
    with pytest.raises(ClosingError, match="先运行一次"):
        signing.close_signed(desk, Quarter(2020, 2), AUTUMN)


def test_a_report_that_is_not_todays_any_more_is_not_closed(desk: Office):
    drop(desk, "双林.xlsx", workbook("双林镇", "2020-08", {"certificates": [holder(9)]}))
    with at_work(desk):
        monthly.take_in(desk, AUTUMN, None, False, 1, lambda *_: None)
    with pytest.raises(StaleMailsError):
        signing.close_signed(desk, Q3, AUTUMN)


def test_mails_that_were_not_sent_are_pointed_out(desk: Office):
    assert "没有发出" in signing.close_signed(desk, Q3, AUTUMN)


def test_a_lost_ledger_remembers_what_was_closed(desk: Office):
    signing.close_signed(desk, Q3, AUTUMN)
    (desk.outputs / "ledger" / "ledger.sqlite").unlink()
    assert run(desk, WINTER, Q3).report.closed_on == AUTUMN
    assert verify(desk) == []


@on_both
def test_the_next_report_says_what_changed_since_the_closing_and_why(desk: Office):
    signing.close_signed(desk, Q3, AUTUMN)
    changes = correct(desk).report.changes
    assert changes is not None
    assert "封存时" in changes.since
    here = [(line.kind, line.difference, line.who[:2]) for line in changes.lines if line.figure == CELL]
    assert here == [("更正", -1, "甲1"), ("新增", 1, "甲3"), ("新增", 1, "甲4")]


def test_without_a_closing_the_quarter_before_is_compared(desk: Office):
    changes = correct(desk).report.changes
    assert changes is not None
    assert changes.since == "2020年第三季度（按现在的台账）"
    assert [line.figure for line in changes.lines] == []


def test_two_days_of_the_ledger_are_compared_on_request(desk: Office):
    correct(desk)
    changes = monthly.as_of(desk, WINTER, WINTER, Q3, True, since=AUTUMN).report.changes
    assert changes is not None
    assert changes.since == "2020-10-08结束时的台账"
    assert [(line.kind, line.who[:2]) for line in changes.lines if line.figure == CELL] == [
        ("更正", "甲1"), ("新增", "甲3"), ("新增", "甲4")]


def test_the_sheet_shows_every_line_and_no_whole_id(desk: Office):
    signing.close_signed(desk, Q3, AUTUMN)
    outcome = correct(desk)
    page = load_workbook(io.BytesIO(outcome.written[0].read_bytes()))["变动说明"]
    texts = [str(value) for row in page.iter_rows(values_only=True) for value in row if value is not None]
    assert CELL in texts
    assert not [text for text in texts if holder(3)["id_number"] in text]


rows = st.builds(
    holder, st.integers(1, 6), sector=st.sampled_from(["工矿300人以上", "工矿300人以下", "其他"]),
    level=st.sampled_from(["初级", "中级", "高级"]),
    issued_on=st.sampled_from(["2018-05-01", "2019-06-01", "2020-03-15", "2020-08-15"]))
papers = st.lists(st.tuples(st.sampled_from(["练市镇", "双林镇"]), st.sampled_from(["2020-05", "2020-08"]),
                            st.lists(rows, min_size=1, max_size=4)), min_size=2, max_size=5)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(papers, st.data())
def test_the_lines_of_every_figure_add_up_to_its_difference(sent, data):
    desk, states = Desk(), []
    for unit, month, holders in sent:
        desk.receive(unit, month, {"certificates": holders})
        states.append(Basis(desk.book, desk.judgement.rows, data.draw(st.sampled_from([Quarter(2020, 2), Q3]))))
    before, after = states[0], states[-1]
    changes = changes_between(before, after, "", CONFIG)
    old, new = figures_of(before, CONFIG), figures_of(after, CONFIG)
    for figure in {*old, *new}:
        lines = sum(line.difference for line in changes.lines if line.figure == figure)
        assert lines == len(new.get(figure, {})) - len(old.get(figure, {}))
