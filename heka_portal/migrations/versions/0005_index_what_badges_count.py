"""Index what the badges and the dashboard count.

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

IS_OPEN = "closed_at IS NULL"
INDEXES = {
    "ix_cases_open_reopened": (["due_at", "id", "region_id", "state"], f"{IS_OPEN} AND reopened_count > 0"),
    "ix_cases_open_unread": (["due_at", "id", "region_id", "handler_id"], f"{IS_OPEN} AND unread_by_staff"),
    "ix_cases_open_awaits": (["awaits", "due_at", "id", "region_id"], IS_OPEN),
    "ix_cases_open_state": (["state", "created_at"], IS_OPEN),
}


def upgrade() -> None:
    for name, (columns, where) in INDEXES.items():
        op.create_index(name, "cases", columns, postgresql_where=sa.text(where), sqlite_where=sa.text(where))


def downgrade() -> None:
    for name in INDEXES:
        op.drop_index(name, "cases")
