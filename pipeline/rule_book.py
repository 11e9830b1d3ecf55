"""The rule book as data: every checkable sentence of the plan with its condition and the decision taken."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field
from ruamel.yaml import YAML

_FILE = Path(__file__).with_name("rule_book.yaml")


class Article(BaseModel):
    """One row of the rule book; `severity` has 退回, 复核 and 提示 for findings and 名单 for lists."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    clause: str
    words: str = ""
    condition: str
    severity: list[str]
    decision: str = ""
    switches: list[str] = Field(default_factory=list)
    example: str = ""  # the rule whose scenarios show this one too
    told: list[str] = Field(default_factory=list)  # what units are told by other parts than the rules, … for values


class Chapter(BaseModel):
    """A part of the book with its articles."""

    chapter: str
    rules: list[Article]


@cache
def rule_book() -> list[Chapter]:
    """The book in the order of the plan; raises pydantic's ValidationError where rule_book.yaml is incomplete."""
    return [Chapter.model_validate(one) for one in YAML(typ="safe").load(_FILE.read_text(encoding="utf-8"))]
