"""Find the identifications of a session: whoever strengthens it identifies anew.

Revision ID: 0008
Revises: 0007
"""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_identifications_login_session_id", "identifications", ["login_session_id"])


def downgrade() -> None:
    op.drop_index("ix_identifications_login_session_id", "identifications")
