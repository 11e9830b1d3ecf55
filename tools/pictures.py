"""The pictures of the documentation, from the demo: `python -m tools.pictures` writes docs/pictures/*.png.

`--demo outputs/demo` takes a demo that has been run already; it is copied and stays as it is.
"""

from __future__ import annotations

import argparse
import base64
import io
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from email import message_from_bytes
from email.policy import default
from functools import cached_property
from pathlib import Path

from PIL import Image
from rich.console import Console
from rich.terminal_theme import MONOKAI

from pipeline import monthly, showcase
from pipeline.calendar import Month
from pipeline.config_file import load
from pipeline.forms import write_forms
from pipeline.ledger.opening import engine_for
from pipeline.ledger.store import last_run
from pipeline.office import Office
from pipeline.quarter_report import QuarterReport
from pipeline.receipt_marks import AUTHOR
from pipeline.report.templates import template_bytes
from pipeline.summary import show
from tools.camera import Camera, as_png, camera, framed, missing_programs, trimmed
from tools.marked_receipt import best_marked, marked_cells, with_note_shown

ROOT = Path(__file__).parents[1]
PICTURES = ROOT / "docs" / "pictures"
_DESKTOP, _PHONE, _LETTER = (1280, 900), (390, 780), 640
_COLUMNS = 80
# A line that is too long goes on below at the edge, as in a terminal.
_SCREEN = f"""<meta charset="utf-8"><style>body {{{{ margin: 0; width: max-content; background: {{background}} }}}}
pre {{{{ margin: 0; padding: 14px 18px; width: {_COLUMNS}ch; white-space: pre-wrap; word-break: break-all; line-break: anywhere;
color: {{foreground}}; font: 15px/1.45 "Noto Sans Mono CJK SC", monospace }}}}</style><pre>{{code}}</pre>"""


@dataclass(frozen=True)
class Demo:
    """The fictional district after its three years."""

    office: Office

    @property
    def outputs(self) -> Path:
        """Where its results are."""
        return self.office.outputs

    @cached_property
    def today(self) -> date:
        """The day of its last run."""
        engine = engine_for(self.office.config.ledger.url, self.outputs)
        with engine.connect() as connection:
            last = last_run(connection)
        engine.dispose()
        assert last is not None  # the demo has run
        return last[0]

    @cached_property
    def quarter(self) -> Path:
        """The folder of its newest quarter."""
        return max(self.outputs.glob("[0-9]*Q[1-4]"))

    @cached_property
    def receipt(self) -> Path:
        """The receipt whose marks are seen best."""
        return best_marked(sorted(self.outputs.glob("receipts/*/*.xlsx")))

    @property
    def workbook(self) -> Path:
        """季度进度表."""
        return self.quarter / f"季度进度表_{self.quarter.name}.xlsx"


Picture = Callable[[Demo, Camera], Image.Image]


def _sheet(name: str) -> Picture:
    return lambda demo, made_by: trimmed(made_by.page(demo.workbook, f"{name}$"))


def _receipt(demo: Demo, made_by: Camera) -> Image.Image:
    return trimmed(made_by.page(demo.receipt, "报表回执"))


def _marked(demo: Demo, made_by: Camera) -> Image.Image:
    shown = with_note_shown(demo.receipt, made_by.folder / "批注" / demo.receipt.name)
    return framed(trimmed(marked_cells(made_by.page(shown, AUTHOR, dpi=200))))


def _template(demo: Demo, made_by: Camera) -> Image.Image:
    month = Month.of(demo.today)
    paper = made_by.folder / "填报表" / f"练市镇_{month}.xlsx"
    paper.parent.mkdir()
    paper.write_bytes(template_bytes(demo.office.config, "练市镇", month))
    return trimmed(made_by.page(paper, "持证人员$"))


def _reviews(demo: Demo, made_by: Camera) -> Image.Image:
    unit = demo.office.config.first_review_unit
    return trimmed(made_by.page(demo.outputs / "reviews" / f"{unit}.xlsx", "件）"))


def _briefing(demo: Demo, made_by: Camera) -> Image.Image:
    return framed(made_by.page(demo.quarter / f"通报_{demo.quarter.name}.docx", "的通报", dpi=96))


