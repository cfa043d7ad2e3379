"""`/healthz`: the process is up. `/readyz`: the database, its migrations and the storage are as this version needs."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from alembic.script import ScriptDirectory
from flask import Blueprint, current_app, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from heka_portal.extensions import db
from heka_portal.integrations.storage import StorageError
from heka_portal.web.access import public
from heka_portal.web.files import storage

bp = Blueprint("status", __name__)

_REVISION = text("SELECT version_num FROM alembic_version")


@bp.get("/healthz")
@public
def health() -> ResponseReturnValue:
    """Whether the process answers."""
    return jsonify(status="up")


@bp.get("/readyz")
@public
def ready() -> ResponseReturnValue:
    """Whether the portal can serve; a newer database is fine, for the old version serves while the new one migrates."""
    checks = {"database": _is_database_ready(), "storage": _is_storage_ready()}
    is_ready = all(checks.values())
    words = {name: "ready" if works else "not ready" for name, works in checks.items()}
    return jsonify(status="ready" if is_ready else "not ready", **words), 200 if is_ready else 503


@lru_cache(maxsize=1)
def _known_revisions(folder: str) -> tuple[str, frozenset[str]]:
    """This version's newest migration, and all it knows."""
    script = ScriptDirectory(folder)
    return script.get_current_head() or "", frozenset(one.revision for one in script.walk_revisions())


def _is_database_ready() -> bool:
    """None of this version's migrations is missing: the database is at our newest, or at one we do not know yet."""
    head, known = _known_revisions(str(Path(current_app.root_path) / "migrations"))
    try:
        with db.engine.connect() as connection:
            current = connection.execute(_REVISION).scalar()
    except SQLAlchemyError:
        return False
    return current == head or (current is not None and current not in known)


def _is_storage_ready() -> bool:
    try:
        storage().check()
    except StorageError:
        return False
    return True
