"""Say why a file was refused, find dropped files and sent mails.

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

#: table, index, column, state: each index holds the rows of one state
INDEXES = (
    ("attachments", "ix_attachments_dropped", "id", "dropped"),
    ("outbox_mails", "ix_outbox_mails_sent_at", "sent_at", "sent"),
)


def upgrade() -> None:
    op.add_column("attachments", sa.Column("refusal", sa.String(length=40), nullable=True))
    for table, name, column, state in INDEXES:
        only = sa.text(f"state = '{state}'")
        op.create_index(name, table, [column], postgresql_where=only, sqlite_where=only)


def downgrade() -> None:
    for table, name, _column, _state in INDEXES:
        op.drop_index(name, table_name=table)
    # A dropped file is nobody's: the older version does not know the state.
    op.execute("DELETE FROM attachments WHERE state = 'dropped'")
    with op.batch_alter_table("attachments") as batch_op:
        batch_op.drop_column("refusal")
