"""What the tests of a city's runs share."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline import monthly
from pipeline.city.offices import City
from tests.support.city import EAST, WEST, city


@pytest.fixture
def whole(tmp_path: Path) -> City:
    """A city whose runs write all their papers."""
    return city(tmp_path)


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> City:
    """A city of two districts that write no papers, which takes a third of the time."""
    monkeypatch.setattr(monthly, "published", lambda _, outcome: outcome)
    return city(tmp_path, (EAST, WEST))
