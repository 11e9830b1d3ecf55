"""docs/scale.md from what was measured and reckoned; the words stand in page.md.j2."""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, StrictUndefined

from benchmarks.scale.measured import NEW, Measured
from benchmarks.scale.reckoned import CORES, PLACES, unit


def page(found: Measured, machine: str) -> str:
    """The whole page."""
    words = Environment(  # a page of Markdown that we write ourselves
        undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True, autoescape=False)  # noqa: S701
    template = words.from_string((Path(__file__).with_name("page.md.j2")).read_text("utf-8"))
    district, by_district, one_ledger, nation, _ = PLACES
    return template.render(
        found=found, one=unit(found), machine=machine, new=NEW, cores=CORES, places=PLACES, district=district,
        by_district=by_district, one_ledger=one_ledger, nation=nation)
