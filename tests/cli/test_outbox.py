"""The commands of the outbox."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import select

from heka_portal.extensions import db
from heka_portal.models.audit import AuditLine
from heka_portal.vocabulary import AuditAction, MailKind, MailState
from tests.factories.mails import enqueue, mail_of


@pytest.fixture
def runner(app: Flask) -> Iterator[FlaskCliRunner]:
    with app.app_context():
        yield app.test_cli_runner()


def bury(mail_id: int) -> None:
    mail = mail_of(mail_id)
    mail.state, mail.last_error = MailState.DEAD, "550 unknown"
    db.session.commit()


def test_deliver_sends_what_waits_and_says_how_many(runner: FlaskCliRunner) -> None:
    ids = [enqueue(), enqueue()]
    result = runner.invoke(args=["outbox", "deliver"])
    assert (result.exit_code, result.output) == (0, "2 sent, 0 to be tried again, 0 dead\n")
    assert {mail_of(mail_id).state for mail_id in ids} == {MailState.SENT}


def test_deliver_fails_when_a_mail_was_not_sent(runner: FlaskCliRunner) -> None:
    enqueue(to="no address")
    result = runner.invoke(args=["outbox", "deliver"])
    assert (result.exit_code, result.output) == (1, "0 sent, 0 to be tried again, 1 dead\n")


def test_dead_letters_are_listed_with_their_reason(runner: FlaskCliRunner) -> None:
    first, second = enqueue(), enqueue(MailKind.RESET_PASSWORD, token="open-sesame")
    bury(first)
    bury(second)
    output = runner.invoke(args=["outbox", "list-dead"]).output
    assert numbers_in(output) == [str(second), str(first)]
    assert output.count("550 unknown") == 2
    assert "open-sesame" not in output
    older = runner.invoke(args=["outbox", "list-dead", "--before", str(second)]).output
    assert numbers_in(older) == [str(first)]


def numbers_in(output: str) -> list[str]:
    return [line.split()[0] for line in output.splitlines()]


def test_a_dead_letter_is_sent_again_and_that_is_in_the_audit_log(runner: FlaskCliRunner) -> None:
    mail_id = enqueue()
    bury(mail_id)
    assert runner.invoke(args=["outbox", "resend", str(mail_id)]).exit_code == 0
    assert mail_of(mail_id).state is MailState.WAITING
    line = db.session.scalars(select(AuditLine)).one()
    assert (line.action, line.data) == (AuditAction.MAIL_RESENT, {"mail": mail_id})
    again = runner.invoke(args=["outbox", "resend", str(mail_id)])
    assert (again.exit_code, again.output) == (1, f"There is no dead letter {mail_id}.\n")
