"""The Heka resident portal: an application factory over shared models."""

from __future__ import annotations

import os

from flask import Flask

from heka_portal import blueprints, cli, config, extensions, models, web, workbench
from heka_portal.web.templates import PortalEnvironment

__all__ = ["create_app", "models"]


def create_app(settings: config.Settings | None = None) -> Flask:
    """The application of these settings (default: the environment's). Raises SettingsError."""
    settings = settings or config.load_settings(os.environ)
    app = Flask(__name__, instance_path=str(settings.instance_path.resolve()))
    # before an extension asks for the environment, which is made once
    app.jinja_environment = PortalEnvironment
    extensions.init_app(app, settings)
    web.init_app(app)
    blueprints.init_app(app)
    workbench.init_app(app)
    cli.init_app(app)
    web.guard(app)
    return app
