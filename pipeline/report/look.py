"""The look of every workbook: fonts, sizes, colours and margins, kept apart in templates/look.yaml."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field
from ruamel.yaml import YAML

_FILE = Path(__file__).parents[2] / "templates" / "look.yaml"
_CM_PER_INCH = 2.54

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

    title: float
    header: float
    body: float
    note: float


class Colours(_Part):
    """Colours as "#RRGGBB"; none of them carries meaning alone."""

    header_fill: Colour
    required_fill: Colour
    entry_fill: Colour
    given_fill: Colour
    border: Colour
    marked_fill: Colour
    review_fill: Colour
    muted: Colour


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


class Look(_Part):
    """The whole of look.yaml."""

    fonts: Fonts
    sizes: Sizes
    colours: Colours
    margins: Margins


@cache
def look() -> Look:
    """The look, read once; raises pydantic's ValidationError where look.yaml is incomplete."""
    return Look.model_validate(YAML(typ="safe").load(_FILE.read_text(encoding="utf-8")))
