"""进度.html as a file: what stands in it, and what must never."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import pytest

from pipeline import monthly
from pipeline.calendar import Quarter
from pipeline.quarter_report import QuarterReport
from pipeline.report import page_data
from pipeline.report.progress_page import progress_page
from pipeline.rollup import roll_up
from tests.support.desk import CONFIG, Desk, award, holder, survey
from tests.support.workbooks import office, workbook

NAME = "季度进度表_2020Q3.xlsx"
HOSTILE = "<script>alert(1)</script>{{7*7}}</script><!--\u202e&'\""


@pytest.fixture(scope="module")
def report() -> QuarterReport:
    desk = Desk().receive("练市镇", "2020-08", {
        "certificates": [holder(1), holder(2, name=HOSTILE, employer=HOSTILE), holder(3, sector="政府部门", issued_on="2019-05-01")],
        "certificate_awards": [award(1), award(2, amount=1.0)], "establishments": [survey(headcount=320)]})
    judged = desk.judgement
    return roll_up(desk.book, judged.rows, judged.claims, judged.findings, Quarter(2020, 3), CONFIG)


@pytest.fixture(scope="module")
def page(report: QuarterReport) -> str:
    return progress_page(report, CONFIG, NAME).decode()


class Outline(HTMLParser):
    """The elements of a page, and what its data say."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))


def data_of(page: str) -> dict[str, object]:
    found = re.search(r'<script type="application/json"[^>]*>(.*?)</script>', page, re.S)
    assert found
    return json.loads(found.group(1))


def test_the_same_report_gives_the_same_bytes(report: QuarterReport, page: str):
    assert progress_page(report, CONFIG, NAME).decode() == page


def test_nothing_is_fetched_and_nothing_foreign_may_run(page: str):
    elements = Outline(page).elements
    assert [tag for tag, _ in elements if tag in ("link", "img", "iframe", "object", "embed", "base", "audio", "video")] == []
    assert not any(name.startswith("on") or name in ("src", "style", "action") for _, names in elements for name in names)
    assert {names["href"][:1] for tag, names in elements if tag == "a" and names["href"]} == {"#"}
    (policy,) = [names["content"] for _, names in elements if names.get("http-equiv") == "Content-Security-Policy"]
    assert policy is not None
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy


def test_texts_of_cells_are_no_markup(page: str):
    assert [names.get("type") for tag, names in Outline(page).elements if tag == "script"] == ["application/json", None]
    assert "<script>alert" not in page
    assert HOSTILE.replace("\u202e", "\ufffd") in data_of(page)["words"]
    assert "\u202e" not in page


def test_no_whole_number_and_no_birth_date(page: str):
    said = json.dumps(data_of(page), ensure_ascii=False) + unescape(page)
    assert "330503********" in said
    assert re.search(r"\d{17}[\dX]|19850101|1985-01-01", said) is None


def test_a_blank_target_is_a_dash_and_a_zero_is_a_zero(page: str):
    (row,) = re.findall(r'<tr>\s*<th scope="row" class="name">安全生产中介机构</th>(.*?)</tr>', page, re.S)
    cells = [re.sub(r"<[^>]+>", "", cell).strip() for cell in re.findall(r"<td[^>]*>(.*?)</td>", row, re.S)]
    assert cells == ["8", "0", "4", "0", "10", "0", "0.0%", "—", "0", "—", "0", "—", "0", "3", "0", "4", "0", "3", "0", "—"]


def test_suggested_numbers_are_said_to_be_no_duty_and_are_drawn_apart(page: str):
    assert page.count("（建议数量，不作考核）") == 2
    assert page.count('class="suggested"') == 2
    assert "未完成" not in page
    assert "不达标" not in page


def test_the_lists_add_up_to_the_figures(report: QuarterReport, page: str):
    lists = data_of(page)["lists"]
    assert [len(lists[name]["rows"]) for name in ("sources", "existing", "demand", "claims")] == [3, 3, 1, 2]
    assert sum(line.required for line in report.demand) == sum(one.demand_actual for one in report.sectors)
    assert len(report.existing) == sum(one.existing_actual for one in report.sectors)


def test_of_too_many_rows_none_is_shown_rather_than_a_part(report: QuarterReport, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(page_data, "MOST_ROWS", 2)
    lists = data_of(progress_page(report, CONFIG, NAME).decode())["lists"]
    assert (lists["sources"]["rows"], lists["sources"]["left"]) == ([], 3)
    assert (len(lists["claims"]["rows"]), lists["claims"]["left"]) == (2, 0)


def test_a_quarter_without_any_row_has_a_page_too(report: QuarterReport):
    empty = replace(report, sources=[], existing=[], demand=[], trend=[], findings=[], claims=[], returns=[], units=[])
    assert "计划进度" in progress_page(empty, CONFIG, NAME).decode()


def test_the_job_writes_it_beside_the_workbook_and_leaves_an_equal_one(tmp_path: Path):
    desk = office(tmp_path)
    (desk.inputs / "练市镇.xlsx").write_bytes(workbook("练市镇", "2020-08", {"certificates": [holder(1)]}))
    written = monthly.run(desk, date(2020, 10, 8), None, False, 1, lambda *_: None).written
    page = desk.outputs / "2020Q3" / "进度.html"
    assert {page.with_name(NAME), page} <= set(written)
    before = page.stat().st_mtime_ns
    monthly.run(desk, date(2020, 10, 8), None, False, 1, lambda *_: None)
    assert page.stat().st_mtime_ns == before
