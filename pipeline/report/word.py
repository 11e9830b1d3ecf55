"""Word documents from templates/: values go in as text, and the same values give the same bytes."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any, cast

from docx.document import Document
from docxtpl import DocxTemplate
from jinja2 import Environment, StrictUndefined

from pipeline.files import same_bytes_each_time
from pipeline.plain_text import harmless
from pipeline.report.safe_text import safe_text


def filled(template: bytes, values: Mapping[str, Any]) -> Document:
    """The template with the values in their places; raises jinja2's UndefinedError where it asks for one that is not there."""
    made = DocxTemplate(io.BytesIO(template))
    made.render(dict(values), Environment(undefined=StrictUndefined), autoescape=True)  # noqa: S701 - docxtpl turns it on
    return cast(Document, made.docx)


def saved(document: Document, title: str, author: str, day: date) -> bytes:
    """The document's bytes, which tell no other time than `day`."""
    about = document.core_properties
    about.title, about.author, about.last_modified_by = safe_text(title), author, author
    about.created = about.modified = datetime.combine(day, time())
    target = io.BytesIO()
    document.save(target)
    return same_bytes_each_time(target.getvalue(), datetime.combine(day, time()))


def one_line(text: str) -> str:
    """A text from a cell as it may stand in a document: no line breaks, nothing that steers, nothing unreadable."""
    return safe_text(harmless(" ".join(text.split())))
