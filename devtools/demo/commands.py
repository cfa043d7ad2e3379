"""`flask demo load`, `flask demo write` and `flask demo accounts`; known in development only."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click
from flask import Flask, current_app
from flask.cli import AppGroup
from sqlalchemy import select

from devtools.demo import accounts as demo_accounts
from devtools.demo import stories
from devtools.demo.cast import CAN_IDENTIFY, PASSWORD, RECOVERY_CODES, SIGN_INS, STAFF, STRANGER
from devtools.demo.files import write
from devtools.demo.history.loading import load_history
from devtools.demo.identity_codes import LAST_NUMBER, make_code
from devtools.demo.register import DemoRegister
from heka_portal import clock
from heka_portal.cli import register_plan
from heka_portal.cli.register_progress import Progress
from heka_portal.domain.register.operations import apply_plan, open_import, plan_import, stage
from heka_portal.extensions import db, settings
from heka_portal.models.cases import Case
from heka_portal.models.people import Person
from heka_portal.web.files import storage

#: whom the stand-in identity provider offers
PEOPLE_FILE = "demo-people.json"
FEWEST_APARTMENTS = 48

demo = AppGroup("demo", help="Demo data: development only.")
demo.add_command(write)


def init_app(app: Flask) -> None:
    """Give the application its demo commands."""
    app.cli.add_command(demo)


@demo.command("load")
@click.option("--apartments", type=click.IntRange(FEWEST_APARTMENTS), default=144, show_default=True)
@click.option("--months", type=click.IntRange(1, 60), default=6, show_default=True, help="Months of invoices.")
@click.option("--cases", type=click.IntRange(1), help="So many cases of the last ten years beside the stories.")
@click.option("--if-empty", is_flag=True, help="Do nothing where there are people already.")
def load(apartments: int, months: int, cases: int | None, if_empty: bool) -> None:
    """Load a landlord with so many apartments, people who can sign in, and cases in every state."""
    if not settings().test_identity_codes:
        raise click.ClickException("Demo people have test identity codes: set TEST_IDENTITY_CODES = True.")
    has_people, has_cases = (db.session.scalar(select(key).limit(1)) is not None for key in (Person.id, Case.id))
    # Where loading was ended early, there are people but none of the cases asked for.
    if if_empty and has_people and (has_cases or not cases):
        return
    if cases and has_cases:
        raise click.ClickException("Cases in bulk begin a new demo: load them into an empty database.")
    register = DemoRegister(apartments, today=clock.today(), months=months)
    import_register(register)
    write_people(register, Path(current_app.instance_path) / PEOPLE_FILE)
    is_new = demo_accounts.open_accounts()
    if cases:
        load_cases(cases, register)
    if is_new or not has_cases:
        stories.tell_all()
    click.echo(f"Loaded {register.name}.")


def import_register(register: DemoRegister) -> None:
    """Bring the register in as the landlord's would come. Raises ClickException when it does not fit."""
    started_at, say = clock.now(), Progress().say
    db.session.rollback()
    with open_import() as connection:
        say("Drawing the register …")
        stage(connection, register)
        say("Comparing with the register …")
        plan = plan_import(connection, register, whole=False, on=register.today, allow_mass_end=False)
        if plan.error_count:
            register_plan.show(connection, plan, details=False)
            raise click.ClickException("The demo data do not fit into this register.")
        say("Applying …")
        apply_plan(connection, plan, started_at=started_at, now=clock.now())
        db.session.commit()


def load_cases(cases: int, register: DemoRegister) -> None:
    """Load cases in bulk, showing how far it is."""
    is_quiet = not sys.stderr.isatty()
    with click.progressbar(length=cases, label="Cases", file=sys.stderr, hidden=is_quiet) as bar:
        load_history(cases, today=register.today, put=storage().put, tell=Progress().say, count=bar.update)


def write_people(register: DemoRegister, path: Path) -> None:
    """Tell the stand-in identity provider who can be chosen there."""
    wanted = {resident.register_id: note for resident, note in CAN_IDENTIFY}
    codes = {
        resident.register_id: code for resident, code in register.coded_residents() if resident.register_id in wanted
    }
    codes[STRANGER.register_id] = make_code(STRANGER.birth_on, LAST_NUMBER)
    people = [
        {
            "identity_code": codes[resident.register_id],
            "family_name": resident.last_name,
            "given_name": resident.first_names,
            "note": note,
        }
        for resident, note in CAN_IDENTIFY
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(people, ensure_ascii=False, indent=2), encoding="utf-8")


@demo.command("accounts")
def accounts() -> None:
    """Show who can sign in to the demo."""
    lines = [(sign_in.what, sign_in.resident.email) for sign_in in SIGN_INS]
    lines += [(colleague.what, colleague.email) for colleague in STAFF]
    click.echo(f"Demo sign-ins, all with the password {PASSWORD}")
    for what, email in lines:
        click.echo(f"  {what:<42} {email}")
    click.echo(f"The second step takes a recovery code, each once: {RECOVERY_CODES[0]} to {RECOVERY_CODES[-1]}")
    click.echo("Staff sign in at /admin/. Others register through the stand-in identity provider:")
    for resident, note in CAN_IDENTIFY:
        click.echo(f"  {note:<50} {resident.first_names} {resident.last_name}")
