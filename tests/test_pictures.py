"""The pictures of the documentation are those that `python -m tools.pictures` takes, and it takes them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from openpyxl import Workbook
from PIL import Image

from pipeline.calendar import Quarter
from pipeline.findings import Finding, Severity
from pipeline.receipt_marks import AUTHOR
from pipeline.report.marks import mark
from pipeline.rollup import roll_up
from tests.support.desk import CONFIG, Desk, holder
from tools import pictures
from tools.camera import Camera, as_png, camera, missing_programs, trimmed
from tools.marked_receipt import best_marked, marked_cells, with_note_shown

ROOT = Path(__file__).parents[1]
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
MOST = 150_000  # bytes of a picture


@pytest.fixture(scope="module")
def made_by(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Camera]:
    if missing := missing_programs():
        pytest.skip(f"not installed: {', '.join(missing)}")
    with camera(tmp_path_factory.mktemp("camera")) as opened:
        yield opened


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_picture_that_a_document_shows_exists(document: Path):
    shown = re.findall(r"!\[[^\]]*\]\(([^)]+)\)|<img [^>]*src=\"([^\"]+)\"", document.read_text(encoding="utf-8"))
    assert [name for name in map("".join, shown) if "://" not in name and not (document.parent / name).is_file()] == []


def test_the_folder_holds_the_pictures_of_the_command_and_no_other():
    assert {path.name for path in pictures.PICTURES.iterdir()} == {f"{name}.png" for name in pictures.ALL}


def test_every_picture_is_small():
    assert {path.name for path in pictures.PICTURES.iterdir() if path.stat().st_size > MOST} == set()


def test_what_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("sys.argv", ["pictures"])
    with pytest.raises(SystemExit, match=r"LibreOffice, poppler-utils.*Chromium"):
        pictures.main()


def test_the_terminal_s_picture_is_as_wide_as_eighty_columns_and_full_of_letters(made_by: Camera):
    desk = Desk().receive("练市镇", "2020-08", {"certificates": [holder(1)]})
    judged = desk.judgement
    report = roll_up(desk.book, judged.rows, judged.claims, judged.findings, Quarter(2020, 3), CONFIG)
    html = pictures.terminal(report, [Path("outputs/2020Q3/季度进度表_2020Q3.xlsx")])
    picture = made_by.screen(html, 10)
    assert "2020年第三季度" in html
    assert 80 * 7 < picture.width < 80 * 9
    assert picture.height > 15 * 20
    assert len(picture.getcolors(1 << 24) or []) > 20
    assert as_png(picture).startswith(b"\x89PNG")


def test_a_receipt_s_picture_shows_the_mark_and_its_note(made_by: Camera, tmp_path: Path):
    plain, marked = tmp_path / "1.xlsx", tmp_path / "2.xlsx"
    book = Workbook()
    book.worksheets[0].title = "持证人员"
    book.worksheets[0].append(["姓名", "身份证号码"])
    book.worksheets[0].append(["甲", 1])
    book.save(plain)
    mark(book, [Finding(1, "N03", Severity.RETURNED, "请改正", "certificates", "持证人员", 2, "B2")])
    book.save(marked)
    assert best_marked([plain, marked]) == marked
    page = made_by.page(with_note_shown(marked, tmp_path / "shown" / "2.xlsx"), AUTHOR)
    picture = trimmed(marked_cells(page))
    assert {(244, 182, 182), (255, 255, 225)} <= colours(picture)
    assert picture.height < page.height / 3
    with pytest.raises(LookupError, match="no page with 附件"):
        made_by.page(marked, "附件")


def colours(picture: Image.Image) -> set[object]:
    return {colour for _, colour in picture.getcolors(1 << 24) or []}
