"""Pictures of papers as LibreOffice prints them, and of pages as Chromium shows them."""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageChops, ImageOps
from playwright.sync_api import Browser, sync_playwright

_CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "chrome")
_PROGRAMS: Mapping[str, tuple[str, ...]] = {
    "LibreOffice": ("soffice",), "poppler-utils": ("pdftoppm",), "poppler-utils (pdftotext)": ("pdftotext",), "Chromium": _CHROMIUM}
_OPTIONS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
_COLOURS = 96
_EDGE, _LINE = 16, "#c8c8c8"  # white around a picture, the line around it
_NUMBER = 30  # the height of a page number in pixels, at most
# The typefaces of the office, where they are not installed, as the free ones that look most like them.
_ALIKE = {"方正小标宋简体": "Noto Serif CJK SC", "仿宋_GB2312": "Noto Serif CJK SC", "仿宋": "Noto Serif CJK SC",
          "楷体_GB2312": "Noto Serif CJK SC", "宋体": "Noto Serif CJK SC", "黑体": "Noto Sans CJK SC"}
_ALIAS = '<alias binding="same"><family>{}</family><prefer><family>{}</family></prefer></alias>\n'


def missing_programs() -> list[str]:
    """The programs that pictures need and this computer has not."""
    return [name for name, commands in _PROGRAMS.items() if not any(map(shutil.which, commands))]


@dataclass(frozen=True)
class Camera:
    """One LibreOffice and one browser; `folder` is for what they write on the way."""

    folder: Path
    browser: Browser

    def page(self, paper: Path, words: str, dpi: int = 120) -> Image.Image:
        """The first page with a line in which `words`, a pattern, are found; raises LookupError where there is none."""
        pdf = self._printed(paper)
        texts = subprocess.run(["pdftotext", "-layout", pdf, "-"], check=True, capture_output=True).stdout.decode().split("\f")
        number = str(next((at for at, text in enumerate(texts, 1) if _has_line(text, words)), 0))
        if number == "0":
            raise LookupError(f"{paper.name}: no page with {words}")
        subprocess.run(["pdftoppm", "-r", str(dpi), "-f", number, "-l", number, "-singlefile", "-png", pdf, pdf.with_suffix("")],
                       check=True)
        return Image.open(pdf.with_suffix(".png")).convert("RGB")

    def screen(self, html: Path | str, width: int, height: int | None = None, scale: float = 1) -> Image.Image:
        """A file or text as shown in a window; without `height` as long as it is."""
        with self.browser.new_context(viewport={"width": width, "height": height or 1}, device_scale_factor=scale) as context:
            page = context.new_page()
            if isinstance(html, Path):
                page.goto(html.as_uri())
            else:
                page.set_content(html)
            return Image.open(io.BytesIO(page.screenshot(full_page=height is None))).convert("RGB")

    def _printed(self, paper: Path) -> Path:
        pdf = self.folder / paper.parent.name / f"{paper.stem}.pdf"
        if not pdf.exists():
            profile = f"-env:UserInstallation={(self.folder / 'profile').as_uri()}"
            subprocess.run(["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", pdf.parent, paper],
                           check=True, capture_output=True, timeout=180, env=os.environ | {"FONTCONFIG_FILE": str(self._fonts())})
        return pdf

    def _fonts(self) -> Path:
        lines = "".join(_ALIAS.format(*pair) for pair in _ALIKE.items())
        path = self.folder / "fonts.conf"
        path.write_text('<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>'
                        f"<include>/etc/fonts/fonts.conf</include>{lines}</fontconfig>", encoding="utf-8")
        return path


@contextmanager
def camera(folder: Path) -> Iterator[Camera]:
    """A camera that works in an empty folder."""
    path = next(filter(None, map(shutil.which, _CHROMIUM)))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=_OPTIONS)
        yield Camera(folder, browser)
        browser.close()


def trimmed(picture: Image.Image) -> Image.Image:
    """Without the page number and the white around the rest, but for a narrow edge."""
    body = picture.crop((0, 0, picture.width, _end_of_body(picture)))
    return ImageOps.expand(body.crop(_inked(body).getbbox()), _EDGE, "white")


def _end_of_body(picture: Image.Image) -> int:
    """The row above the page number; the page's last where there is none."""
    rows: list[int] = _inked(picture).getprojection()[1]
    foot = max((at for at, inked in enumerate(rows) if inked), default=0)
    above = max((at for at in range(foot) if not rows[at]), default=0)
    return above if foot - above < _NUMBER and not any(rows[max(above - _NUMBER // 2, 0):above]) else picture.height


def _inked(picture: Image.Image) -> Image.Image:
    return ImageChops.difference(picture, Image.new("RGB", picture.size, "white"))


def framed(picture: Image.Image) -> Image.Image:
    """With a thin line around it: a white page on a white page."""
    return ImageOps.expand(picture, 1, _LINE)


def as_png(picture: Image.Image) -> bytes:
    """A small file: few colours are enough for paper and screens."""
    target = io.BytesIO()
    picture.quantize(_COLOURS, dither=Image.Dither.NONE).save(target, "PNG", optimize=True)
    return target.getvalue()


def _has_line(text: str, words: str) -> bool:
    return any(re.search(words, "".join(line.split())) for line in text.splitlines())
