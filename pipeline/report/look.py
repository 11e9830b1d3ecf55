"""The look of every workbook: fonts, sizes, colours and margins, kept apart in templates/look.yaml."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field
from ruamel.yaml import YAML

from pipeline.files import TEMPLATES

_FILE = TEMPLATES / "look.yaml"
_CM_PER_INCH = 2.54
_PADDING = 0.7  # of a column beside its characters

Colour = Annotated[str, Field(pattern="^#[0-9A-F]{6}$")]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Fonts(_Part):
    """Typefaces by use."""

    title: str
    header: str
    body: str


class Sizes(_Part):
    """Type sizes in points."""

    cover: float
    title: float
    header: float
    body: float
    note: float
    small: float


class Colours(_Part):
    """Colours as "#RRGGBB"; none of them carries meaning alone."""

    header_fill: Colour
    required_fill: Colour
    entry_fill: Colour
    given_fill: Colour
    total_fill: Colour
    border: Colour
    rule: Colour
    link: Colour
    marked_fill: Colour
    review_fill: Colour
    settled_fill: Colour
    muted: Colour
    chart_actual: Colour
    chart_target: Colour


class Margins(_Part):
    """Margins of the printed page in centimetres."""

    left: float
    right: float
    top: float
    bottom: float

    @property
    def inches(self) -> dict[str, float]:
        """The four margins as Excel wants them."""
        return {side: round(width / _CM_PER_INCH, 2) for side, width in self.model_dump().items()}


class ColumnLook(_Part):
    """One kind of column; the width is in half-width characters."""

    width: float
    align: Literal["left", "center", "right"] = "center"
    number: str = "General"
    grows: bool = False


class Look(_Part):
    """The whole of look.yaml."""

    fonts: Fonts
    sizes: Sizes
    colours: Colours
    margins: Margins
    least_scale: float
    sheet_width: float
    receipt_widths: tuple[float, ...]
    columns: dict[str, ColumnLook]

    def spread(self, kinds: Sequence[str]) -> list[float]:
        """The widths of columns of these kinds; what is left of the sheet's width goes to those that grow."""
        widths = [self.columns[kind].width for kind in kinds]
        takers = {at for at, kind in enumerate(kinds) if self.columns[kind].grows} or set(range(len(kinds)))
        spare = self.sheet_width - sum(width + _PADDING for width in widths)
        share = max(spare, 0) / sum(widths[at] for at in takers)
        return [round(width * (1 + share * (at in takers)), 1) for at, width in enumerate(widths)]


@cache
def look() -> Look:
    """The look, read once; raises pydantic's ValidationError where look.yaml is incomplete."""
    return Look.model_validate(YAML(typ="safe").load(_FILE.read_text(encoding="utf-8")))
