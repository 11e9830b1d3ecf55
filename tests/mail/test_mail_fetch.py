"""`fetch` against a real IMAP server with TLS: whose letters are taken, where the files go, what a kill in between does."""

from __future__ import annotations

import io
import os
import zipfile
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest

from pipeline import fetching, monthly
from pipeline.ledger import fetched
from pipeline.ledger.opening import engine_for
from pipeline.mail.mailbox import Mailbox as Client
from pipeline.office import Office
from pipeline.verification import verify
from tests.support.dovecot import Dovecot, Mailbox
from tests.support.letters import (
    AUGUST,
    LIANSHI,
    LINGHU,
    MEMBER,
    SEPTEMBER,
    TODAY,
    UNITS,
    letter,
    office_with_mailbox,
    taken,
)


@pytest.fixture
def desk(tmp_path: Path, box: Mailbox) -> Office:
    return office_with_mailbox(tmp_path, box)


def lying(desk: Office) -> dict[str, bytes]:
    return {path.relative_to(desk.inputs).as_posix(): path.read_bytes() for path in sorted(desk.inputs.rglob("*")) if path.is_file()}


def written_down(desk: Office) -> list[dict[str, object]]:
    engine = engine_for(desk.config.ledger.url, desk.outputs)
    with engine.connect() as connection:
        found = fetched.letters(connection)
    engine.dispose()
    return found


def test_a_known_senders_workbook_lies_under_its_unit_and_day_and_counts(desk: Office, box: Mailbox):
    box.put(letter(f"练市 <{LIANSHI}>", ("八月.xlsx", AUGUST), ("盖章页.pdf", b"%PDF")))
    [one] = taken(desk)
    assert lying(desk) == {"邮件/2020-10-08_练市镇/八月.xlsx": AUGUST}
    assert (one.owner, one.left) == ("练市镇", ["盖章页.pdf：不是工作簿"])
    assert box.flags() == [True]
    report = monthly.run(desk, TODAY, None, False, 1, lambda *_: None).report
    assert (report.files.accepted, report.total.actual) == (1, 1)


def test_sender_time_and_hash_stand_in_the_journal_that_verify_replays(desk: Office, box: Mailbox):
    box.put(letter(LIANSHI, ("八月.xlsx", AUGUST)), received="07-Oct-2020 23:30:00 +0000")
    taken(desk)
    monthly.run(desk, TODAY, None, False, 1, lambda *_: None)
    [entry] = written_down(desk)
    assert (entry["sender"], entry["received"], entry["day"]) == (LIANSHI, "2020-10-08T07:30:00+08:00", "2020-10-08")
    assert list(entry["files"]) == ["邮件/2020-10-08_练市镇/八月.xlsx"]
    assert verify(desk) == []


def test_a_second_fetch_takes_only_what_came_since(desk: Office, box: Mailbox):
    box.put(letter(LIANSHI, ("八月.xlsx", AUGUST)))
    taken(desk)
    assert taken(desk) == []
    box.put(letter(LIANSHI, ("九月.xlsx", SEPTEMBER)))
    assert [path.name for one in taken(desk) for path in one.saved] == ["九月.xlsx"]
    assert len(written_down(desk)) == 2


def test_a_letter_that_somebody_has_read_already_is_taken_all_the_same(desk: Office, box: Mailbox):
    box.put(letter(LIANSHI, ("八月.xlsx", AUGUST)))
    with box._open("INBOX") as person:
        person.store("1", "+FLAGS", r"(\Seen)")
    assert [one.owner for one in taken(desk)] == ["练市镇"]


def test_an_unknown_senders_letter_is_listed_and_stays_unread(desk: Office, box: Mailbox):
    box.put(letter("stranger@else.example", ("八月.xlsx", AUGUST)))
    [one] = taken(desk)
    assert (one.owner, one.envelope.sender, one.saved) == (None, "stranger@else.example", [])
    assert (lying(desk), box.flags(), written_down(desk)) == ({}, [False], [])


def test_it_is_taken_as_soon_as_config_yaml_knows_the_sender(desk: Office, box: Mailbox):
    box.put(letter("new@lianshi.example", ("八月.xlsx", AUGUST)))
    taken(desk)
    units = [unit.model_copy(update={"mail": ["new@lianshi.example"]}) if unit.name == "练市镇" else unit for unit in UNITS]
    knowing = replace(desk, config=desk.config.model_copy(update={"units": units}))
    assert [one.owner for one in taken(knowing)] == ["练市镇"]


