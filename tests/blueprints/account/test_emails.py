"""The email of an account: both mailboxes, or one and an identification; and the way back for seven days."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from heka_portal import clock
from heka_portal.domain.accounts.operations.email_changes import forget_email_changes
from heka_portal.domain.accounts.operations.passwords import ask_reset, fits
from heka_portal.extensions import db
from heka_portal.models.accounts import Account, AccountToken, LoginSession
from heka_portal.models.email_changes import EmailChange
from heka_portal.vocabulary import AuditAction, Language, MailKind
from tests.blueprints.auth.door import PASSWORD
from tests.support.roles import World, strengthen
from tests.support.sending import Received, audited, received, send

NEW = "aino.uusi@example.fi"
CHANGE = "/account/email"


def email_of(app: Flask, world: World, role: str = "main_tenant") -> str:
    with app.app_context():
        return world.account(role).email


def mails(app: Flask, kind: MailKind) -> list[Received]:
    return [mail for mail in received(app) if mail.kind is kind]


def ask(client: FlaskClient, email: str = NEW, password: str = PASSWORD):
    return send(client, f"{CHANGE}?lang=en", email=email, password=password)


def links(app: Flask) -> tuple[str, str]:
    """The addresses in the mails to the old and to the new mailbox."""
    [old], [new] = mails(app, MailKind.CONFIRM_OLD_EMAIL), mails(app, MailKind.CONFIRM_NEW_EMAIL)
    return f"{CHANGE}/confirm/{old.token}", f"{CHANGE}/confirm/{new.token}"


@pytest.mark.parametrize("old_first", [True, False])
def test_both_mailboxes_confirm(app: Flask, world: World, mine: FlaskClient, client: FlaskClient, old_first: bool):
    before = email_of(app, world)
    assert ask(mine).location == f"{CHANGE}/sent"
    page = mine.get(f"{CHANGE}/sent").text
    assert before in page
    assert NEW in page
    first, second = links(app) if old_first else reversed(links(app))
    assert client.get(first).status_code == 200
    assert email_of(app, world) == before, "a mail scanner that follows the link confirms nothing"
    assert "still asked" in send(client, f"{first}?lang=en").text
    assert email_of(app, world) == before
    assert "The new email is in use" in send(client, f"{second}?lang=en").text
    assert email_of(app, world) == NEW
    assert [mail.to for mail in mails(app, MailKind.EMAIL_CHANGED)] == [before]
    assert client.get(first).status_code == 410, "a link works once"
    assert audited(app) == [AuditAction.EMAIL_CHANGE_ASKED, AuditAction.EMAIL_CHANGED]
    assert send(app.test_client(), "/sign-in", email=NEW, password=PASSWORD).location == "/home"


@pytest.mark.parametrize("which", [0, 1])
def test_one_mailbox_alone_changes_nothing(
    app: Flask, world: World, mine: FlaskClient, client: FlaskClient, which: int
):
    before = email_of(app, world)
    ask(mine)
    for _ in range(2):
        assert send(app.test_client(), links(app)[which]).status_code == 200
    assert email_of(app, world) == before


def test_it_needs_the_password(app: Flask, mine: FlaskClient):
    page = ask(mine, password="salasana12345")
    assert page.status_code == 200
    assert "This is not your present password" in page.text
    assert f'value="{NEW}"' in page.text
    assert received(app) == []


def test_one_s_own_email_is_no_change(app: Flask, world: World, mine: FlaskClient):
    page = ask(mine, email=email_of(app, world).upper())
    assert "This is your present email" in page.text
    assert received(app) == []


def test_another_s_email_is_told_to_its_mailbox_only(app: Flask, world: World, mine: FlaskClient):
    theirs = email_of(app, world, "neighbour")
    free = ask(mine)
    taken = ask(mine, email=theirs)
    assert (free.status_code, free.location) == (taken.status_code, taken.location)
    assert [mail.to for mail in mails(app, MailKind.NEW_EMAIL_IN_USE)] == [theirs]


def test_an_email_that_was_taken_meanwhile_is_refused(app: Flask, world: World, mine: FlaskClient, client: FlaskClient):
    ask(mine)
    old, new = links(app)
    with app.app_context():
        world.account("neighbour").email = NEW
        db.session.commit()
    send(client, old)
    assert send(client, new).status_code == 409
    assert email_of(app, world) != NEW


def test_a_link_is_dead_after_a_day(app: Flask, mine: FlaskClient, client: FlaskClient):
    with time_machine.travel(clock.now(), tick=False) as time:
        ask(mine)
        old, _ = links(app)
        time.shift(timedelta(hours=24))
        assert client.get(old).status_code == 410


def test_a_new_wish_replaces_the_one_before(app: Flask, mine: FlaskClient, client: FlaskClient):
    ask(mine)
    old, new = links(app)
    ask(mine, email="toinen@example.fi")
    assert client.get(old).status_code == 410
    assert client.get(new).status_code == 410


def test_a_new_password_ends_what_was_asked(app: Flask, world: World, mine: FlaskClient, client: FlaskClient):
    ask(mine)
    fields = {"present": PASSWORD, "password": "hauska-sateenvarjo"}
    assert send(mine, "/account/password", **fields).status_code == 303
    assert client.get(links(app)[1]).status_code == 410


def test_the_change_ends_links_for_a_new_password(app: Flask, world: World, mine: FlaskClient, client: FlaskClient):
    ask(mine)
    with app.app_context():
        ask_reset(world.account("main_tenant").email, language=Language.FINNISH)
        db.session.commit()
    for link in links(app):
        send(client, link)
    with app.app_context():
        assert db.session.scalars(select(AccountToken)).all() == []


def changed(app: Flask, mine: FlaskClient, client: FlaskClient) -> str:
    """The email has been changed; the address in the mail by which the old mailbox undoes it."""
    ask(mine)
    for link in links(app):
        send(client, link)
    return f"{CHANGE}/undo/{mails(app, MailKind.EMAIL_CHANGED)[0].token}"


def test_the_old_mailbox_undoes_it_for_seven_days(app: Flask, world: World, mine: FlaskClient, client: FlaskClient):
    before = email_of(app, world)
    undo = changed(app, mine, client)
    assert client.get(undo).status_code == 200
    assert email_of(app, world) == NEW
    assert send(client, undo).location == "/forgotten-password/sent"
    assert email_of(app, world) == before
    assert mine.get("/home").status_code == 303, "whoever was in is out"
    with app.app_context():
        account = db.session.get(Account, world.account_ids["main_tenant"])
        assert account is not None
        assert not fits(PASSWORD, account.password_hash), "the password of a stranger opens nothing any more"
    assert mails(app, MailKind.RESET_PASSWORD)[-1].to == before
    assert client.get(undo).status_code == 410


def test_after_seven_days_it_stays(app: Flask, mine: FlaskClient, client: FlaskClient):
    with time_machine.travel(clock.now(), tick=False) as time:
        undo = changed(app, mine, client)
        time.shift(timedelta(days=7))
        assert client.get(undo).status_code == 410
        with app.app_context():
            assert forget_email_changes(now=clock.now()) == 0
            assert forget_email_changes(now=clock.now() + timedelta(days=1, seconds=1)) == 1


def test_who_lost_the_old_mailbox_is_identified_instead(
    app: Flask, world: World, mine: FlaskClient, client: FlaskClient
):
    before = email_of(app, world)
    assert mine.get(f"{CHANGE}/identify").location.startswith("/identify?next=")
    strengthen(app)
    assert "not your present password" in send(mine, f"{CHANGE}/identify?lang=en", email=NEW, password="no").text
    assert received(app) == []
    assert send(mine, f"{CHANGE}/identify", email=NEW, password=PASSWORD).location == f"{CHANGE}/sent"
    assert mails(app, MailKind.CONFIRM_OLD_EMAIL) == []
    [mail] = mails(app, MailKind.CONFIRM_NEW_EMAIL)
    send(client, f"{CHANGE}/confirm/{mail.token}")
    assert email_of(app, world) == NEW
    [told] = mails(app, MailKind.EMAIL_CHANGED_BY_IDENTIFICATION)
    assert told.to == before
    assert told.params == {}, "from a lost mailbox nothing is undone"
    with app.app_context():
        assert db.session.scalars(select(EmailChange.undo_token_hash)).one() is None


def test_what_was_typed_survives_an_identification_that_expired(app: Flask, mine: FlaskClient):
    strengthen(app)
    page = mine.get(f"{CHANGE}/identify")
    assert page.status_code == 200
    with app.app_context():
        for session in db.session.scalars(select(LoginSession)):
            session.strong_at = None
        db.session.commit()
    answer = send(mine, f"{CHANGE}/identify", page=CHANGE, email=NEW)
    assert answer.location.startswith("/identify?next=")
    strengthen(app)
    assert f'value="{NEW}"' in mine.get(f"{CHANGE}/identify").text
    assert received(app) == []


def test_the_new_mailbox_is_not_told_the_old_address(app: Flask, world: World, mine: FlaskClient, client: FlaskClient):
    ask(mine)
    assert email_of(app, world) not in client.get(links(app)[1]).text


def test_an_identification_ends_what_an_old_mailbox_could_undo(
    app: Flask, world: World, mine: FlaskClient, client: FlaskClient
):
    undo = changed(app, mine, client)
    strengthen(app)
    send(mine, f"{CHANGE}/identify", email="aino.kolmas@example.fi", password=PASSWORD)
    assert client.get(undo).status_code == 200, "nothing has changed yet"
    send(client, f"{CHANGE}/confirm/{mails(app, MailKind.CONFIRM_NEW_EMAIL)[-1].token}")
    assert client.get(undo).status_code == 410
    assert send(client, undo, page="/sign-in").status_code == 410
    assert email_of(app, world) == "aino.kolmas@example.fi"
