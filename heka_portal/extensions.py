"""Instances of the libraries; each is bound to an application in `create_app`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from flask import Flask, current_app
from flask_babel import Babel
from flask_login import LoginManager
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect

from heka_portal import database
from heka_portal.config import Settings
from heka_portal.database import Base, PortalSession, listen_to
from heka_portal.keyring import EXTENSION as KEYRING
from heka_portal.keyring import Keyring

SETTINGS = "heka_settings"

db = SQLAlchemy(
    model_class=Base,
    session_options={"class_": PortalSession, "expire_on_commit": False},
)
listen_to(db.session)
migrate = Migrate(render_as_batch=True, compare_type=True)
csrf = CSRFProtect()
babel = Babel()
login_manager = LoginManager()

if TYPE_CHECKING:
    Model = Base
else:
    Model = db.Model


def settings() -> Settings:
    """The settings of the running application."""
    found: Settings = current_app.extensions[SETTINGS]
    return found


def init_app(app: Flask, settings: Settings) -> None:
    """Give the settings to the application and bind what stands on nothing but them."""
    app.extensions[SETTINGS] = settings
    app.extensions[KEYRING] = Keyring(settings.data_keys, settings.lookup_key)
    app.config.from_mapping(flask_settings(settings))
    db.init_app(app)
    database.init_app(app, db)
    migrate.init_app(app, db, directory=str(Path(app.root_path) / "migrations"))
    csrf.init_app(app)


def flask_settings(settings: Settings) -> dict[str, object]:
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
    }


def engine_options(settings: Settings) -> dict[str, object]:
    """Connections: checked before use, and no thread waits long for one. No error of theirs names its values."""
    options: dict[str, object] = {"hide_parameters": True}
    if settings.database.startswith("sqlite"):
        return options
    return options | {
        "pool_size": settings.database_pool_size,
        "max_overflow": 2,
        "pool_pre_ping": True,
        "pool_timeout": 5,
        # A page's statements are the same ones over and over: each connection keeps their plans from the second use,
        # whatever the values. Planning them anew for the values cost up to three quarters of a page's database time.
        "connect_args": {"prepare_threshold": 1, "options": "-c plan_cache_mode=force_generic_plan"},
    }