FROM = [
    (LIANSHI, "练市镇"), (LIANSHI.upper(), "练市镇"), (f'"{LIANSHI}" <{LIANSHI}>', "练市镇"), (MEMBER, "练市镇"),
    ("wangjianfeng@nanxun.invalid", "王剑峰"), ("=?GB2312?B?wbfK0A==?= <clerk@lianshi.example>", "练市镇"),
    ('"=?GB2312?B?wbfK0A==?=" <clerk@lianshi.example>', "练市镇"),
    (f'"{LIANSHI}" <evil@else.example>', None), (f"{LIANSHI} <evil@else.example>", None), (f"evil@else.example ({LIANSHI})", None),
    (f"<{LIANSHI}>, evil@else.example", None), (f"{LIANSHI}, {LINGHU}", None), (f"{LIANSHI})evil@else.example", None),
    (f"<{LIANSHI}><evil@else.example>", None), (f"{LIANSHI}.else.example", None), (f"x{LIANSHI}", None), (f"@evil.example:{LIANSHI}", None),
    ("=?utf-8?Q?clerk=40lianshi=2Eexample?= <evil@else.example>", None), ("", None), ("练市镇", None),
    (f"evil@else.example\r\nFrom: {LIANSHI}", None), (f"{LIANSHI}\r\nFrom: evil@else.example", None),
    (f"{LIANSHI}\r\nFrom: {LIANSHI}", None), (f"evil@else.example\r\nReply-To: {LIANSHI}\r\nSender: {LIANSHI}", None),
]


def test_whose_letter_it_is_follows_from_the_one_address_in_from_and_nothing_else(desk: Office, box: Mailbox):
    for sender, _ in FROM:
        head, text = letter(LIANSHI, ("八月.xlsx", AUGUST)).split(b"\n", 1)
        assert head.startswith(b"From: ")
        box.put(b"From: " + sender.encode() + b"\r\n" + text.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))
    found = taken(desk)
    assert [(sender, one.owner) for (sender, _), one in zip(FROM, found, strict=True)] == FROM
    assert box.flags() == [owner is not None for _, owner in FROM]


def test_a_letter_of_a_known_sender_without_a_workbook_stays_unread(desk: Office, box: Mailbox):
    box.put(letter(LIANSHI, ("说明.docx", b"PK")))
    [one] = taken(desk)
    assert (one.saved, one.left, box.flags()) == ([], ["说明.docx：不是工作簿"], [False])


def test_an_archive_is_not_opened_and_its_letter_stays_unread_though_the_workbook_beside_it_is_taken(desk: Office, box: Mailbox):
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as made:
        made.writestr("九月.xlsx", SEPTEMBER)
    box.put(letter(LIANSHI, ("八月.xlsx", AUGUST), ("九月.zip", archive.getvalue())))
    [one] = taken(desk)
    assert list(lying(desk)) == ["邮件/2020-10-08_练市镇/八月.xlsx"]
    assert one.left == ["九月.zip：压缩包没有打开，请对方直接发里面的工作簿"]
    assert taken(desk) == []
    assert box.flags() == [False]


def test_what_is_larger_than_the_limits_is_left(desk: Office, box: Mailbox):
    small = desk.config.limits.model_copy(update={"file_mb": 1})
    desk = replace(desk, config=desk.config.model_copy(update={"limits": small}))
    box.put(letter(LIANSHI, ("大.xlsx", os.urandom((1 << 20) + 1)), ("八月.xlsx", AUGUST)))
    box.put(letter(LIANSHI, ("更大.xlsx", os.urandom(2 << 20))))
    first, second = taken(desk)
    assert first.left == ["大.xlsx：有 1.0 MB，超过 1 MB"]
    assert second.left == ["整封邮件有 2.7 MB，超过 1.5 MB，没有下载"]
    assert list(lying(desk)) == ["邮件/2020-10-08_练市镇/八月.xlsx"]
    assert box.flags() == [False, False]


