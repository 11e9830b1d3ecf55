"""Word documents opened for tests: their texts, their parts, and their pages as LibreOffice sets them."""

from __future__ import annotations

import io
import subprocess
import zipfile
from pathlib import Path

import docx
from docx.document import Document
from docx.oxml.ns import qn

from tests.support.libreoffice import convert


def opened(content: bytes) -> Document:
    """A document's bytes as python-docx reads them."""
    return docx.Document(io.BytesIO(content))


def paragraphs(document: Document) -> list[str]:
    """Every paragraph of the body in order, those of tables too."""
    return ["".join(text.text or "" for text in one.iter(qn("w:t"))) for one in document.element.body.iter(qn("w:p"))]


def parts(content: bytes) -> dict[str, str]:
    """The document's parts by name."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def pages(content: bytes, folder: Path) -> list[str]:
    """The text of each printed page."""
    path = folder / "document.docx"
    path.write_bytes(content)
    pdf = convert(path, "pdf", folder)
    text = subprocess.run(["pdftotext", "-layout", str(pdf), "-"], check=True, capture_output=True, text=True).stdout
    return text.split("\f")[:-1]
