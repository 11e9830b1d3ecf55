"""Whatever stands in a cell comes back as text: not run, not followed, not formatted in, in no output at all."""

from __future__ import annotations

import json
import os
import pty
import re
import sqlite3
import subprocess
import sys
import unicodedata
import zipfile
from collections.abc import Iterator
from datetime import date
from email import message_from_bytes
from email.policy import default
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from openpyxl import load_workbook

from pipeline import monthly
from pipeline.intake.text import squeezed, text_of
from pipeline.ledger.schema import metadata
from pipeline.machine import as_json
from pipeline.office import Office
from pipeline.plain_text import harmless
from tests.support.attacks import ATTACKS, EVALUATED
from tests.support.desk import CONFIG, ROOT
from tests.support.documents import opened, paragraphs
from tests.support.hostile_office import hostile_office

HEADERS = ["From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type"]
OWN_SHEETS = "计划进度|数据勾稽|季度趋势"
OWN_FORMULA = re.compile(rf"""(SUM|SUMIFS|COUNTIF|IF|N|'?({OWN_SHEETS})'?!|\$?[A-Z]{{1,3}}\$?\d+|[\d.]+|[-+*/=<>,:()]|"[^"=+@]*")+""")
ACTIVE = {"script", "img", "iframe", "object", "embed", "form", "link", "svg", "a", "base"}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Office:
    return hostile_office(tmp_path_factory.mktemp("desk"))


def outputs(desk: Office, suffix: str) -> list[Path]:
    """The files that the program made: originals are what came in."""
    return [path for path in sorted(desk.outputs.rglob(f"*{suffix}")) if desk.originals not in path.parents]


def parts(path: Path) -> Iterator[tuple[str, bytes]]:
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        for name in archive.namelist():
            yield name, archive.read(name)


def unseen(text: str) -> list[str]:
    """The characters that steer a terminal or turn the writing direction."""
    return [sign for sign in text if unicodedata.category(sign) in ("Cc", "Cf", "Cs") and sign != "\n"]


def test_every_kind_of_output_was_made(desk: Office):
    made = {path.relative_to(desk.outputs).parts[0] for path in desk.outputs.rglob("*.*")}
    assert made >= {"2020Q3", "claims", "forms", "ledger", "payments", "receipts", "reviews", "templates"}
    assert len(outputs(desk, ".docx")) > 20
    assert len(outputs(desk, ".xlsx")) > 70
    assert len(outputs(desk, ".eml")) == len(CONFIG.leading_group)


def test_no_workbook_has_a_formula_but_our_own_or_points_outside(desk: Office):
    for path in outputs(desk, ".xlsx"):
        for name, part in parts(path):
            root = ElementTree.fromstring(part) if name.endswith((".xml", ".rels")) else ElementTree.Element("none")
            assert "vba" not in name.lower(), path
            assert "externalLink" not in name, path
            for one in root.iter():
                tag = one.tag.rpartition("}")[2]
                assert tag != "f" or OWN_FORMULA.fullmatch(one.text or ""), (path, name, one.text)
                assert tag not in ("ddeLink", "oleLink", "webPublishing"), path
                assert one.get("TargetMode") != "External", (path, name)
                assert tag != "hyperlink" or one.get("location"), (path, name)


def test_every_attack_that_comes_back_is_a_text_cell(desk: Office):
    shown: set[str] = set()
    for path in outputs(desk, ".xlsx"):
        for page in load_workbook(path).worksheets:
            for row in page.iter_rows():
                for cell in row:
                    if isinstance(cell.value, str) and cell.data_type != "f":
                        shown.add(squeezed(cell.value))
                        assert cell.hyperlink is None or cell.hyperlink.target is None, (path, cell)
    texts = "\n".join(shown)
    missing = [attack for attack in ATTACKS if squeezed(text_of(attack))[:30] not in texts]
    assert missing == []


def test_documents_hold_texts_alone_and_no_field_but_the_page_number(desk: Office):
    shown = set()
    for path in outputs(desk, ".docx"):
        for name, part in parts(path):
            assert EVALUATED.encode() not in part, (path, name)
            for one in ElementTree.fromstring(part).iter():
                tag = one.tag.rpartition("}")[2]
                assert tag not in ("hyperlink", "object", "control", "fldSimple", "altChunk"), path
                assert tag != "instrText" or one.text == " PAGE ", path
                assert one.get("TargetMode") != "External", (path, name)
        if "forms" in path.parts:
            shown |= {squeezed(text) for text in paragraphs(opened(path.read_bytes()))}
    assert len([attack for attack in ATTACKS if squeezed(text_of(attack))[:15] in "\n".join(shown)]) > 20


