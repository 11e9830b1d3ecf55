"""进度.html as people use it: in a real Chromium, by mouse, keyboard, on paper, in the dark, on a phone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from pipeline.calendar import Quarter
from pipeline.report.progress_page import progress_page
from pipeline.rollup import roll_up
from tests.support.chromium import open_browser
from tests.support.desk import CONFIG, Desk, award, holder, introduced, survey

DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 360, "height": 740}
HOSTILE = "<img src=x onerror=alert(1)><script>alert(1)</script>\u202e"
MANY = 130


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with open_browser() as opened:
        yield opened


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A quarter of three units: one with many persons, one with faults and a text that would like to run, one late."""
    desk = Desk().receive("南浔镇", "2020-07", {
        "certificates": [holder(200 + at, issued_on="2019-05-01") for at in range(MANY)]}, today="2020-08-05")
    desk.receive("练市镇", "2020-08", {
        "certificates": [holder(1), holder(2, name=HOSTILE, employer=HOSTILE), introduced(3, sector="政府部门")],
        "certificate_awards": [award(1), award(2, amount=1.0)],
        "establishments": [survey(headcount=320), survey("乙公司", headcount=500)]})
    desk.receive("双林镇", "2020-08", {"certificates": [holder(5, level="初级", certificate_number="CJ5")]}, today="2020-10-08")
    judged = desk.judgement
    report = roll_up(desk.book, judged.rows, judged.claims, judged.findings, Quarter(2020, 3), CONFIG)
    path = tmp_path_factory.mktemp("page") / "进度.html"
    path.write_bytes(progress_page(report, CONFIG, "季度进度表_2020Q3.xlsx"))
    return path


@dataclass
class Heard:
    """What a page asked of the network, and what it complained of."""

    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)


@dataclass
class Opened:
    page: Page
    heard: Heard


@pytest.fixture
def opened(browser: Browser, file: Path) -> Iterator[Opened]:
    """The page, freshly opened; afterwards it must have been silent and asked for nothing but itself."""
    with browser.new_context(viewport=DESKTOP) as context:
        made = Opened(context.new_page(), Heard())
        made.page.set_default_timeout(5000)
        made.page.on("request", lambda request: made.heard.requests.append(request.url))
        made.page.on("console", lambda message: made.heard.complaints.append(message.text))
        made.page.on("pageerror", lambda error: made.heard.complaints.append(str(error)))
        made.page.on("dialog", lambda dialog: made.heard.complaints.append(dialog.message))
        made.page.goto(file.as_uri())
        yield made
        assert made.heard == Heard([file.as_uri()])


@pytest.fixture
def page(opened: Opened) -> Page:
    return opened.page


def unit_rows(page: Page) -> list[str]:
    """The names of the units that are seen, in their order."""
    return page.locator("tr[data-unit]:visible > th").all_inner_texts()


def rows_of(page: Page, where: str) -> list[list[str]]:
    return page.locator(f"{where} tbody").first.evaluate("body => [...body.rows].map(row => [...row.cells].map(cell => cell.textContent))")


def test_a_figure_opens_the_rows_that_it_is_made_of(page: Page):
    page.locator('[data-name="合计中级2020年"]').click()
    assert page.locator("#sources-title").inner_text() == "合计中级2020年：2"
    persons = rows_of(page, "#sources-list")
    assert persons[0][1] == "甲1"
    assert persons[0][-5:] == ["练市镇", "2020-08", "练市镇2020-08-2.xlsx", "持证人员", "3"]
    page.get_by_role("button", name="关闭").click()
    assert not page.locator("dialog").is_visible()


def test_every_figure_has_as_many_rows_as_it_says(page: Page):
    """Of 总体需求数量, the engineers of its rows together."""
    figures: list[dict[str, Any]] = page.evaluate("""() => [...document.querySelectorAll('button.figure')].map(button => {
        button.click();
        const list = document.getElementById('sources-list');
        const at = [...list.querySelectorAll('th')].findIndex(head => head.textContent.startsWith('应配置人数'));
        const rows = [...list.querySelectorAll('tbody tr')];
        const sum = rows.reduce((total, row) => total + Number(row.cells[at] ? row.cells[at].textContent : 0), 0);
        const count = parseInt(list.querySelector('[role=status]').textContent);
        document.querySelector('dialog').close();
        return { says: Number(button.firstChild.textContent), has: at < 0 ? count : sum, list: button.dataset.list };
    })""")
    assert {figure["list"] for figure in figures} == {"sources", "existing", "demand"}
    assert len(figures) > 12
    assert [figure for figure in figures if figure["says"] != figure["has"]] == []


