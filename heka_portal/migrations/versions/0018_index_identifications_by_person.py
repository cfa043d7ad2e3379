"""Find the identifications of a person: a copy of own data holds them.

Revision ID: 0018
Revises: 0017
"""

from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_identifications_person_id", "identifications", ["person_id"])


def downgrade() -> None:
    op.drop_index("ix_identifications_person_id", "identifications")
