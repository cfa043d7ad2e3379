"""Resident notices: texts, audiences, files, read marks, the progress of their mails; mail that can wait.

Revision ID: 0012
Revises: 0011
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

BigKey = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TABLES = ("notice_mailings", "notice_readings", "notice_files", "notice_texts", "notice_audiences", "notices")


def _partial(name: str, table: str, columns: list[str], where: str) -> None:
    op.create_index(name, table, columns, postgresql_where=sa.text(where), sqlite_where=sa.text(where))


def _foreign(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}_{target}"))


def upgrade() -> None:
    op.create_table(
        "notices",
        sa.Column("id", BigKey, nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("visible_from", sa.DateTime(timezone=True)),
        sa.Column("visible_to", sa.DateTime(timezone=True)),
        sa.Column("happens_from", sa.DateTime(timezone=True)),
        sa.Column("happens_to", sa.DateTime(timezone=True)),
        sa.Column("is_pinned", sa.Boolean(), nullable=False),
        sa.Column("is_urgent", sa.Boolean(), nullable=False),
        sa.Column("asks_acknowledgement", sa.Boolean(), nullable=False),
        sa.Column("lease_term", sa.String(40)),
        sa.Column("main_tenants_only", sa.Boolean(), nullable=False),
        sa.Column("author_id", BigKey, nullable=False),
        sa.Column("correction_of_id", BigKey),
        sa.Column("form_key", sa.String(64)),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True)),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True)),
        sa.Column("version", BigKey, nullable=False),
        sa.CheckConstraint("visible_to > visible_from", name=op.f("ck_notices_ends_after_start")),
        sa.CheckConstraint("happens_to > happens_from", name=op.f("ck_notices_happens_after_start")),
        sa.CheckConstraint(
            "state NOT IN ('scheduled', 'published', 'ended') OR (visible_from IS NOT NULL AND visible_to IS NOT NULL)",
            name=op.f("ck_notices_told_has_its_time"),
        ),
        _foreign("notices", "author_id", "accounts"),
        _foreign("notices", "correction_of_id", "notices"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
        sa.UniqueConstraint("form_key", name=op.f("uq_notices_form_key")),
    )
    op.create_index("ix_notices_author_id_id", "notices", ["author_id", "id"])
    op.create_index("ix_notices_state_id", "notices", ["state", "id"])
    op.create_index("ix_notices_correction_of_id", "notices", ["correction_of_id"])
    _partial("ix_notices_scheduled", "notices", ["visible_from", "id"], "state = 'scheduled'")
    _partial("ix_notices_published", "notices", ["visible_to", "id"], "state = 'published'")
    op.create_table(
        "notice_audiences",
        sa.Column("id", BigKey, nullable=False),
        sa.Column("notice_id", BigKey, nullable=False),
        sa.Column("region_id", BigKey),
        sa.Column("building_id", BigKey),
        sa.Column("staircase", sa.String(10)),
        sa.Column("visible_from", sa.DateTime(timezone=True)),
        sa.CheckConstraint("region_id IS NULL OR building_id IS NULL", name=op.f("ck_notice_audiences_one_place")),
        sa.CheckConstraint(
            "staircase IS NULL OR building_id IS NOT NULL", name=op.f("ck_notice_audiences_staircase_of_a_building")
        ),
        _foreign("notice_audiences", "notice_id", "notices"),
        _foreign("notice_audiences", "region_id", "regions"),
        _foreign("notice_audiences", "building_id", "buildings"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_audiences")),
    )
    for place in ("region_id", "building_id"):
        op.create_index(f"ix_notice_audiences_{place}_visible_from", "notice_audiences", [place, "visible_from"])
    op.create_index("ix_notice_audiences_notice_id", "notice_audiences", ["notice_id"])
    _partial(
        "ix_notice_audiences_everyone",
        "notice_audiences",
        ["visible_from"],
        "region_id IS NULL AND building_id IS NULL",
    )
    op.create_table(
        "notice_texts",
        sa.Column("notice_id", BigKey, nullable=False),
        sa.Column("language", sa.String(40), nullable=False),
        sa.Column("title", sa.String(120), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        _foreign("notice_texts", "notice_id", "notices"),
        sa.PrimaryKeyConstraint("notice_id", "language", name=op.f("pk_notice_texts")),
    )
    op.create_table(
        "notice_files",
        sa.Column("notice_id", BigKey, nullable=False),
        sa.Column("attachment_id", BigKey, nullable=False),
        sa.Column("language", sa.String(40)),
        _foreign("notice_files", "attachment_id", "attachments"),
        _foreign("notice_files", "notice_id", "notices"),
        sa.PrimaryKeyConstraint("notice_id", "attachment_id", name=op.f("pk_notice_files")),
    )
    op.create_index("ix_notice_files_attachment_id", "notice_files", ["attachment_id"])
    op.create_table(
        "notice_readings",
        sa.Column("notice_id", BigKey, nullable=False),
        sa.Column("account_id", BigKey, nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True)),
        _foreign("notice_readings", "notice_id", "notices"),
        _foreign("notice_readings", "account_id", "accounts"),
        sa.PrimaryKeyConstraint("notice_id", "account_id", name=op.f("pk_notice_readings")),
    )
    op.create_index("ix_notice_readings_account_id", "notice_readings", ["account_id"])
    _partial(
        "ix_notice_readings_acknowledged",
        "notice_readings",
        ["notice_id", "acknowledged_at", "account_id"],
        "acknowledged_at IS NOT NULL",
    )
    op.create_table(
        "notice_mailings",
        sa.Column("notice_id", BigKey, nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("after_apartment_id", BigKey, nullable=False),
        sa.Column("queued", BigKey, nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True)),
        _foreign("notice_mailings", "notice_id", "notices"),
        sa.PrimaryKeyConstraint("notice_id", name=op.f("pk_notice_mailings")),
    )
    _partial("ix_notice_mailings_unfinished", "notice_mailings", ["notice_id"], "finished_at IS NULL")
    op.add_column("outbox_mails", sa.Column("is_bulk", sa.Boolean(), server_default=sa.false(), nullable=False))
    _partial(
        "ix_outbox_mails_due_first",
        "outbox_mails",
        ["next_try_at", "id"],
        "state IN ('waiting', 'sending') AND NOT is_bulk",
    )


def downgrade() -> None:
    op.drop_index("ix_outbox_mails_due_first", "outbox_mails")
    op.drop_column("outbox_mails", "is_bulk")
    for table in TABLES:
        op.drop_table(table)
