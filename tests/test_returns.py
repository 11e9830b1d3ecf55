"""Who must report which months, and which files are no unit's monthly return."""

from __future__ import annotations

from pipeline.calendar import Quarter
from pipeline.returns import MISSING, NOT_DUE, monthly_returns, of_deciding_bodies
from tests.support.desk import CONFIG, Desk, award, decision, holder

Q3 = Quarter(2020, 3)


def test_months_before_the_office_began_are_asked_of_nobody():
    desk = Desk().receive("练市镇", "2020-08", {"certificates": [holder(1)]}, today="2020-09-08")
    begun = CONFIG.model_copy(update={"first_month": "2020-08"})
    states = {(str(one.month), one.state) for one in monthly_returns(desk.book, Q3, begun) if one.unit == "双林镇"}
    assert states == {("2020-08", MISSING), ("2020-09", NOT_DUE)}
    assert len(monthly_returns(desk.book, Q3, CONFIG)) == 3 * len(CONFIG.reporting_units)


def test_a_file_of_decisions_is_no_monthly_return_one_with_rows_of_its_own_is():
    desk = Desk().receive("区应急管理局", "2020-08", {"certificates": [holder(1)], "certificate_awards": [award(1)]}, today="2020-09-03")
    desk.receive("区应急管理局", "2020-08", {"decisions": [decision("NX-2020-0001", "初审")]}, today="2020-09-10")
    assert of_deciding_bodies(desk.book) == {2}
