"""What several folders of tests share."""

from tests.support.postgres import postgres  # noqa: F401
