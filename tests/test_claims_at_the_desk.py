"""Claims over months and units: numbers, repeats, instalments, registers (附件3 三, 四)."""

from __future__ import annotations

import pytest

from tests.support.databases import on_both
from tests.support.desk import CONFIG, Desk, award, decision, holder, id_number, introduced, registered, talent


def test_a_sound_claim_awaits_its_first_review_and_nothing_is_reported():
    desk = Desk().receive("练市镇", "2020-08", registered(1))
    assert desk.states() == {"NX-2020-0001": "待初审"}
    assert desk.rules() == []


def test_another_unit_asking_for_the_same_award_is_told_the_first_claim_unit_and_month():
    desk = Desk().receive("练市镇", "2020-08", registered(1))
    desk.receive("双林镇", "2020-09", {"certificate_awards": [award(1)]}, today="2020-10-05")
    assert desk.states() == {"NX-2020-0001": "待初审", "NX-2020-0002": "重复"}
    assert ("G01", "退回") in desk.rules()
    for part in ("练市镇", "2020-08", "NX-2020-0001"):
        assert part in desk.message("G01")
    assert desk.status("certificate_awards") == ["stands", "duplicate"]


def test_assistant_level_first_and_intermediate_later_is_lawful():
    rows = {"certificates": [holder(1, level="初级", certificate_number="CJ1"), holder(1)],
            "certificate_awards": [award(1, level="初级", certificate_number="CJ1", amount=1000.0), award(1)]}
    desk = Desk().receive("练市镇", "2020-08", rows)
    assert set(desk.states().values()) == {"待初审"}
    assert desk.rules() == []


def test_the_same_unit_listing_its_living_claim_again_makes_no_second_claim():
    desk = Desk().receive("练市镇", "2020-08", registered(1))
    desk.receive("练市镇", "2020-09", {"certificate_awards": [award(1)]}, today="2020-09-15")
    assert desk.states() == {"NX-2020-0001": "待初审"}
    assert desk.rules() == [("R3", "提示")]
    assert desk.status("certificate_awards") == ["stands", "duplicate"]


def test_a_returned_application_does_not_use_the_chance_up():
    desk = Desk().receive("练市镇", "2020-08", {"certificates": [holder(1)],
                                            "certificate_awards": [award(1, amount=1000.0)]})
    desk.receive("双林镇", "2020-09", {"certificate_awards": [award(1)]}, today="2020-10-05")
    assert desk.states() == {"NX-2020-0001": "退回", "NX-2020-0002": "待初审"}


@on_both
def test_a_corrected_claim_keeps_its_number_its_place_and_its_first_day():
    late = {"collected_on": "2020-02-25"}
    desk = Desk().receive("练市镇", "2020-08", {"certificates": [holder(1)], "certificate_awards": [
        award(1, amount=1000.0, applied_on="2020-08-25", **late)]})
    desk.receive("练市镇", "2020-09", {"certificate_awards": [award(1, applied_on="2020-09-20", **late)]},
                 today="2020-10-05")
    assert desk.states() == {"NX-2020-0001": "待初审"}
    assert "F03" not in dict(desk.rules())


def test_the_same_unit_asking_again_after_the_grant_is_a_repeat():
    desk = Desk().receive("练市镇", "2020-08", registered(1))
    desk.receive("区安委办", "2020-09", {"decisions": [
        decision("NX-2020-0001", "初审"), decision("NX-2020-0001", "复审")]}, "2020-09-11")
    desk.receive("练市镇", "2020-09", {"certificate_awards": [award(1)]}, "2020-10-05")
    assert desk.states() == {"NX-2020-0001": "待发放", "NX-2020-0002": "重复"}
    assert ("G01", "退回") in desk.rules()


@on_both
def test_a_barred_person_gets_nothing_and_what_was_paid_is_listed_for_recovery():
    desk = Desk().receive("练市镇", "2020-08", registered(1, 2))
    desk.receive("区安委办", "2020-09", {"decisions": [
        decision("NX-2020-0001", stage) for stage in ("初审", "复审", "发放")]}, "2020-09-11")
    barred = [{"name": f"甲{serial}", "id_number": id_number(serial), "barred_on": "2020-09-20", "reason": "伪造"}
              for serial in (1, 2)]
    desk.receive("区应急管理局", "2020-09", {"bar_list": barred}, "2020-09-21")
    assert desk.states() == {"NX-2020-0001": "已发放", "NX-2020-0002": "退回"}
    assert [claim.to_recover for claim in desk.judgement.claims] == [True, False]
    assert ("G02", "退回") in desk.rules()


@on_both
def test_instalments_come_in_order_each_once():
    rows = {"certificates": [introduced(1)], "talent_awards": [talent(1)]}
    desk = Desk().receive("练市镇", "2020-08", rows)
    assert desk.states() == {"NX-2020-0001": "待初审"}
    assert desk.rules() == []
    second = talent(1, instalment="第二年", applied_on="2021-08-20")
    desk.receive("练市镇", "2021-08", {"talent_awards": [second]}, "2021-09-03")
    assert desk.states()["NX-2021-0001"] == "退回"
    desk.receive("区安委办", "2021-09", {"decisions": [
        decision("NX-2020-0001", "初审", on="2021-09-01"), decision("NX-2020-0001", "复审", on="2021-09-02")]}, "2021-09-05")
    assert desk.states()["NX-2021-0001"] == "待初审"


