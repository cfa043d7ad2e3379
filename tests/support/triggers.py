"""The triggers that a database has, each as `table.trigger`."""

from __future__ import annotations

from sqlalchemy import Connection, text

ASKED = {
    "sqlite": "SELECT tbl_name || '.' || name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": (
        "SELECT relname || '.' || tgname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid"
        " WHERE NOT tgisinternal AND relnamespace = 'public'::regnamespace"
    ),
}


def triggers(connection: Connection) -> set[str]:
    """All triggers of our own."""
    return set(connection.execute(text(ASKED[connection.dialect.name])).scalars())
