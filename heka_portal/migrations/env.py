"""Runs the migrations on both databases.

SQLite: a batch change rebuilds a table, which fails under `foreign_keys=ON`; the pragma is switched off before the
transaction begins, and every reference is checked before it is switched on again.
"""

from __future__ import annotations

from typing import Any

from alembic import context
from flask import current_app
from sqlalchemy import Connection

from heka_portal.database import BigKey, Code, UtcDateTime
from heka_portal.keyring import Encrypted

#: raw DDL of one database only (search indexes): not the models' business
ONLY_THERE = ("case_search", "ix_case_texts_", "sqlite_")


def include_object(item: Any, name: str | None, kind: str, reflected: bool, compare_to: Any) -> bool:
    """Keep what only one database has away from autogenerate."""
    return not (name or "").startswith(ONLY_THERE)


def render_item(kind: str, item: Any, autogen_context: Any) -> Any:
    """Write our column types as the plain types they are stored in: a migration outlives its models."""
    if kind != "type":
        return False
    if isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if isinstance(item, Code):
        return "sa.String(length=40)"
    if isinstance(item, Encrypted):
        return "sa.Text()"
    if item is BigKey or repr(item) == repr(BigKey):
        return 'sa.BigInteger().with_variant(sa.Integer(), "sqlite")'
    return False


def compare_type(ctx: Any, column: Any, reflected: Any, inspected: Any, own: Any) -> bool | None:
    """BigKey is INTEGER on SQLite by intent."""
    if ctx.dialect.name == "sqlite" and "BIGINT" in (str(inspected).upper(), str(own.compile(ctx.dialect)).upper()):
        return False
    return None


def run(connection: Connection) -> None:
    """All migrations in one transaction."""
    db = current_app.extensions["migrate"].db
    context.configure(
        connection=connection,
        target_metadata=db.metadata,
        include_object=include_object,
        render_item=render_item,
        compare_type=compare_type,
        render_as_batch=True,
        transaction_per_migration=False,
    )
    with context.begin_transaction():
        context.run_migrations()


def run_on_sqlite(connection: Connection) -> None:
    """The same with references unchecked meanwhile, then checked as a whole."""
    driver: Any = connection.connection.driver_connection
    driver.execute("PRAGMA foreign_keys = OFF")
    try:
        run(connection)
        broken = driver.execute("PRAGMA foreign_key_check").fetchall()
        if broken:
            raise RuntimeError(f"a migration left broken references: {broken[:5]}")
    finally:
        driver.execute("PRAGMA foreign_keys = ON")


#: `flask db copy` migrates a database that is not the application's own
engine = context.config.attributes.get("engine") or current_app.extensions["migrate"].db.engine

with engine.connect() as started:
    run_on_sqlite(started) if started.dialect.name == "sqlite" else run(started)
