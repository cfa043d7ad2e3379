"""The Heka resident portal: an application factory over shared models."""

from __future__ import annotations

import os
from pathlib import Path

from flask import Flask

from heka_portal import config, database, models
from heka_portal.extensions import csrf, db, migrate
from heka_portal.keyring import EXTENSION as KEYRING
from heka_portal.keyring import Keyring

__all__ = ["create_app", "models"]


def create_app(settings: config.Settings | None = None) -> Flask:
    """The application of these settings (default: the environment's). Raises SettingsError."""
    settings = settings or config.load_settings(os.environ)
    app = Flask(__name__, instance_path=str(settings.instance_path.resolve()))
    app.config.from_mapping(flask_settings(settings))
    app.extensions["heka_settings"] = settings
    app.extensions[KEYRING] = Keyring(settings.data_keys, settings.lookup_key)
    db.init_app(app)
    database.init_app(app, db)
    migrate.init_app(app, db, directory=str(Path(app.root_path) / "migrations"))
    csrf.init_app(app)
    return app


def flask_settings(settings: config.Settings) -> dict[str, object]:
    """What the libraries call our settings."""
    secure = settings.is_secure
    return {
        "SECRET_KEY": settings.secret_key,
        "TESTING": settings.environment == "testing",
        "DEBUG": settings.debug,
        "SQLALCHEMY_DATABASE_URI": settings.database,
        "SQLALCHEMY_ENGINE_OPTIONS": engine_options(settings),
        "SESSION_COOKIE_NAME": "__Host-visit" if secure else "visit",
        "SESSION_COOKIE_SECURE": secure,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "MAX_CONTENT_LENGTH": 130 * 1024 * 1024,
        "MAX_FORM_MEMORY_SIZE": 1024 * 1024,
        "MAX_FORM_PARTS": 200,
        "WTF_CSRF_TIME_LIMIT": None,
        "WTF_CSRF_SSL_STRICT": True,
        "TRUSTED_HOSTS": None,
    }


def engine_options(settings: config.Settings) -> dict[str, object]:
    """Connections: checked before use; SQLite's are opened anew by each thread."""
    if settings.database.startswith("sqlite"):
        return {}
    return {"pool_size": settings.database_pool_size, "max_overflow": 2, "pool_pre_ping": True, "pool_timeout": 5}
