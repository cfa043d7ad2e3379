"""Keep what happens in buildings, and the links by which it is read in one's own calendar.

Revision ID: 0017
Revises: 0016
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "building_events",
        sa.Column("id", KEY, primary_key=True),
        sa.Column("building_id", KEY, sa.ForeignKey("buildings.id"), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("staircase", sa.String(10)),
        sa.Column("title_fi", sa.String(120), nullable=False),
        sa.Column("title_sv", sa.String(120)),
        sa.Column("title_en", sa.String(120)),
        sa.Column("details_fi", sa.Text()),
        sa.Column("details_sv", sa.Text()),
        sa.Column("details_en", sa.Text()),
        sa.Column("place", sa.String(120)),
        sa.Column("starts_at", MOMENT, nullable=False),
        sa.Column("ends_at", MOMENT, nullable=False),
        sa.Column("is_all_day", sa.Boolean(), nullable=False),
        sa.Column("form_key", sa.String(64), nullable=False, unique=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("created_by_id", KEY, sa.ForeignKey("accounts.id"), nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.Column("cancelled_at", MOMENT),
        sa.Column("version", KEY, nullable=False),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_building_events_ends_after_start")),
    )
    op.create_index("ix_building_events_building_id_ends_at", "building_events", ["building_id", "ends_at", "id"])
    op.create_table(
        "calendar_links",
        sa.Column("id", KEY, primary_key=True),
        sa.Column("account_id", KEY, sa.ForeignKey("accounts.id"), nullable=False),
        sa.Column("building_id", KEY, sa.ForeignKey("buildings.id"), nullable=False),
        sa.Column("language", sa.String(40), nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False, unique=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("last_used_at", MOMENT),
        sa.Column("expires_at", MOMENT, nullable=False),
    )
    op.create_index(
        "uq_calendar_links_account_id_building_id", "calendar_links", ["account_id", "building_id"], unique=True
    )
    op.create_index("ix_calendar_links_expires_at", "calendar_links", ["expires_at"])


def downgrade() -> None:
    op.drop_table("calendar_links")
    op.drop_table("building_events")
