"""The letter as mail programs lay it out: 600 pixels wide, on a telephone, on a dark screen."""

import base64
from collections.abc import Iterator
from email import message_from_bytes
from email.policy import default
from typing import Any

import pytest
from playwright.sync_api import Browser

from pipeline.config import Config
from pipeline.mail.chart import chart
from pipeline.mail.compose import compose
from pipeline.quarter_report import QuarterReport
from tests.mail.test_mail_chart import TRENDS
from tests.mail.test_mail_compose import of_member, with_units
from tests.support.chromium import open_browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with open_browser() as opened:
        yield opened


@pytest.fixture(scope="module")
def picture() -> bytes:
    return chart(TRENDS) or b""


def letter(report: QuarterReport, config: Config, picture: bytes) -> str:
    """A town's letter with its picture put in, as a mail program does."""
    made = of_member(compose(with_units(report, config), config, b"", "季度进度表.xlsx", {}, picture), "钱建中")
    body = message_from_bytes(made.content, policy=default).get_body(("html",))
    assert body is not None
    return body.get_content().replace("cid:progress@quarter", f"data:image/png;base64,{base64.b64encode(picture).decode()}")


@pytest.mark.parametrize("width", [720, 600, 375, 320])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_sticks_out_and_nothing_is_fetched(
    browser: Browser, report: QuarterReport, config: Config, picture: bytes, width: int, scheme: Any
) -> None:
    with browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme) as context:
        page, asked = context.new_page(), []
        page.on("request", lambda request: asked.append(request.url[:5]))
        page.set_content(letter(report, config, picture))
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert set(asked) <= {"data:"}
        assert not page.locator(".preview").is_visible()
        paper, ink = page.evaluate("""() => { const style = getComputedStyle(document.querySelector('.sheet'));
            const page = getComputedStyle(document.querySelector('.page'));
            return [page.backgroundColor, style.color].map(one => one.match(/[0-9]+/g).slice(0, 3).reduce((a, b) => a + +b, 0)); }""")
        assert (paper > 600 and ink < 200) if scheme == "light" else (paper < 200 and ink > 600)
