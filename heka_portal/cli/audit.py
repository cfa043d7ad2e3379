"""`flask audit verify`: prove that nobody changed the audit log."""

from __future__ import annotations

import sys

import click
from flask.cli import AppGroup

from heka_portal.domain.audit.queries import verify_chain
from heka_portal.extensions import db

audit = AppGroup("audit", help="The audit log.")


@audit.command("verify")
def verify() -> None:
    """Read the whole log and compare each seal; names the first broken line."""
    with db.engine.connect() as connection:
        verdict = verify_chain(connection)
    if verdict.broken_id is not None:
        click.echo(
            f"Broken at line {verdict.broken_id}: it was changed, removed or added outside the portal.", err=True
        )
        sys.exit(1)
    click.echo(f"The audit log is whole: {verdict.lines} lines.")
