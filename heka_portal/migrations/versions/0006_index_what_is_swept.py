"""Index what the worker sweeps: files that lie in quarantine, sessions whose address is still kept.

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

INDEXES = {
    "ix_attachments_raw_key": ("attachments", ["raw_key"], "raw_key IS NOT NULL"),
    "ix_login_sessions_located": ("login_sessions", ["created_at", "id"], "ip_address IS NOT NULL"),
}


def upgrade() -> None:
    for name, (table, columns, where) in INDEXES.items():
        op.create_index(name, table, columns, postgresql_where=sa.text(where), sqlite_where=sa.text(where))


def downgrade() -> None:
    for name, (table, _columns, _where) in INDEXES.items():
        op.drop_index(name, table)
