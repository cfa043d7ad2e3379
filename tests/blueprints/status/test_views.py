"""What load balancers are told."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

from heka_portal import create_app
from heka_portal.config import Settings
from heka_portal.extensions import db


def test_the_process_is_up(client) -> None:
    assert client.get("/healthz").json == {"status": "up"}


def test_all_is_ready(client) -> None:
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json["status"]) == (200, "ready")


@pytest.mark.parametrize(("revision", "status"), [("0001", 503), ("from_a_newer_version", 200)])
def test_a_missing_migration_is_not_ready_and_a_newer_database_is(app: Flask, revision: str, status: int) -> None:
    with app.app_context():
        before = db.session.scalar(text("SELECT version_num FROM alembic_version"))
        db.session.execute(text("UPDATE alembic_version SET version_num = :to"), {"to": revision})
        db.session.commit()
    try:
        assert app.test_client().get("/readyz").status_code == status
    finally:
        with app.app_context():
            db.session.execute(text("UPDATE alembic_version SET version_num = :to"), {"to": before})
            db.session.commit()


def test_without_database_or_storage_nothing_is_ready(settings: Settings, tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    lost = settings.model_copy(
        update={"database_url": f"sqlite:///{tmp_path}/none/db.sqlite3", "storage_url": f"file:{blocked}/folder"}
    )
    app = create_app(lost)
    answer = app.test_client().get("/readyz")
    assert answer.status_code == 503
    assert answer.json == {"status": "not ready", "database": "not ready", "storage": "not ready"}
    assert app.test_client().get("/healthz").status_code == 200
