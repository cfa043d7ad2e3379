"""Add feedback on accessibility, and the landlord's texts with their first versions.

Revision ID: 0013
Revises: 0012
"""

from datetime import UTC, date, datetime
from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TABLE = "landlord_texts"
KINDS = ("privacy", "terms")
LANGUAGES = ("fi", "sv", "en")
#: the first versions, a file for each kind and language
TEXTS = Path(__file__).parent.parent / "texts"
SINCE = date(2026, 11, 24)


def upgrade() -> None:
    op.create_table(
        "accessibility_feedback",
        sa.Column("id", KEY, primary_key=True),
        sa.Column("page", sa.String(length=300), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("language", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by_id", KEY, nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("form_key", sa.String(length=64), nullable=False),
        sa.CheckConstraint(
            "answered_by_id IS NULL OR answered_at IS NOT NULL",
            name=op.f("ck_accessibility_feedback_answered_by_somebody"),
        ),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["accounts.id"], name=op.f("fk_accessibility_feedback_answered_by_id_accounts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accessibility_feedback")),
        sa.UniqueConstraint("form_key", name=op.f("uq_accessibility_feedback_form_key")),
    )
    for name, column, condition in (
        ("ix_accessibility_feedback_open", "due_at", "answered_at IS NULL"),
        ("ix_accessibility_feedback_answered", "answered_at", "answered_at IS NOT NULL"),
    ):
        only = sa.text(condition)
        op.create_index(name, "accessibility_feedback", [column, "id"], postgresql_where=only, sqlite_where=only)
    texts = op.create_table(
        TABLE,
        sa.Column("id", KEY, primary_key=True),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("language", sa.String(length=40), nullable=False),
        sa.Column("version", KEY, nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_by_id", KEY, nullable=True),
        sa.CheckConstraint("version > 0", name=op.f("ck_landlord_texts_counts_from_one")),
        sa.ForeignKeyConstraint(
            ["published_by_id"], ["accounts.id"], name=op.f("fk_landlord_texts_published_by_id_accounts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_landlord_texts")),
    )
    op.create_index("uq_landlord_texts_kind_language_version", TABLE, ["kind", "language", "version"], unique=True)
    op.bulk_insert(texts, [first_version(kind, language) for kind in KINDS for language in LANGUAGES])
    guard()


def first_version(kind: str, language: str) -> dict[str, object]:
    return {
        "kind": kind,
        "language": language,
        "version": 1,
        "body": (TEXTS / f"{kind}.{language}.md").read_text(encoding="utf-8").strip(),
        "valid_from": SINCE,
        "published_at": datetime(SINCE.year, SINCE.month, SINCE.day, tzinfo=UTC),
    }


def guard() -> None:
    """Let no version change. A copy into another database takes these first versions away before it brings its own."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"CREATE TRIGGER {TABLE}_no_update BEFORE UPDATE ON {TABLE} "
            "FOR EACH ROW EXECUTE FUNCTION heka_append_only()"
        )
    else:
        op.execute(
            f"CREATE TRIGGER {TABLE}_no_update BEFORE UPDATE ON {TABLE} "
            f"BEGIN SELECT RAISE(ABORT, '{TABLE} is append-only'); END"
        )


def downgrade() -> None:
    # its trigger goes with the table
    op.drop_table(TABLE)
    op.drop_table("accessibility_feedback")
