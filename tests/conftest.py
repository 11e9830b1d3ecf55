"""What several folders of tests share."""

from collections.abc import Iterator

import pytest

from tests.support import desk, workbooks
from tests.support.postgres import postgres  # noqa: F401


@pytest.fixture
def ledger_on(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """On which database the ledgers of this test are: ask for it by `tests.support.databases.on_both`."""
    if request.param == "SQLite":
        yield request.param
        return
    server = request.getfixturevalue("postgres")
    monkeypatch.setattr(workbooks, "ledger_url", server.database)
    monkeypatch.setattr(desk, "empty_ledger", server.empty_ledger)
    yield request.param
    server.leave_corners()
