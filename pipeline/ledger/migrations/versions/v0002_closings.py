"""0.2.0: closed quarters. Ledgers that 0.2.0 itself opened have the table already."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add the table of closings where it is not there yet."""
    if "closings" not in sa.inspect(op.get_bind()).get_table_names():
        op.create_table(
            "closings", sa.Column("quarter", sa.Text, primary_key=True), sa.Column("day", sa.Date),
            sa.Column("last_submission", sa.Integer))