def test_two_files_of_one_name_lie_side_by_side_and_the_same_file_once(desk: Office, box: Mailbox):
    name = "练市镇_2020-08_持证人员.csv"
    for content in (b"one", b"two", b"one"):
        box.put(letter(LIANSHI, (name, content), subject=repr(content)))
    saved = [path.name for one in taken(desk) for path in one.saved]
    assert saved == [name, "练市镇_2020-08_持证人员 (2).csv", name]
    assert [content for _, content in lying(desk).items()] == [b"two", b"one"]


def test_names_that_lead_out_or_steer_are_made_harmless(desk: Office, box: Mailbox):
    box.put(letter(LIANSHI, ("../../../x.xlsx", b"1"), ("CON.xlsx", b"2"), ("长" * 81 + ".xlsx", b"3"), ("~$a.xlsx", b"4")))
    taken(desk)
    assert {Path(name).parent.as_posix() for name in lying(desk)} == {"邮件/2020-10-08_练市镇"}
    assert sorted(lying(desk).values()) == [b"1", b"2", b"3", b"4"]
    assert {path.name for path in desk.inputs.parent.iterdir()} == {"inputs", "outputs"}


def test_one_letter_that_cannot_be_understood_does_not_stop_the_others(desk: Office, box: Mailbox):
    nested = b"".join(b"--b%d\r\nContent-Type: multipart/mixed; boundary=b%d\r\n\r\n" % (at, at + 1) for at in range(3000))
    box.put(f"From: {LIANSHI}\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b0\r\n\r\n".encode() + nested)
    box.put(letter(LIANSHI, ("八月.xlsx", AUGUST)))
    first, second = taken(desk)
    assert (first.saved, len(second.saved)) == ([], 1)
    assert [line for line in first.left if "没能读懂这封邮件" in line]


def test_letters_of_long_ago_are_not_looked_at(desk: Office, box: Mailbox):
    box.put(letter(LIANSHI, ("七月.xlsx", AUGUST)), received="01-Jul-2020 09:00:00 +0800")
    assert taken(desk) == []


def test_when_the_server_numbers_its_letters_anew_nothing_is_doubled(desk: Office, box: Mailbox):
    box.put(letter(LIANSHI, ("八月.xlsx", AUGUST)))
    taken(desk)
    box.renumber()
    taken(desk)
    assert list(lying(desk)) == ["邮件/2020-10-08_练市镇/八月.xlsx"]


def killed_at(owner: object, name: str, call: int, desk: Office) -> int:
    """Fetch in a process of its own that ends, without a last word, where a function is called for the n-th time."""
    if child := os.fork():
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    try:
        function, calls = getattr(owner, name), count(1)
        setattr(owner, name, lambda *these, **those: os._exit(9) if next(calls) == call else function(*these, **those))
        taken(desk)
    finally:
        os._exit(0)


@pytest.mark.parametrize(("owner", "name", "call"), [
    (fetching, "_saved", 1), (fetching, "_saved", 2), (fetching._Desk, "record", 1), (fetched, "record", 1),
    (fetching, "write_file", 2), (Client, "settle", 1)])
def test_a_kill_between_any_two_steps_loses_and_doubles_nothing(desk: Office, box: Mailbox, owner: object, name: str, call: int):
    box.put(letter(LIANSHI, ("八月.xlsx", AUGUST), ("九月.xlsx", SEPTEMBER)))
    assert killed_at(owner, name, call, desk) == 9
    taken(desk)
    assert lying(desk) == {"邮件/2020-10-08_练市镇/八月.xlsx": AUGUST, "邮件/2020-10-08_练市镇/九月.xlsx": SEPTEMBER}
    assert len(written_down(desk)) == 1
    assert box.flags() == [True]
    assert taken(desk) == []
    assert verify(desk) == []


@pytest.fixture
def moving(desk: Office, imap_server: Dovecot) -> tuple[Office, Mailbox]:
    box = imap_server.account(done_folder="已取&存")
    return replace(desk, config=desk.config.model_copy(update={"imap": box.imap})), box


def test_taken_letters_are_moved_where_config_yaml_says_so_and_others_stay(moving: tuple[Office, Mailbox]):
    desk, box = moving
    for sender in (LIANSHI, "stranger@else.example", LINGHU):
        box.put(letter(sender, ("八月.xlsx", AUGUST)))
    taken(desk)
    assert box.flags() == [False]
    assert box.flags('"&XfJT1g-&-&W1g-"') == [True, True]
