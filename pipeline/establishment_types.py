"""What a type of establishment means: its row of the plan's table and the engineers it must have."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Annotated, Literal

from pydantic import Field

from pipeline.policy import Model

Boundary = Literal["above", "below"]  # where an establishment of exactly the limit stands
Rounding = Literal["ceil", "floor", "round"]
DutyRule = Literal["D01", "D02", "D03", "D05"]

_ROUND: dict[Rounding, Callable[[float], int]] = {
    "ceil": math.ceil, "floor": math.floor, "round": lambda number: math.floor(number + 0.5),
}


class EstablishmentType(Model):
    """Which sector an establishment belongs to and how many engineers the law asks for."""

    sector: str
    from_headcount: Annotated[int, Field(ge=0)] | None = None
    sector_below: str | None = None
    required: Annotated[int, Field(ge=0)] = 0
    required_percent: Annotated[int, Field(ge=0, le=100)] = 0
    duty: DutyRule | None = None  # the rule by which it is judged

    def sector_for(self, headcount: float, boundary: Boundary) -> str:
        """The table row of an establishment of this size."""
        return self.sector_below or self.sector if self._is_below(headcount, boundary) else self.sector

    def required_for(self, headcount: float, service_staff: float, boundary: Boundary, rounding: Rounding) -> int:
        """Engineers the law asks for (计划二（一）（二））."""
        if self._is_below(headcount, boundary):
            return 0
        return max(self.required, _ROUND[rounding](service_staff * self.required_percent / 100))

    def _is_below(self, headcount: float, boundary: Boundary) -> bool:
        limit = self.from_headcount
        if limit is None:
            return False
        return headcount < limit or (boundary == "below" and headcount == limit)
