"""Keep what people ask for: copies of their own data.

Revision ID: 0015
Revises: 0014
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "data_exports",
        sa.Column("id", KEY, primary_key=True),
        sa.Column("key", sa.String(43), nullable=False, unique=True),
        sa.Column("account_id", KEY, sa.ForeignKey("accounts.id"), nullable=False),
        sa.Column("person_id", KEY, sa.ForeignKey("people.id"), nullable=False),
        sa.Column("language", sa.String(40), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("attempts", KEY, nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("next_try_at", MOMENT, nullable=False),
        sa.Column("storage_key", sa.String(120)),
        sa.Column("size", KEY),
        sa.Column("ready_at", MOMENT),
        sa.Column("expires_at", MOMENT),
    )
    op.create_index("ix_data_exports_account_id_id", "data_exports", ["account_id", "id"])
    for name, columns, where in (
        ("ix_data_exports_waiting", ["next_try_at", "id"], "state = 'waiting'"),
        ("ix_data_exports_stored", ["expires_at", "id"], "storage_key IS NOT NULL"),
    ):
        op.create_index(name, "data_exports", columns, postgresql_where=sa.text(where), sqlite_where=sa.text(where))


def downgrade() -> None:
    op.drop_table("data_exports")