@pytest.mark.parametrize(("instalment", "applied_on", "state"), [
    ("第二年", "2021-07-31", "退回"), ("第二年", "2021-08-01", "待初审"),
    ("第三年", "2022-07-31", "退回"), ("第三年", "2022-08-01", "待初审"),
])
def test_an_instalment_may_be_claimed_from_the_day_on_which_its_24_or_36_months_are_full(
    instalment: str, applied_on: str, state: str
):
    desk = Desk().receive("练市镇", "2020-08", {"certificates": [introduced(1)], "talent_awards": [talent(1)]})
    approved = [decision("NX-2020-0001", stage, on="2020-09-10") for stage in ("初审", "复审")]
    desk.receive("区安委办", "2020-08", {"decisions": approved}, "2020-09-20")
    if instalment == "第三年":
        desk.receive("练市镇", "2021-08", {"talent_awards": [talent(1, instalment="第二年", applied_on="2021-08-20")]}, "2021-09-03")
        approved = [decision("NX-2021-0001", stage, on="2021-09-10") for stage in ("初审", "复审")]
        desk.receive("区安委办", "2021-08", {"decisions": approved}, "2021-09-20")
    amount = CONFIG.policies[0].talent_award.instalments[instalment]
    claim = talent(1, instalment=instalment, applied_on=applied_on, amount=float(amount))
    desk.receive("双林镇", applied_on[:7], {"talent_awards": [claim]}, applied_on)
    assert desk.states()[f"NX-{applied_on[:4]}-0001"] == state


@on_both
def test_a_nil_return_withdraws_the_month():
    desk = Desk().receive("练市镇", "2020-08", registered(1), filled_on="2020-09-01")
    desk.receive("练市镇", "2020-08", {}, "2020-09-10", nil=True)
    assert desk.status("certificates") == ["superseded"]
    assert desk.states() == {}
    assert set(desk.rules()) == {("R2", "复核")}


def test_a_corrected_workbook_names_the_persons_that_it_no_longer_has():
    desk = Desk().receive("练市镇", "2020-08", {"certificates": [holder(1), holder(2)]}, filled_on="2020-09-01")
    desk.receive("练市镇", "2020-08", {"certificates": [holder(2)]}, "2020-09-10")
    assert desk.rules() == [("R2", "复核")]
    assert "甲1" in desk.message("R2")
    assert id_number(1) not in desk.message("R2")
    assert desk.status("certificates") == ["superseded", "superseded", "stands"]


def test_a_person_whose_level_was_unreadable_before_the_correction_has_not_vanished():
    desk = Desk().receive("练市镇", "2020-08", {"certificates": [holder(1, level=None), holder(2)]},
                          filled_on="2020-09-01")
    desk.receive("练市镇", "2020-08", {"certificates": [holder(1), holder(2)]}, "2020-09-10")
    assert desk.rules() == []


def test_a_relisted_row_stays_the_relisted_one_after_a_decision():
    desk = Desk().receive("练市镇", "2020-07", registered(1), today="2020-08-05", filled_on="2020-09-05")
    desk.receive("练市镇", "2020-08", {"certificate_awards": [award(1)]}, "2020-09-06")
    desk.receive("区应急管理局", "2020-09", {"decisions": [decision("NX-2020-0001", "初审")]}, "2020-09-11")
    assert desk.status("certificate_awards") == ["stands", "duplicate"]
    (found,) = desk.judgement.findings
    assert (found.rule, found.submission) == ("R3", 2)


def test_a_claim_is_of_the_month_that_first_brought_it_however_often_it_is_listed():
    desk = Desk().receive("练市镇", "2020-08", registered(1))
    desk.receive("练市镇", "2020-10", {"certificate_awards": [award(1)]}, "2020-11-05")
    assert [str(claim.month) for claim in desk.judgement.claims] == ["2020-08"]


def test_only_the_bodies_that_keep_a_register_may_send_it():
    listed = [{"name": "甲1", "id_number": id_number(1), "barred_on": "2020-01-01", "reason": "伪造"}]
    desk = Desk().receive("练市镇", "2020-08", registered(1)).receive("善琏镇", "2020-08", {"bar_list": listed})
    assert (desk.states(), desk.rules()) == ({"NX-2020-0001": "待初审"}, [("F02", "退回")])
    assert desk.status("bar_list") == ["returned"]
    desk.receive("区应急管理局", "2020-08", {"bar_list": listed})
    assert desk.states() == {"NX-2020-0001": "退回"}


def test_a_day_of_collection_that_was_returned_is_not_also_called_missing():
    desk = Desk().receive("练市镇", "2020-08", {"certificates": [holder(1)]})
    desk.receive("练市镇", "2020-09", {"certificate_awards": [award(1, collected_on=None)]}, returned_rows={3: "N07"})
    assert desk.rules() == [("N07", "退回")]


def test_a_claim_whose_certificate_row_came_back_is_told_so():
    desk = Desk().receive("练市镇", "2020-08", {"certificates": [holder(1)]}, returned_rows={3: "N07"})
    desk.receive("练市镇", "2020-09", {"certificate_awards": [award(1)]}, today="2020-09-08")
    assert "已报但被退回（练市镇2020-08第3行）" in desk.message("I01")


@on_both
def test_a_refused_claim_may_come_again_under_a_new_number():
    desk = Desk().receive("练市镇", "2020-08", registered(1))
    desk.receive("区应急管理局", "2020-08", {"decisions": [decision("NX-2020-0001", "初审", "不核准")]}, today="2020-09-12")
    desk.receive("练市镇", "2020-09", {"certificate_awards": [award(1)]}, today="2020-09-13")
    assert desk.states() == {"NX-2020-0001": "不核准", "NX-2020-0002": "待初审"}
