"""The plan's text sentence by sentence, each with the rules that check it, and how numbers and days are read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field
from ruamel.yaml import YAML

_INDEX = Path(__file__).with_name("plan_text.yaml")
_TEXT = Path(__file__).parents[1] / "docs" / "计划原文.txt"
_LEFT_BY_THE_WORD_PROCESSOR = "[bookmark: _GoBack]"


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Place(_Model):
    begins: str
    rules: list[str] = Field(default_factory=list)
    note: str = ""


class _Part(_Model):
    at: str
    passages: list[_Place]


class _PlanIndex(_Model):
    """plan_text.yaml: where each sentence begins, the reading of numbers and days, and the plan's oddities."""

    parts: list[_Part]
    law: list[str]
    oddities: list[str]


@dataclass(frozen=True, slots=True)
class Passage:
    """A sentence of the plan, the rules that check it, or why there is nothing in it to check."""

    at: str
    text: str
    rules: tuple[str, ...]
    note: str


@cache
def _plan_index() -> _PlanIndex:
    """The index; raises pydantic's ValidationError where plan_text.yaml is incomplete."""
    return _PlanIndex.model_validate(YAML(typ="safe").load(_INDEX.read_text(encoding="utf-8")))


def headed_readings() -> list[tuple[str, list[str]]]:
    """How the plan's numbers and days are read, and where it does not agree with itself, each under a heading."""
    return [("数字和日期的读法", _plan_index().law), ("不代为更正的地方", _plan_index().oddities)]


def passages() -> list[Passage]:
    """The whole plan in order, no word left out; raises ValueError where a sentence does not begin as indexed."""
    text = " ".join(_TEXT.read_text(encoding="utf-8").replace(_LEFT_BY_THE_WORD_PROCESSOR, "").split())
    places = [(part.at, place) for part in _plan_index().parts for place in part.passages]
    starts = list(beginnings(text, [place.begins for _, place in places]))
    ends = [*starts[1:], len(text)]
    return [Passage(at, text[start:end].strip(), tuple(place.rules), place.note)
            for (at, place), start, end in zip(places, starts, ends, strict=True)]


def beginnings(text: str, words: list[str]) -> Iterator[int]:
    """Where the sentences of these first words begin, the first one with the text itself; raises ValueError."""
    after = 0
    for one in words:
        start = text.find(one, after)
        if start < 0 or (after == 0 and start > 0):
            raise ValueError(f"计划原文中找不到“{one}”，或次序不对；请核对 plan_text.yaml")
        yield start
        after = start + len(one)
