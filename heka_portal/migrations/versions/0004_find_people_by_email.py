"""Find people by the register's email.

Revision ID: 0004
Revises: 0003
"""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_people_register_email", "people", ["register_email"])


def downgrade() -> None:
    op.drop_index("ix_people_register_email", table_name="people")
