"""The ledger of 0.1.0; it was made by the program itself, so that there is nothing to do."""

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Nothing: this is where every ledger begins."""
