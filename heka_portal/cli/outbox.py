"""`flask outbox deliver | list-dead | resend`: the mail that waits, and the mail that could not be sent."""

from __future__ import annotations

import sys

import click
from flask.cli import AppGroup

from heka_portal import clock
from heka_portal.cli.jobs import MailJob
from heka_portal.domain.audit.operations import record_audit
from heka_portal.domain.errors import NotFound, TooLate
from heka_portal.domain.outbox.delivery import deliver_due
from heka_portal.domain.outbox.operations import resend
from heka_portal.domain.outbox.queries import get_dead, list_dead
from heka_portal.extensions import db, settings
from heka_portal.integrations.mail import open_mailer
from heka_portal.vocabulary import AuditAction, MailState
from heka_portal.web.mails import render_letter

outbox = AppGroup("outbox", help="Mail that waits, and dead letters.")


@outbox.command("deliver")
@click.option("--limit", default=1000, show_default=True, help="At most so many.")
def deliver(limit: int) -> None:
    """Send what waits, once; ends with 1 when something could not be sent."""
    mailer = open_mailer(settings().mail)
    try:
        ended = deliver_due(MailJob(mailer).send, render_letter, clock=clock.now, limit=limit)
    finally:
        mailer.close()
    words = {MailState.SENT: "sent", MailState.WAITING: "to be tried again", MailState.DEAD: "dead"}
    click.echo(", ".join(f"{ended[state]} {said}" for state, said in words.items()))
    sys.exit(0 if ended.total() == ended[MailState.SENT] else 1)


@outbox.command("list-dead")
@click.option("--before", type=int, help="Go on below this id.")
@click.option("--limit", default=25, show_default=True)
def show_dead(before: int | None, limit: int) -> None:
    """List the mails that could not be sent, the newest first."""
    now = clock.now()
    for mail in list_dead(before_id=before, limit=limit):
        late = ", its link has expired" if mail.is_too_late(now) else ""
        click.echo(
            f"{mail.id}  {mail.created_at:%Y-%m-%d %H:%M}  {mail.kind}  {mail.to_email}  {mail.last_error}{late}"
        )


@outbox.command("resend")
@click.argument("mail_id", type=int, metavar="ID")
def send_again(mail_id: int) -> None:
    """Put a dead letter back into the outbox."""
    try:
        resend(get_dead(mail_id), now=clock.now())
    except NotFound:
        sys.exit(f"There is no dead letter {mail_id}.")
    except TooLate:
        sys.exit("The link in this mail has expired: the person has to ask for a new one.")
    record_audit(AuditAction.MAIL_RESENT, data={"mail": mail_id})
    db.session.commit()
    click.echo("It is sent again by the worker.")
