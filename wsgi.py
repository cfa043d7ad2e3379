"""The WSGI entry: `gunicorn wsgi:app`, `flask --app wsgi ...`."""

import sys

from heka_portal import create_app
from heka_portal.config import SettingsError

try:
    app = create_app()
except SettingsError as error:
    sys.exit("\n".join(["The settings cannot be used:", *(f"  - {sentence}" for sentence in error.sentences)]))
