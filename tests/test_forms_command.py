"""`forms` writes what changed, takes away what ended, and keeps whole ID numbers in its own folder."""

from __future__ import annotations

import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from pipeline import monthly, purging
from pipeline.forms import Forms, FormsError, write_forms
from pipeline.office import Office
from pipeline.verification import verify
from tests.support.desk import ROOT, award, decision, holder, id_number, introduced, other, talent
from tests.support.documents import opened, paragraphs
from tests.support.workbooks import office, workbook

TODAY = date(2020, 10, 8)


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """Four claims of 练市镇: a certificate award, one returned, an award for talent, 高层次人才."""
    made = office(tmp_path_factory.mktemp("office"))
    drop(made, "八月.xlsx", "练市镇", {
        "certificates": [holder(1, name="../孙<某>."), introduced(3)],
        "certificate_awards": [award(1, name="../孙<某>."), award(2, amount=1.0)], "talent_awards": [talent(3)],
        "other_awards": [other("高层次人才", 4)]})
    return made


@pytest.fixture
def desk(ran: Office, tmp_path: Path) -> Office:
    """The same office for each test, as the job left it."""
    shutil.copytree(ran.outputs, tmp_path / "outputs")
    shutil.copytree(ran.inputs, tmp_path / "inputs")
    return office(tmp_path)


def drop(made: Office, name: str, unit: str, sheets: dict[str, list[dict[str, object]]], filled_on: str = "2020-09-05") -> None:
    (made.inputs / name).write_bytes(workbook(unit, "2020-08", sheets, filled_on))
    monthly.run(made, TODAY, None, False, 1, lambda *_: None)


def forms(made: Office, *numbers: str, copies: int = 1) -> Forms:
    return write_forms(made, TODAY, numbers, copies)


def names(made: Office) -> list[str]:
    return sorted(path.relative_to(made.outputs).as_posix() for path in (made.outputs / "forms").rglob("*") if path.is_file())


def test_every_living_claim_that_has_a_form_gets_it_under_a_harmless_name(desk: Office):
    assert len(forms(desk).written) == 2
    assert names(desk) == ["forms/练市镇/NX-2020-0001____孙_某__.docx", "forms/练市镇/NX-2020-0003_甲3.docx"]
    assert verify(desk) == []


def test_what_has_not_changed_is_not_written_again_and_what_has_is(desk: Office):
    forms(desk)
    assert (forms(desk).written, forms(desk).unchanged) == ([], 2)
    drop(desk, "初审.xlsx", "区应急管理局", {"decisions": [decision("NX-2020-0003", "初审", on="2020-10-08", decided_by="王某")]})
    (path,) = forms(desk).written
    assert path.name == "NX-2020-0003_甲3.docx"
    assert "经办人：王某" in paragraphs(opened(path.read_bytes()))


def test_a_form_of_a_claim_that_has_ended_or_goes_by_another_name_is_taken_away(desk: Office):
    forms(desk)
    drop(desk, "更正.xlsx", "练市镇", {
        "certificates": [holder(1, name="孙某"), introduced(3)], "certificate_awards": [award(1, name="孙某")]}, "2020-09-20")
    drop(desk, "初审.xlsx", "区应急管理局", {"decisions": [decision("NX-2020-0003", "初审", "不核准", on="2020-10-08")]})
    forms(desk)
    assert names(desk) == ["forms/练市镇/NX-2020-0001_孙某.docx"]
    assert "NX-2020-0003_甲3" not in (desk.ledger / "written.json").read_text("utf-8")


def test_a_file_that_somebody_else_put_there_stays(desk: Office):
    forms(desk)
    own = desk.outputs / "forms" / "练市镇" / "已签字.docx"
    own.write_bytes(b"signed")
    forms(desk)
    assert own.is_file()


def test_one_claim_alone_can_be_asked_for_in_triplicate(desk: Office):
    (path,) = forms(desk, "NX-2020-0003", copies=3).written
    assert paragraphs(opened(path.read_bytes())).count("附件2-2") == 3
    assert names(desk) == ["forms/练市镇/NX-2020-0003_甲3.docx"]


@pytest.mark.parametrize(("number", "why"), [("NX-2020-0009", "没有编号"), ("NX-2020-0002", "现为“退回”"), ("NX-2020-0004", "高层次人才")])
def test_a_number_that_has_no_form_is_refused_with_the_reason(desk: Office, number: str, why: str):
    with pytest.raises(FormsError, match=why):
        forms(desk, number)


def test_a_template_that_is_not_there_is_told(desk: Office):
    config = desk.config.model_copy(update={"forms": {"紧缺人才": "没有.docx"}})
    with pytest.raises(FormsError, match=r"没有\.docx"):
        forms(replace(desk, config=config))


def test_who_is_purged_is_in_no_form_and_in_no_name_of_one(desk: Office):
    forms(desk)
    drop(desk, "初审.xlsx", "区应急管理局", {"decisions": [decision("NX-2020-0003", "初审", "不核准", on="2020-10-08")]})
    purging.purge(desk, id_number(3), "本人要求", TODAY)
    assert [name for name in names(desk) if "甲3" in name] == []
    assert "甲3.docx" not in (desk.ledger / "written.json").read_text("utf-8")


def test_the_command_tells_what_it_wrote(desk: Office):
    words = [sys.executable, str(ROOT / "run.py"), "forms", "--inputs", str(desk.inputs), "--outputs", str(desk.outputs),
             "--today", "2020-10-08"]
    first, again = (subprocess.run(words, capture_output=True, text=True, check=True, timeout=120).stdout for _ in range(2))
    assert "NX-2020-0003_甲3.docx" in first
    assert first.splitlines()[-1] == "写出 2 份申请表，0 份没有变化。"
    assert again == "写出 0 份申请表，2 份没有变化。\n"
    refused = subprocess.run([*words, "--claim", "NX-2020-0009"], capture_output=True, text=True, check=False, timeout=120)
    assert (refused.returncode, refused.stdout) == (1, "")
