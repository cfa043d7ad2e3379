"""Fold the words a case is found by; one index of their trigrams replaces those of words and of trigrams.

A process of the version before can still write, but no longer search.

Revision ID: 0007
Revises: 0006
"""

import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

BATCH = 5000
TEXTS = sa.table(
    "case_texts", sa.column("case_id", sa.BigInteger()), sa.column("body", sa.Text()), sa.column("folded", sa.Text())
)


def folded(text: str) -> str:
    parts = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    signs = (sign for sign in parts if not unicodedata.combining(sign))
    return "".join(sign if sign.isalnum() else " " for sign in signs)


def upgrade() -> None:
    is_postgresql = op.get_bind().dialect.name == "postgresql"
    if is_postgresql:
        op.execute("DROP INDEX ix_case_texts_trigrams")
        op.execute("ALTER TABLE case_texts DROP COLUMN words")
    else:
        drop_index_on_sqlite()
    # The default is for processes of the version before: what they write before their restart is not found.
    op.execute("ALTER TABLE case_texts ADD COLUMN folded TEXT NOT NULL DEFAULT ''")
    fold_texts()
    if is_postgresql:
        op.execute("CREATE INDEX ix_case_texts_folded ON case_texts USING gin (folded gin_trgm_ops)")
    else:
        make_index_on_sqlite("folded")


def fold_texts() -> None:
    """By batches in the order of the key: a million texts are not held at once."""
    bind = op.get_bind()
    page = sa.select(TEXTS.c.case_id, TEXTS.c.body).order_by(TEXTS.c.case_id).limit(BATCH)
    change = (
        sa.update(TEXTS).where(TEXTS.c.case_id == sa.bindparam("id")).values(folded=sa.bindparam("text", type_=sa.Text))
    )
    last = 0
    while rows := bind.execute(page.where(TEXTS.c.case_id > last)).all():
        bind.execute(change, [{"id": case_id, "text": f" {folded(body)} "} for case_id, body in rows])
        last = rows[-1].case_id


def make_index_on_sqlite(column: str) -> None:
    op.execute(
        "CREATE VIRTUAL TABLE case_search USING fts5("
        f"{column}, content='case_texts', content_rowid='case_id', tokenize='trigram')"
    )
    remove = f"INSERT INTO case_search(case_search, rowid, {column}) VALUES ('delete', old.case_id, old.{column});"
    add = f"INSERT INTO case_search(rowid, {column}) VALUES (new.case_id, new.{column});"
    op.execute(f"CREATE TRIGGER case_texts_added AFTER INSERT ON case_texts BEGIN {add} END")
    op.execute(f"CREATE TRIGGER case_texts_removed AFTER DELETE ON case_texts BEGIN {remove} END")
    op.execute(f"CREATE TRIGGER case_texts_changed AFTER UPDATE ON case_texts BEGIN {remove} {add} END")
    op.execute("INSERT INTO case_search(case_search) VALUES ('rebuild')")


def drop_index_on_sqlite() -> None:
    for name in ("case_texts_added", "case_texts_removed", "case_texts_changed"):
        op.execute(f"DROP TRIGGER {name}")
    op.execute("DROP TABLE case_search")


def downgrade() -> None:
    is_postgresql = op.get_bind().dialect.name == "postgresql"
    if not is_postgresql:
        drop_index_on_sqlite()
    op.execute("ALTER TABLE case_texts DROP COLUMN folded")
    if is_postgresql:
        op.execute(
            "ALTER TABLE case_texts ADD COLUMN words tsvector GENERATED ALWAYS AS (to_tsvector('finnish', body)) STORED"
        )
        op.execute("CREATE INDEX ix_case_texts_words ON case_texts USING gin (words)")
        op.execute("CREATE INDEX ix_case_texts_trigrams ON case_texts USING gin (body gin_trgm_ops)")
    else:
        make_index_on_sqlite("body")
