"""`flask register import` and `flask register check`: the landlord's register, and why somebody cannot register."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path

import click
from flask.cli import AppGroup
from sqlalchemy import Connection

from heka_portal import clock
from heka_portal.cli import register_check, register_plan
from heka_portal.cli.register_progress import Progress
from heka_portal.domain.audit.operations import record_audit
from heka_portal.domain.payments.rules import clean_reference
from heka_portal.domain.people import queries as people
from heka_portal.domain.people import rules
from heka_portal.domain.register.operations import RegisterMoved, apply_plan, open_import, plan_import, stage
from heka_portal.extensions import db, settings
from heka_portal.integrations.register_files import FieldRules, RegisterFiles, SourceRefused, open_register
from heka_portal.keyring import keyring
from heka_portal.vocabulary import AuditAction

#: plans that another import overtook are made anew so many times
ATTEMPTS = 3
MAX_PEOPLE = 20

register = AppGroup("register", help="The landlord's register.")


@register.command("import")
@click.argument("source", type=click.Path(path_type=Path), metavar="FOLDER_OR_ZIP")
@click.option("--whole", is_flag=True, help="What the files no longer name has ended.")
@click.option("--dry-run", is_flag=True, help="Show the plan and change nothing.")
@click.option("--allow-mass-end", is_flag=True, help="Let a whole register end more than 5 % of what runs.")
@click.option("--details", is_flag=True, help="Show every warning and every changed field.")
def import_register(source: Path, whole: bool, dry_run: bool, allow_mass_end: bool, details: bool) -> None:
    """Bring the register in from a folder or a zip of CSV files.

    Ends with 0 when all went well, 1 when there are errors and nothing was changed, 2 when the files cannot be opened.
    """
    started_at, progress = clock.now(), Progress()
    comparing, applying = partial(progress.tell, "Comparing"), partial(progress.tell, "Applying")
    with open_import() as connection:
        files = read_files(connection, source, progress)
        for _ in range(ATTEMPTS):
            progress.tell("Checking", "what came")
            plan = plan_import(
                connection, files, whole=whole, on=clock.today(), allow_mass_end=allow_mass_end, tell=comparing
            )
            register_plan.show(connection, plan, details=details)
            if plan.error_count:
                sys.exit(1)
            if dry_run:
                click.echo("This was a dry run: nothing was changed.")
                return
            try:
                apply_plan(connection, plan, started_at=started_at, now=clock.now(), tell=applying)
            except RegisterMoved:
                db.session.rollback()
                click.echo("Another import was applied meanwhile: the plan is made anew.")
                continue
            db.session.commit()
            click.echo("Nothing had to be changed." if plan.is_empty else "The register is up to date.")
            return
    raise click.ClickException("Other imports keep coming in between: try again when they are through.")


def read_files(connection: Connection, source: Path, progress: Progress) -> RegisterFiles:
    """Open and stage the files."""
    try:
        files = open_register(source, field_rules())
    except SourceRefused as refusal:
        raise click.UsageError(str(refusal)) from None
    with progress.reading(files.total_bytes) as files.progress:
        stage(connection, files)
    return files


def field_rules() -> FieldRules:
    """What the portal knows of identity codes, references and accounts, for the files."""
    return FieldRules(
        identity_code=partial(rules.clean_identity_code, allow_test=settings().test_identity_codes, on=clock.today()),
        birth_date_of=rules.birth_date_of,
        mask_identity_code=rules.mask_identity_code,
        hide_identity_codes=rules.hide_identity_codes,
        reference=clean_reference,
        iban=rules.clean_iban,
    )


@register.command("check")
@click.argument("person_id", required=False)
@click.option("--name", help="Look somebody up by names.")
@click.option("--identity-code", "ask", is_flag=True, help="Ask for an identity code; it is not shown while typed.")
def check_person(person_id: str | None, name: str | None, ask: bool) -> None:
    """Explain why a person can or cannot register.

    PERSON_ID is the landlord's id. Ends with 0 when all found can register, 1 otherwise.
    """
    if sum(map(bool, (person_id, name, ask))) != 1:
        raise click.UsageError("Give a PERSON_ID, or --name, or --identity-code.")
    found = look_up(person_id, name)
    if not found:
        click.echo(register_check.nobody(by_code=ask))
        sys.exit(1)
    today = clock.today()
    answers = []
    for person in found:
        answers.append(register_check.explain(person, people.find_registrant_by_id(person.id, today), today))
        record_audit(AuditAction.PERSON_VIEWED, person_id=person.id, reason="flask register check")
    db.session.commit()
    for answer in answers:
        click.echo(answer.text)
    if len(found) == MAX_PEOPLE:
        click.echo(f"There may be more of them: only {MAX_PEOPLE} are shown.")
    sys.exit(0 if all(answer.can_register for answer in answers) else 1)


def look_up(person_id: str | None, name: str | None) -> list[people.KnownPerson]:
    """The people asked about."""
    if name:
        return people.list_people_named(name, limit=MAX_PEOPLE)
    if person_id:
        one = people.find_person(person_id)
    else:
        typed = click.prompt("Identity code", hide_input=True)
        try:
            code = field_rules().identity_code(typed)
        except ValueError as error:
            raise click.ClickException(str(error)) from None
        one = people.find_person_by_mark(keyring().fingerprint(code))
    return [one] if one else []