def test_a_unit_s_row_opens_to_its_persons_findings_and_claims(page: Page):
    button = page.get_by_role("button", name="练市镇", exact=True)
    assert button.get_attribute("aria-expanded") == "false"
    button.click()
    opened = page.locator("tr.opened:visible")
    assert (button.get_attribute("aria-expanded"), button.get_attribute("aria-controls")) == ("true", opened.get_attribute("id"))
    assert opened.locator("h3").all_inner_texts() == ["计入的人员", "退回与复核", "奖励申请"]
    assert "330503********0010" not in opened.inner_text()
    assert opened.get_by_role("cell", name="330503********").count() == 5
    assert opened.get_by_role("cell", name="退回", exact=True).count() >= 1
    button.click()
    assert page.locator("tr.opened:visible").count() == 0


def test_units_are_found_by_name_and_by_what_is_amiss(page: Page):
    assert len(unit_rows(page)) == 23
    page.get_by_label("查找单位").fill("林镇")
    assert unit_rows(page) == ["双林镇"]
    assert page.locator("#unit-count").inner_text() == "1 个单位，共 23 个"
    page.get_by_label("查找单位").fill("")
    page.get_by_label("只看").select_option("有退回的")
    assert unit_rows(page) == ["练市镇"]
    page.get_by_label("只看").select_option("有迟报的")
    assert unit_rows(page) == ["双林镇"]


def test_units_are_sorted_by_a_column_and_keep_what_they_open_to(page: Page):
    page.get_by_role("button", name="南浔镇", exact=True).click()
    heading = page.locator("th[data-sort]", has_text="计入中级")
    for order in ("ascending", "descending"):
        heading.get_by_role("button").click()
        assert heading.get_attribute("aria-sort") == order
    assert unit_rows(page)[:2] == ["南浔镇", "练市镇"]
    assert page.locator("#unit-table > tbody > tr").nth(1).get_attribute("class") == "opened"
    assert page.locator("th[aria-sort=ascending], th[aria-sort=descending]").count() == 1
    page.locator("th[data-sort]", has_text="单位").first.get_by_role("button").click()
    assert unit_rows(page)[0] == "区府办"


def test_persons_are_searched_filtered_and_shown_a_hundred_at_a_time(page: Page):
    page.get_by_text("展开计入的").click()
    people = page.locator("#people")
    count = people.get_by_role("status")
    assert (count.inner_text(), len(rows_of(page, "#people"))) == (f"{MANY + 4} 行", 100)
    people.get_by_role("button", name="再显示").click()
    assert len(rows_of(page, "#people")) == MANY + 4
    assert not people.get_by_role("button", name="再显示").is_visible()
    people.get_by_label("填报单位").select_option("练市镇")
    assert count.inner_text() == f"3 行，共 {MANY + 4} 行"
    people.get_by_role("button", name="姓名").click()
    assert [row[3] for row in rows_of(page, "#people")][-2:] == ["甲1", "甲3"]
    people.get_by_label("查找").fill("引进")
    assert [row[3] for row in rows_of(page, "#people")] == ["甲3"]


def test_a_text_that_would_like_to_run_is_read_as_it_is(page: Page):
    page.get_by_role("button", name="练市镇", exact=True).click()
    shown = HOSTILE.replace("\u202e", "\ufffd")
    assert page.get_by_role("cell", name=shown).first.inner_text() == shown
    assert page.locator("img").count() == 0


def test_what_somebody_wrote_into_the_page_could_neither_run_nor_call_home(browser: Browser, file: Path, tmp_path: Path):
    tampered = tmp_path / "tampered.html"
    tampered.write_text(file.read_text("utf-8").replace(
        "</main>", '<script>document.title = "run"</script><img src="https://elsewhere.example/x"></main>'), "utf-8")
    with browser.new_context() as context:
        page, refused = context.new_page(), {}
        page.on("requestfailed", lambda request: refused.update({request.url: request.failure}))
        page.goto(tampered.as_uri())
        assert page.title().startswith("南浔区")
        assert refused == {"https://elsewhere.example/x": "csp"}