def _form(demo: Demo, made_by: Camera) -> Image.Image:
    forms = write_forms(demo.office, demo.today, (), 1).written
    return framed(made_by.page(forms[0], "附件2-1", dpi=96))


def _claims(demo: Demo, made_by: Camera) -> Image.Image:
    return trimmed(made_by.page(demo.outputs / "claims" / "练市镇.xlsx", "奖励申请办理情况"))


def _web_page(demo: Demo, made_by: Camera) -> Image.Image:
    return framed(made_by.screen(demo.quarter / "进度.html", *_DESKTOP))


def _web_page_on_a_phone(demo: Demo, made_by: Camera) -> Image.Image:
    return framed(made_by.screen(demo.quarter / "进度.html", *_PHONE, scale=1.5))


def _letter(demo: Demo, made_by: Camera) -> Image.Image:
    return framed(made_by.screen(_as_shown(min((demo.quarter / "mail").glob("*.eml"))), _LETTER))


def _as_shown(letter: Path) -> str:
    """The HTML of a letter with its pictures put in, as a mail program does."""
    message = message_from_bytes(letter.read_bytes(), policy=default)
    body = message.get_body(("html",))
    assert body is not None
    html: str = body.get_content()
    for part in message.walk():
        if name := part.get("Content-ID"):
            picture = base64.b64encode(part.get_content()).decode()
            html = html.replace(f"cid:{name.strip('<>')}", f"data:{part.get_content_type()};base64,{picture}")
    return html


def _terminal(demo: Demo, made_by: Camera) -> Image.Image:
    outcome = monthly.run(demo.office, demo.today, None, False, 1, lambda *_: None)
    return made_by.screen(terminal(outcome.report, [path.relative_to(demo.outputs.parent) for path in outcome.written]), 10)


def terminal(report: QuarterReport, written: list[Path]) -> str:
    """HTML of what a run says at its end on a terminal."""
    screen = Console(record=True, width=_COLUMNS, force_terminal=True, highlight=False, file=io.StringIO(), legacy_windows=False)
    screen.print("> python run.py")
    show(report, written, screen)
    return screen.export_html(theme=MONOKAI, inline_styles=True, code_format=_SCREEN)


ALL: Mapping[str, Picture] = {
    "计划进度": _sheet("计划进度"), "目录": _sheet("目录"), "季度趋势": _sheet("季度趋势"), "报送情况": _sheet("报送情况"),
    "数据来源": _sheet("数据来源"), "回执": _receipt, "回执_标记": _marked, "填报表": _template, "审核表": _reviews,
    "通报": _briefing, "申请表2-1": _form, "办理情况": _claims, "进度页": _web_page, "进度页_手机": _web_page_on_a_phone,
    "邮件": _letter, "终端": _terminal}


def take(demo: Demo, names: Sequence[str], folder: Path) -> Iterator[Path]:
    """Write these pictures into a folder, one by one."""
    with tempfile.TemporaryDirectory() as work, camera(Path(work)) as made_by:
        for name in names:
            path = folder / f"{name}.png"
            path.write_bytes(as_png(ALL[name](demo, made_by)))
            yield path


@contextmanager
def demo_in(ready: Path | None) -> Iterator[Demo]:
    """The demo in a folder of its own: a copy of one that is there, else run anew."""
    with tempfile.TemporaryDirectory() as work:
        folder, config = Path(work) / "demo", ROOT / "config.yaml"
        office = Office(load(config), config.read_bytes(), folder / "inputs", folder / "outputs")
        if ready:
            shutil.copytree(ready, folder)
        else:
            showcase.run(office, folder, lambda *_: None)
        yield Demo(office)


def main() -> None:
    """Take all pictures, or those that are named."""
    parser = argparse.ArgumentParser(description="docs/pictures/*.png, from the demo")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"only these: {'、'.join(ALL)}")
    parser.add_argument("--demo", type=Path, help="the folder of a demo that was run, such as outputs/demo")
    asked = parser.parse_args()
    if missing := missing_programs():
        sys.exit(f"not installed, and needed for pictures: {', '.join(missing)}")
    with demo_in(asked.demo) as demo:
        for path in take(demo, asked.names or list(ALL), PICTURES):
            sys.stdout.write(f"{path.relative_to(ROOT)}  {path.stat().st_size // 1024} KB\n")


if __name__ == "__main__":
    main()
