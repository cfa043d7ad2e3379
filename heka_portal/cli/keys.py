"""`flask keys`: make the secrets of an installation, rotate the keys of personal data and of identification."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Iterator

import click
from flask.cli import AppGroup
from sqlalchemy import Column, Table, bindparam, select

from heka_portal.config import KEY_BYTES, PREFIX
from heka_portal.domain.audit.operations import record_audit
from heka_portal.extensions import db, settings
from heka_portal.integrations.identification.keys import KeyProblem, make_keys, prepare_rotation, rotate
from heka_portal.keyring import Encrypted, keyring
from heka_portal.vocabulary import AuditAction

BATCH = 500

keys = AppGroup("keys", help="Secrets and their rotation.")


def _random_key() -> str:
    return base64.urlsafe_b64encode(secrets.token_bytes(KEY_BYTES)).decode()


@keys.command("make")
def make() -> None:
    """Print new secrets, to be kept outside the database and its backups."""
    click.echo(f"{PREFIX}SECRET_KEY={secrets.token_urlsafe(48)}")
    click.echo(f"{PREFIX}DATA_KEYS=k1:{_random_key()}")
    click.echo(f"{PREFIX}LOOKUP_KEY={_random_key()}")


@keys.command("rotate-data")
def rotate_data() -> None:
    """Encrypt anew, with the first key of HEKA_DATA_KEYS, all that an older key encrypted."""
    for table, column in encrypted_columns():
        done = encrypt_anew(table, column)
        click.echo(f"{table.name}.{column.name}: {done} encrypted anew with {keyring().current}")
    record_audit(AuditAction.KEYS_ROTATED, data={"key": keyring().current})
    db.session.commit()


def encrypted_columns() -> Iterator[tuple[Table, Column[str]]]:
    """Every column that only the application can read."""
    for table in db.metadata.sorted_tables:
        for column in table.columns:
            if isinstance(column.type, Encrypted):
                yield table, column


def encrypt_anew(table: Table, column: Column[str], *, batch: int = BATCH) -> int:
    """Re-encrypt a column batch by batch, each committed; the portal may run meanwhile. Returns how many."""
    done = 0
    stale = column.is_not(None) & ~db.type_coerce(column, db.Text).like(f"{keyring().current}.%")
    write = table.update().where(table.c.id == bindparam("row")).values({column: bindparam("plain", type_=column.type)})
    while True:
        rows = db.session.execute(
            select(table.c.id, column).where(stale).order_by(table.c.id).limit(batch).with_for_update()
        ).all()
        if rows:
            db.session.execute(write, [{"row": row_id, "plain": plain} for row_id, plain in rows])
        db.session.commit()
        done += len(rows)
        if len(rows) < batch:
            return done


@keys.command("make-identification")
def make_identification() -> None:
    """Make the portal's identification keys, where there are none yet; the entity key goes to the broker."""
    for path in make_keys(settings().identification_keys_path):
        click.echo(f"made {path}")


@keys.command("prepare-identification")
@click.argument("use", type=click.Choice(["sig", "enc"]))
def prepare_identification(use: str) -> None:
    """Make the next key and publish it; take it into use a day later with `use-identification`."""
    try:
        path = prepare_rotation(settings().identification_keys_path, use)
    except KeyProblem as problem:
        raise click.ClickException(str(problem)) from None
    click.echo(f"made {path}")
    click.echo("Restart the portal, so that it is published, and take it into use a day later.")


@keys.command("use-identification")
@click.argument("use", type=click.Choice(["sig", "enc"]))
def use_identification(use: str) -> None:
    """Take the prepared key into use; the old one stays for what is on its way."""
    try:
        rotate(settings().identification_keys_path, use)
    except KeyProblem as problem:
        raise click.ClickException(str(problem)) from None
    click.echo("The new key is in use after a restart.")
