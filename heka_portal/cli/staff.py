"""`flask staff`: accounts of customer service and contractors."""

from __future__ import annotations

import sys
from typing import NoReturn

import click
from email_validator import EmailNotValidError, validate_email
from flask.cli import AppGroup

from heka_portal.domain.accounts.operations.staff import NewStaff, add_staff, disable_staff, reset_second_factor
from heka_portal.domain.accounts.records import list_staff
from heka_portal.domain.accounts.rules import EmailTaken
from heka_portal.domain.errors import NotFound
from heka_portal.extensions import db
from heka_portal.vocabulary import Language, StaffRole
from heka_portal.web.mails import absolute_url

staff = AppGroup("staff", help="Accounts of customer service and contractors.")


@staff.command("add")
@click.argument("email")
@click.option("--name", required=True, help="First and last name, as residents read it.")
@click.option("--role", required=True, type=click.Choice([role.value for role in StaffRole]))
@click.option("--contractor", help="The company of a contractor's people.")
@click.option("--region", help="The region whose cases they see first: its id in the register, or its name.")
@click.option("--language", type=click.Choice([code.value for code in Language]), default="fi", show_default=True)
@click.option("--print-link", is_flag=True, help="Print the link too, for whoever has no mail yet.")
def add(
    email: str,
    name: str,
    role: str,
    contractor: str | None,
    region: str | None,
    language: str,
    *,
    print_link: bool,
) -> None:
    """Make an account and mail the link by which its password is set (24 hours)."""
    if (role == StaffRole.CONTRACTOR) != (contractor is not None):
        stop("--contractor names the company of --role contractor, and of no other role.")
    new = NewStaff(checked(email), name, StaffRole(role), Language(language), contractor, region)
    try:
        account, token = add_staff(new)
    except EmailTaken:
        stop(f"{email} has an account already.")
    except NotFound:
        stop(f"There is no region {region!r} in the register: import it first, or leave --region out.")
    db.session.commit()
    click.echo(f"Added {name} ({role}). The link to set the password is on its way to {account.email}.")
    if print_link:
        click.echo(absolute_url("auth.reset", {"token": token}))


@staff.command("disable")
@click.argument("email")
def disable(email: str) -> None:
    """Close the door to somebody who has left: all their sessions end at once."""
    try:
        account = disable_staff(email)
    except NotFound:
        stop(f"No member of staff has the email {email}.")
    db.session.commit()
    click.echo(f"{account.email} cannot sign in any more; all sessions have ended.")


@staff.command("reset-second-factor")
@click.argument("email")
def reset(email: str) -> None:
    """Let somebody who lost phone and recovery codes enrol anew at the next sign-in."""
    try:
        account = reset_second_factor(email)
    except NotFound:
        stop(f"No member of staff has the email {email}.")
    db.session.commit()
    click.echo(f"{account.email} enrols a new app at the next sign-in; all sessions have ended.")


@staff.command("list")
def list_all() -> None:
    """Who has an account, with which role, and whether the second factor is in use."""
    for line in list_staff():
        factor = "second factor" if line.has_second_factor else "no second factor yet"
        state = "disabled" if line.is_disabled else factor
        click.echo(f"{line.email:40} {line.role:14} {line.contractor or '-':24} {state:22} {line.name}")


def checked(email: str) -> str:
    """An address mail can be sent to; ends the command over one that is none."""
    try:
        return validate_email(email, check_deliverability=False, test_environment=True).normalized
    except EmailNotValidError:
        stop(f"{email!r} is no email address.")


def stop(sentence: str) -> NoReturn:
    """End the command with a sentence."""
    click.echo(sentence, err=True)
    sys.exit(1)