def test_by_keyboard_alone(page: Page):
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "跳到正文"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.keyboard.press("Tab")  # the table's region, which the arrow keys scroll
    assert page.evaluate("document.activeElement.getAttribute('role')") == "region"
    page.keyboard.press("Tab")
    figure = page.evaluate("document.activeElement.dataset.name")
    page.keyboard.press("Enter")
    assert page.locator("#sources-title").inner_text().startswith(figure)
    assert page.evaluate("document.querySelector('dialog').contains(document.activeElement)")
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.dataset.name") == figure
    unit = page.get_by_role("button", name="双林镇", exact=True)
    unit.focus()
    page.keyboard.press("Space")
    assert unit.get_attribute("aria-expanded") == "true"


def test_a_screen_reader_is_told_what_everything_is(page: Page):
    page.get_by_role("button", name="练市镇", exact=True).click()
    page.get_by_text("展开全部清单").click()
    nameless = page.evaluate("""() => [...document.querySelectorAll(
            'button, input, select, [role=region], [role=img], section, table, dialog')]
        .filter(one => !(one.matches('button') && one.textContent.trim() || one.getAttribute('aria-label')
            || one.labels && one.labels[0] || one.caption || document.getElementById(one.getAttribute('aria-labelledby'))))
        .map(one => one.outerHTML.slice(0, 80))""")
    assert nameless == []
    assert page.locator("th:not([scope])").count() == 0
    assert page.get_by_role("img").count() == 3
    assert page.locator("[role=status]").count() >= 4
    assert page.evaluate("new Set([...document.querySelectorAll('[id]')].map(one => one.id)).size "
                         "=== document.querySelectorAll('[id]').length")
    assert page.locator("html").get_attribute("lang") == "zh-CN"


def test_on_paper_it_is_the_report_without_its_tools(page: Page):
    page.emulate_media(media="print", color_scheme="dark")
    for gone in ("nav", ".tools", "#people", "dialog"):
        assert not page.locator(gone).first.is_visible()
    assert page.locator(".plan-table").is_visible()
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(26, 31, 38)"
    printed = page.pdf(prefer_css_page_size=True)
    assert printed.startswith(b"%PDF")
    assert 2 <= printed.count(b"/Type /Page\n") <= 4


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_letters_stand_out_from_the_paper_by_day_and_by_night(page: Page, scheme: Any):
    page.emulate_media(color_scheme=scheme)
    colours = page.evaluate("""() => Object.fromEntries(['ink', 'soft', 'accent', 'goal', 'paper', 'row', 'head'].map(name => {
        const probe = document.body.appendChild(document.createElement('i'));
        probe.style.color = `var(--${name})`;
        return [name, getComputedStyle(probe).color.match(/[0-9]+/g).map(Number)];
    }))""")
    assert (sum(colours["paper"]) > 3 * 128) == (scheme == "light")
    for letters in ("ink", "soft", "accent", "goal"):
        for paper in ("paper", "row", "head"):
            assert contrast(colours[letters], colours[paper]) >= 4.5, (letters, paper)


def contrast(one: list[int], other: list[int]) -> float:
    """The contrast of two colours (WCAG 2.1)."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: list[int]) -> float:
    parts = [part / 255 for part in colour]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_on_a_phone_nothing_sticks_out(page: Page):
    page.set_viewport_size(PHONE)
    page.get_by_role("button", name="练市镇", exact=True).click()
    page.get_by_text("展开全部清单").click()
    page.get_by_text("展开计入的").click()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page.locator('[data-name="合计中级2020年"]').click()
    box = page.locator("dialog").bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= PHONE["width"]


def test_without_its_script_it_still_tells_the_figures(browser: Browser, file: Path):
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(file.as_uri())
        assert page.get_by_text("浏览器没有运行本页的脚本").is_visible()
        assert page.locator('[data-name="合计累计培育数量"]').inner_text().startswith(str(MANY + 4))
        assert page.get_by_role("img").count() == 3
