"""Hear the statements that an application sends to its database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask
from sqlalchemy import event

from heka_portal.extensions import db

#: what opens and closes transactions is not counted: a statement is what reads or writes rows
NOT_COUNTED = ("BEGIN", "SAVEPOINT", "RELEASE", "ROLLBACK", "COMMIT", "PRAGMA")


@contextmanager
def heard(app: Flask, hear: Callable[[str, Any], None]) -> Iterator[None]:
    """Tell `hear` of each statement and its parameters while the block runs."""

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        hear(statement, parameters)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield
    finally:
        event.remove(engine, "before_cursor_execute", note)


@contextmanager
def counted(app: Flask) -> Iterator[list[str]]:
    """The statements sent while the block runs, those that count."""
    statements: list[str] = []

    def keep(statement: str, _parameters: Any) -> None:
        if not statement.lstrip().upper().startswith(NOT_COUNTED):
            statements.append(statement)

    with heard(app, keep):
        yield statements
