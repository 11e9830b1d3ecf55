"""0.3.0: what was read from each file is chained by hashes, each run says which version read it, and persons can be purged.

`opening` fills the new column once the schema is the present one.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add columns and table; the schema's version now stands in alembic's own table."""
    op.add_column("submissions", sa.Column("contents", sa.Text))
    op.add_column("runs", sa.Column("version", sa.Text))
    op.drop_table("schema_versions")
    op.create_table("tombstones", sa.Column("token", sa.Text, primary_key=True), sa.Column("salt", sa.Text), sa.Column("code", sa.Text))
