"""The WSGI entry: `gunicorn wsgi:app`, `flask --app wsgi ...`."""

import sys
from importlib.util import find_spec

from heka_portal import create_app
from heka_portal.config import SettingsError
from heka_portal.extensions import SETTINGS

try:
    app = create_app()
except SettingsError as error:
    sys.exit("\n".join(["The settings cannot be used:", *(f"  - {sentence}" for sentence in error.sentences)]))

# `flask demo` exists where the developers' tools lie beside the portal, and never in production.
if app.extensions[SETTINGS].environment == "development" and find_spec("devtools"):
    from devtools.demo import commands

    commands.init_app(app)
