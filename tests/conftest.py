"""What several folders of tests share."""

import pytest

from tests.support import desk, workbooks
from tests.support.postgres import postgres  # noqa: F401


@pytest.fixture
def ledger_on(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """On which database the ledgers of this test are: ask for it by `tests.support.databases.on_both`."""
    if request.param == "PostgreSQL":
        server = request.getfixturevalue("postgres")
        monkeypatch.setattr(workbooks, "ledger_url", server.database)
        monkeypatch.setattr(desk, "empty_ledger", server.empty_ledger)
    return request.param