def test_the_ledger_keeps_every_text_and_all_its_tables(desk: Office):
    with sqlite3.connect(desk.outputs / "ledger" / "ledger.sqlite") as ledger:
        tables = {name for name, in ledger.execute("select name from sqlite_master where type = 'table'")}
        employers = {name for name, in ledger.execute("select employer from rows_certificates")}
    assert tables >= set(metadata.tables)
    assert [attack for attack in ATTACKS if text_of(attack) not in employers] == []


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()
        self.attributes: set[str] = set()
        self.sources: set[str | None] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.sources |= {value for name, value in attrs if name in ("src", "href", "action")}


def test_the_mails_have_their_own_headers_and_nothing_active(desk: Office):
    for path in outputs(desk, ".eml"):
        message = message_from_bytes(path.read_bytes(), policy=default)
        assert sorted(message.keys()) == sorted(HEADERS)
        assert not message.defects
        texts = [part.get_content() for part in message.walk() if part.get_content_maintype() == "text"]
        assert len(texts) == 2
        tags = Tags()
        tags.feed(texts[1])
        assert not tags.found & ACTIVE - {"img"}
        assert tags.sources <= {"cid:progress@quarter"}
        assert not {name for name in tags.attributes if name.startswith("on")}
        for text in texts:
            assert EVALUATED not in text
            assert unseen(text.replace("\r", "")) == []


def test_the_page_has_its_own_elements_alone_and_every_attack_as_a_text(desk: Office):
    (path,) = outputs(desk, ".html")
    page = path.read_text("utf-8")
    tags = Tags()
    tags.feed(page)
    assert not tags.found & ACTIVE - {"script", "svg", "a", "form"}
    assert all(source and source.startswith("#") for source in tags.sources)
    assert not {name for name in tags.attributes if name.startswith("on") or name == "style"}
    assert page.count("<script") == page.count("</script") == 2
    assert EVALUATED not in page
    assert unseen(page) == []
    words = squeezed("".join(strings(json.loads(page.partition('id="data"')[2].partition(">")[2].partition("</script>")[0]))))
    missing = [attack for attack in ATTACKS if squeezed(harmless(text_of(attack)))[:30] not in words]
    assert missing == []


def test_nothing_was_calculated(desk: Office):
    for path in outputs(desk, ".xlsx"):
        for name, part in parts(path):
            assert EVALUATED.encode() not in part, (path, name)


def test_json_journal_and_handbook_hold_no_character_that_steers_a_terminal(desk: Office):
    outcome = monthly.as_of(desk, date(2020, 10, 8), date(2020, 10, 8), None, dry=True)
    answer = as_json(outcome.report, [])
    assert unseen(answer) == []
    assert unseen("".join(strings(json.loads(answer)))) == []
    plain = [*outputs(desk, ".jsonl"), *outputs(desk, ".json"), *outputs(desk, ".md")]
    assert {path.name for path in plain} >= {"journal.jsonl", "written.json", "规则手册.md"}
    for path in plain:
        assert unseen(path.read_text("utf-8")) == [], path


def strings(value: Any) -> Iterator[str]:
    """Every string in a JSON value."""
    if isinstance(value, dict):
        yield from (text for one in value.values() for text in strings(one))
    elif isinstance(value, list):
        yield from (text for one in value for text in strings(one))
    elif isinstance(value, str):
        yield value


@pytest.mark.parametrize("command", [
    [], ["--json"], ["why", "工矿300人以上", "中级", "2020"], ["verify"]])
def test_the_terminal_shows_text_and_obeys_none(desk: Office, command: list[str]):
    words = [sys.executable, str(ROOT / "run.py"), "--inputs", str(desk.inputs), "--outputs", str(desk.outputs), *command]
    today = [] if command == ["verify"] else ["--today", "2020-10-08"]
    done = subprocess.run([*words, *today], check=False, capture_output=True, text=True, timeout=120)
    assert (done.returncode, unseen(done.stderr)) == (0, [])
    assert unseen(done.stdout) == []
    assert EVALUATED not in done.stdout


def test_a_real_terminal_is_steered_by_nothing_but_our_own_colours(desk: Office):
    command = [sys.executable, str(ROOT / "run.py"), "--inputs", str(desk.inputs), "--outputs", str(desk.outputs),
               "why", "工矿300人以上", "中级", "2020", "--today", "2020-10-08"]
    child, terminal = pty.fork()
    if child == 0:
        os.execv(sys.executable, command)
    text = re.sub(r"\x1b\[[0-9;]*m", "", "".join(shown_by(terminal))).replace("\r\n", "\n")
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert "实际" in text
    assert unseen(text) == []


def shown_by(terminal: int) -> Iterator[str]:
    """What a terminal was sent, until its program ends."""
    with os.fdopen(terminal, encoding="utf-8", newline="") as stream:
        try:
            yield from stream
        except OSError:  # Linux says so when the other side is closed
            return
