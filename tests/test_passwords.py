"""Receipts and reviews that only the unit can open."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from pathlib import Path

import msoffcrypto
import pytest
from openpyxl import load_workbook

from pipeline import monthly
from pipeline.office import Office
from pipeline.passwords import FILE, PasswordListError, locked
from tests.support.desk import award, holder, id_number
from tests.support.workbooks import office, workbook

TODAY = date(2020, 10, 8)


@pytest.fixture
def desk(tmp_path: Path) -> Office:
    made = office(tmp_path)
    (made.inputs / "一.xlsx").write_bytes(workbook("练市镇", "2020-08", {
        "certificates": [holder(1)], "certificate_awards": [award(1, amount=1.0)]}))
    (made.inputs / "二.xlsx").write_bytes(workbook("双林镇", "2020-08", {
        "certificates": [holder(2)], "certificate_awards": [award(2), award(3)]}))
    made.ledger.mkdir(parents=True)
    return made


def run(desk: Office) -> None:
    monthly.run(desk, TODAY, None, False, 1, lambda *_: None)


def opened(path: Path, password: str) -> bytes:
    target = io.BytesIO()
    document = msoffcrypto.OfficeFile(io.BytesIO(path.read_bytes()))
    document.load_key(password=password, verify_password=True)
    document.decrypt(target)
    return target.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_units_receipt_opens_with_its_password_alone(desk: Office, encoding: str):
    (desk.ledger / FILE).write_text("单位,密码\n练市镇,Lian-2020\n区应急管理局,Ying 2020\n", encoding=encoding)
    run(desk)
    folder = desk.outputs / "receipts" / "2020-08"
    assert not zipfile.is_zipfile(folder / "练市镇.xlsx")
    assert id_number(1).encode() not in (folder / "练市镇.xlsx").read_bytes()
    assert load_workbook(io.BytesIO(opened(folder / "练市镇.xlsx", "Lian-2020"))).sheetnames[0] == "回执"
    with pytest.raises(msoffcrypto.exceptions.InvalidKeyError):
        opened(folder / "练市镇.xlsx", "Shuang-2020")
    assert load_workbook(folder / "双林镇.xlsx").sheetnames[0] == "回执"
    assert "审核意见" in load_workbook(io.BytesIO(opened(desk.outputs / "reviews" / "区应急管理局.xlsx", "Ying 2020"))).sheetnames


def test_an_unchanged_receipt_is_not_written_again_and_one_with_a_new_password_is(desk: Office):
    receipt, review = desk.outputs / "receipts" / "2020-08" / "练市镇.xlsx", desk.outputs / "reviews" / "区应急管理局.xlsx"
    (desk.ledger / FILE).write_text("练市镇,a\n区应急管理局,a\n", "utf-8")
    run(desk)
    first = receipt.read_bytes(), review.read_bytes()
    run(desk)
    assert (receipt.read_bytes(), review.read_bytes()) == first
    (desk.ledger / FILE).write_text("练市镇,b\n区应急管理局,b\n", "utf-8")
    run(desk)
    assert opened(receipt, "b")
    assert opened(review, "b")


@pytest.mark.parametrize(("line", "word"), [("练市乡,a", "没有“练市乡”这个单位"), ("练市镇,", "没有密码")])
def test_a_mistake_in_the_list_stops_the_papers_before_any_is_written_unlocked(desk: Office, line: str, word: str):
    (desk.ledger / FILE).write_text(line, "utf-8")
    with pytest.raises(PasswordListError, match=word):
        run(desk)
    assert not (desk.outputs / "receipts").exists()


def test_without_a_password_nothing_is_locked():
    assert locked(b"workbook", None) == b"workbook"
