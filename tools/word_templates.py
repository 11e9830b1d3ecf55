"""The Word templates: `python -m tools.word_templates` writes templates/*.docx anew, the same bytes each time."""

from __future__ import annotations

from pathlib import Path

from tools.briefing_template import briefing_template
from tools.form_templates import certificate_form, talent_form

FOLDER = Path(__file__).parents[1] / "templates"
TEMPLATES = {"通报.docx": briefing_template, "申请表2-1.docx": certificate_form, "申请表2-2.docx": talent_form}


def main() -> None:
    """Write every template."""
    for name, make in TEMPLATES.items():
        (FOLDER / name).write_bytes(make())


if __name__ == "__main__":
    main()
