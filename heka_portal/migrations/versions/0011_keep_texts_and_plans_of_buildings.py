"""Keep texts, rescue plans and documents of buildings.

Revision ID: 0011
Revises: 0010
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
IS_TELLING = sa.text("told_to_id IS NOT NULL")


def _key(name: str, target: str | None = None, *, table: str = "", nullable: bool = False) -> list:
    column = sa.Column(name, KEY, nullable=nullable)
    if target is None:
        return [column]
    return [column, sa.ForeignKeyConstraint([name], [f"{target}.id"], name=f"fk_{table}_{name}_{target}")]


def _table(name: str, *parts) -> None:
    op.create_table(name, *_key("id"), *parts, sa.PrimaryKeyConstraint("id", name=f"pk_{name}"))


def upgrade() -> None:
    table = "building_texts"
    _table(
        table,
        *_key("building_id", "buildings", table=table),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("language", sa.String(40), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        *_key("updated_by_id", "accounts", table=table),
    )
    op.create_index(
        "uq_building_texts_building_id_kind_language", table, ["building_id", "kind", "language"], unique=True
    )

    table = "rescue_plans"
    _table(
        table,
        *_key("building_id", "buildings", table=table),
        sa.Column("version", KEY, nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("valid_from", sa.Date()),
        sa.Column("created_at", MOMENT, nullable=False),
        *_key("created_by_id", "accounts", table=table),
        sa.Column("published_at", MOMENT),
        *_key("published_by_id", "accounts", table=table, nullable=True),
        sa.Column("withdrawn_at", MOMENT),
        sa.Column("told_to_id", KEY),
        sa.CheckConstraint(
            "state = 'draft' OR (valid_from IS NOT NULL AND published_at IS NOT NULL AND published_by_id IS NOT NULL)",
            name=op.f("ck_rescue_plans_published_is_dated"),
        ),
        sa.CheckConstraint(
            "(state = 'withdrawn') = (withdrawn_at IS NOT NULL)", name=op.f("ck_rescue_plans_withdrawn_is_dated")
        ),
    )
    op.create_index("uq_rescue_plans_building_id_version", table, ["building_id", "version"], unique=True)
    op.create_index(
        "ix_rescue_plans_telling", table, ["valid_from", "id"], postgresql_where=IS_TELLING, sqlite_where=IS_TELLING
    )

    table = "rescue_plan_texts"
    _table(
        table,
        *_key("plan_id", "rescue_plans", table=table),
        sa.Column("language", sa.String(40), nullable=False),
        sa.Column("risks", sa.Text(), nullable=False),
        sa.Column("arrangements", sa.Text(), nullable=False),
        sa.Column("instructions", sa.Text(), nullable=False),
        sa.Column("preparedness", sa.Text(), nullable=False),
        *_key("attachment_id", "attachments", table=table, nullable=True),
    )
    op.create_index("uq_rescue_plan_texts_plan_id_language", table, ["plan_id", "language"], unique=True)
    op.create_index("uq_rescue_plan_texts_attachment_id", table, ["attachment_id"], unique=True)

    table = "rescue_plan_readings"
    _table(
        table,
        *_key("plan_id", "rescue_plans", table=table),
        *_key("account_id", "accounts", table=table),
        sa.Column("read_at", MOMENT, nullable=False),
    )
    op.create_index("uq_rescue_plan_readings_plan_id_account_id", table, ["plan_id", "account_id"], unique=True)
    op.create_index("ix_rescue_plan_readings_account_id", table, ["account_id"])

    table = "building_documents"
    _table(
        table,
        *_key("building_id", "buildings", table=table, nullable=True),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("audience", sa.String(40), nullable=False),
        sa.Column("language", sa.String(40), nullable=False),
        sa.Column("title_fi", sa.String(160), nullable=False),
        sa.Column("title_sv", sa.String(160)),
        sa.Column("title_en", sa.String(160)),
        *_key("attachment_id", "attachments", table=table, nullable=True),
        sa.Column("form_key", sa.String(64), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        *_key("created_by_id", "accounts", table=table),
        sa.Column("removed_at", MOMENT),
        sa.CheckConstraint(
            "(audience = 'everyone') = (building_id IS NULL)",
            name=op.f("ck_building_documents_everyone_has_no_building"),
        ),
        sa.CheckConstraint(
            "(removed_at IS NULL) = (attachment_id IS NOT NULL)", name=op.f("ck_building_documents_removed_has_no_file")
        ),
        sa.UniqueConstraint("form_key", name=op.f("uq_building_documents_form_key")),
    )
    op.create_index("ix_building_documents_building_id", table, ["building_id", "kind", "id"])
    op.create_index("uq_building_documents_attachment_id", table, ["attachment_id"], unique=True)


def downgrade() -> None:
    for table in (
        "building_documents",
        "rescue_plan_readings",
        "rescue_plan_texts",
        "rescue_plans",
        "building_texts",
    ):
        op.drop_table(table)
