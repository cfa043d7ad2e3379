"""Commands: `flask --app wsgi ...`, one file a noun."""

from __future__ import annotations

from flask import Flask
from flask_migrate.cli import db as database  # type: ignore[import-not-found]  # its stubs leave this module out

from heka_portal.cli.audit import audit
from heka_portal.cli.copy import compare, copy
from heka_portal.cli.docs import docs
from heka_portal.cli.keys import keys
from heka_portal.cli.outbox import outbox
from heka_portal.cli.register import register
from heka_portal.cli.staff import staff
from heka_portal.cli.worker import worker

GROUPS = (audit, docs, keys, outbox, register, staff, worker)


def init_app(app: Flask) -> None:
    """Register every group of commands, and ours of `flask db`, which is Flask-Migrate's group."""
    for command in (copy, compare):
        database.add_command(command)
    for group in GROUPS:
        app.cli.add_command(group)
