"""Attached files under whatever name a sender or an attacker gives them."""

import unicodedata
from base64 import b64encode

import pytest

from pipeline.mail.attachments import attachments, safe_name
from tests.test_file_names import NAMES

CONTENT = b"PK\x03\x04 workbook"


def part(disposition: bytes, content_type: bytes = b"application/octet-stream") -> bytes:
    return b"\r\n".join([b"Content-Type: " + content_type, b"Content-Disposition: " + disposition,
                         b"Content-Transfer-Encoding: base64", b"", b64encode(CONTENT)])


def letter(*parts: bytes, edge: bytes = b"edge") -> bytes:
    body = b"".join(b"--" + edge + b"\r\n" + one + b"\r\n" for one in parts)
    head = b"From: a@b.example\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=" + edge + b"\r\n\r\n"
    return head + body + b"--" + edge + b"--\r\n"


def word(text: str, charset: str, label: str = "") -> bytes:
    """An encoded word of RFC 2047."""
    return b"=?" + (label or charset).encode() + b"?B?" + b64encode(text.encode(charset)) + b"?="


NAMED = [
    (b'attachment; filename="plain.xlsx"', "plain.xlsx"),
    (b'attachment; filename="' + word("练市镇8月.xlsx", "utf-8") + b'"', "练市镇8月.xlsx"),
    (b"attachment; filename=" + word("练市镇8月.xlsx", "utf-8"), "练市镇8月.xlsx"),
    (b'attachment; filename="' + word("练市镇8月.xlsx", "gb18030", "gb2312") + b'"', "练市镇8月.xlsx"),
    (b'attachment; filename="' + word("喆堃.xlsx", "gbk", "GB2312") + b'"', "喆堃.xlsx"),  # not in the set that it is labelled with
    (b'attachment;\r\n filename="' + word("练市镇", "gb18030") + b"\r\n " + word("8月.xlsx", "gb18030") + b'"', "练市镇8月.xlsx"),
    (b'attachment; filename="' + "练市镇.xlsx".encode("gbk") + b'"', "练市镇.xlsx"),
    (b'attachment; filename="' + "练市镇.xlsx".encode() + b'"', "练市镇.xlsx"),
    (b"attachment; filename*=UTF-8''%E7%BB%83%E5%B8%82.xlsx", "练市.xlsx"),
    (b"attachment; filename*=UTF-8''%E7%BB%83%E5%B8%82.xlsx; filename=\"____.xlsx\"", "练市.xlsx"),
    (b"attachment; filename*0*=gbk''%C1%B7%CA%D0; filename*1*=%D5%F2.xlsx", "练市镇.xlsx"),
    (b"attachment; filename*=no-such-charset''%C1%B7.xlsx", "练.xlsx"),
    (b'attachment; filename="=?no-such-charset?B?' + b64encode("练.xlsx".encode("gbk")) + b'?="', "练.xlsx"),
    (b'attachment; filename="=?utf-8?B?not base64!?="', "=_utf-8_B_not base64!_="),
    (b"inline; filename=shown.xlsx", "shown.xlsx"),
    (b'attachment; filename="' + word("../../etc/cron.d/x.xlsx", "utf-8") + b'"', "x.xlsx"),
    (b'attachment; filename="' + word("x\r\nBcc: all@example.invalid.xlsx", "utf-8") + b'"', "x__Bcc_ all@example.invalid.xlsx"),
    (b'attachment; filename="' + word("\u202exslx.exe", "utf-8") + b'"', "_xslx.exe"),
]


@pytest.mark.parametrize(("disposition", "name"), NAMED)
def test_a_name_is_read_in_whatever_way_it_was_written(disposition: bytes, name: str) -> None:
    [found] = attachments(letter(part(disposition)))
    assert (found.name, found.content) == (name, CONTENT)


def test_the_type_may_name_a_part_that_the_disposition_does_not() -> None:
    [found] = attachments(letter(part(b"attachment", b'application/vnd.ms-excel; name="' + word("八月.xls", "utf-8") + b'"')))
    assert found.name == "八月.xls"


def test_the_text_and_the_pictures_in_it_are_no_attachments() -> None:
    picture = b"Content-ID: <logo>\r\n" + part(b'inline; filename="logo.png"', b"image/png")
    text = b"Content-Type: text/plain\r\n\r\nhello\r\n"
    assert [one.name for one in attachments(letter(text, picture, part(b"attachment; filename=a.xlsx")))] == ["a.xlsx"]


def test_a_forwarded_letter_has_its_workbooks_too() -> None:
    forwarded = b"Content-Type: message/rfc822\r\n\r\n" + letter(part(b"attachment; filename=inner.xlsx"), edge=b"inner")
    found = attachments(letter(forwarded, part(b"attachment; filename=outer.xlsx")))
    assert [one.name for one in found] == ["inner.xlsx", "outer.xlsx"]


@pytest.mark.parametrize("raw", [*(name.decode("utf-8", "surrogateescape") for name in NAMES), "", ".", "..", "/", ".xlsx", "~$八月.xlsx",
                                 ".~八月.xlsx", "CONIN$.xlsx", "com1.xlsx", "LPT9", "长" * 400 + ".xlsx", "a" * 300, "\ud800\udfff"])
def test_a_file_can_be_given_the_name_anywhere_and_the_reader_does_not_pass_it_over(raw: str) -> None:
    name = safe_name(raw)
    assert name
    assert len(name.encode()) < 200
    assert not set(name) & set('/\\:*?"<>|')
    assert not any(unicodedata.category(sign) in ("Cc", "Cf", "Cs", "Zl", "Zp") for sign in name)
    assert not name.startswith((".", "~$", " "))
    assert not name.endswith((".", " "))
    assert name.split(".")[0].upper() not in {"CON", "PRN", "AUX", "NUL", "COM1", "LPT9", "CONIN$"}
    assert safe_name(name) == name


@pytest.mark.parametrize(("raw", "name"), [
    ("练市镇_2020-08_持证人员.csv", "练市镇_2020-08_持证人员.csv"), ("练市镇 .XLSX", "练市镇.XLSX"), ("C:\\新建\\八月.xlsx", "八月.xlsx"),
    ("CON.xlsx", "_CON.xlsx"), ("e\u0301.xlsx", "\u00e9.xlsx"), ("", "附件"), (".xlsx", "附件.xlsx"), ("...xlsx", "附件.xlsx")])
def test_what_is_harmless_stays_and_what_is_not_is_told_by_its_place(raw: str, name: str) -> None:
    assert safe_name(raw) == name


@pytest.mark.parametrize("raw", [b"", b"\x00" * 100, b"Content-Type: multipart/mixed; boundary=x\r\n\r\n--x", letter(
    b"Content-Type: multipart/mixed; boundary=edge\r\n\r\n"), b"Content-Disposition: attachment; filename*0=; filename*9*='''\r\n\r\nx",
    b"Content-Type: message/rfc822\r\n\r\n" * 50])
def test_a_letter_that_is_none_does_no_harm(raw: bytes) -> None:
    assert all(one.content is not None for one in attachments(raw))
