"""`send --receipts` reminds who has not reported, once for each month, and nobody else."""

from __future__ import annotations

from datetime import date

from pipeline.office import Office
from tests.support.desk import CONFIG
from tests.support.post import AFTER, LIANSHI, PostOffice, due, paper, receive, run, send, text_of


def overdue(desk: Office, today: date) -> list[str]:
    return sorted(one.letter.recipient for one in due(desk, today).mails if one.occasion.startswith("催报"))


def test_who_has_not_reported_is_reminded_once_after_the_due_day(desk: Office, post: tuple[PostOffice, int]):
    assert overdue(desk, date(2020, 9, 5)) == []
    reminded = overdue(desk, AFTER)
    assert len(reminded) == len(CONFIG.reporting_units) - 1
    assert LIANSHI not in reminded
    send(desk, AFTER)
    assert sorted(recipient for recipient, _ in post[0].letters) == sorted([LIANSHI, *reminded])
    [message] = post[0].to(reminded[0])
    assert message["Subject"] == "请报送2020年8月的填报表"
    assert "2020年8月的填报表应在2020年9月5日以前报送，截至2020年9月6日还没有收到" in text_of(message)
    assert not list(message.iter_attachments())
    assert overdue(desk, date(2020, 9, 8)) == []


def test_each_month_has_a_reminder_of_its_own_but_none_of_before_the_ledger_began(desk: Office, post: tuple[PostOffice, int]):
    send(desk, AFTER)
    run(desk, date(2020, 10, 6))  # the receipt is another by then: a review is overdue
    october = [one.occasion for one in due(desk, date(2020, 10, 6)).mails]
    assert set(october) == {"催报 2020-09 截止 2020-10-05"}
    assert len(october) == len(CONFIG.reporting_units)


def test_a_nil_return_is_a_return_and_a_file_that_went_back_whole_is_none(desk: Office):
    (desk.inputs / "零.xlsx").write_bytes(paper("双林镇", {}, nil=True))
    receive(desk, "坏.xlsx", paper("菱湖镇", {}))
    reminded = overdue(desk, AFTER)
    assert desk.config.mail_of("双林镇")[0] not in reminded
    assert desk.config.mail_of("菱湖镇")[0] in reminded
