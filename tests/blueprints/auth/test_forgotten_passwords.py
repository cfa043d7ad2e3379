"""Forgotten passwords: links that work once, and nobody learns who has an account."""

from __future__ import annotations

from datetime import timedelta

import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from heka_portal import clock
from heka_portal.domain.accounts.operations.passwords import fits
from heka_portal.extensions import db
from heka_portal.models.accounts import Account, AccountToken
from heka_portal.vocabulary import AuditAction, MailKind
from tests.blueprints.auth.door import PASSWORD, give_password, is_signed_in, sign_in
from tests.support.roles import World
from tests.support.sending import audited, received, send

NEW_PASSWORD = "hauska-sateenvarjo"


def ask(client: FlaskClient, email: str) -> TestResponse:
    return send(client, "/forgotten-password?lang=en", email=email)


def test_a_forgotten_password_is_set_anew(app: Flask, client: FlaskClient, email: str):
    thief = app.test_client()
    sign_in(thief, email)
    assert ask(client, email).location == "/forgotten-password/sent"
    [mail] = received(app)
    assert (mail.kind, mail.to) == (MailKind.RESET_PASSWORD, email)
    answer = send(client, f"/reset-password/{mail.token}", password=NEW_PASSWORD)
    assert answer.location == "/sign-in"
    assert "Your password has been changed" in client.get("/sign-in?lang=en").text
    assert not is_signed_in(client)
    assert not is_signed_in(thief)
    assert sign_in(app.test_client(), email).status_code == 200
    assert sign_in(app.test_client(), email, NEW_PASSWORD).status_code == 303
    assert received(app)[1].kind is MailKind.PASSWORD_CHANGED
    assert AuditAction.PASSWORD_CHANGED in audited(app)


def test_nobody_learns_who_has_an_account(app: Flask, world: World, email: str):
    disabled = give_password(app, world, "co_tenant")
    with app.app_context():
        db.session.execute(update(Account).where(Account.email == disabled).values(is_disabled=True))
        db.session.commit()
    answers = [ask(app.test_client(), who) for who in (email, "nobody@example.fi", disabled)]
    assert {(answer.status_code, answer.location, answer.text) for answer in answers} == {
        (303, "/forgotten-password/sent", answers[0].text)
    }
    assert [mail.to for mail in received(app)] == [email]
    with app.app_context():
        kept = db.session.scalars(select(AccountToken)).all()
    assert len(kept) == 3, "an unknown email costs the same row"


def test_a_reset_link_works_once_and_for_a_day(app: Flask, client: FlaskClient, email: str):
    with time_machine.travel(clock.now(), tick=False) as time:
        ask(client, email)
        token = received(app)[0].token
        assert client.get(f"/reset-password/{token}").status_code == 200
        assert send(client, f"/reset-password/{token}", password=NEW_PASSWORD).status_code == 303
        assert client.get(f"/reset-password/{token}").status_code == 410
        ask(client, email)
        later = received(app)[-1].token
        time.shift(timedelta(hours=24))
        answer = client.get(f"/reset-password/{later}")
        assert answer.status_code == 410
        assert "/forgotten-password" in answer.text


def test_only_the_newest_reset_link_works(app: Flask, client: FlaskClient, email: str):
    ask(client, email)
    ask(client, email)
    first, second = (mail.token for mail in received(app))
    assert client.get(f"/reset-password/{first}").status_code == 410
    assert client.get(f"/reset-password/{second}").status_code == 200


def test_a_link_is_good_for_its_own_purpose_and_account_only(app: Flask, client: FlaskClient, world: World, email: str):
    other = give_password(app, world, "co_tenant")
    ask(client, email)
    token = received(app)[0].token
    assert client.get(f"/confirm/{token}").status_code == 410
    send(client, f"/reset-password/{token}", password=NEW_PASSWORD)
    assert sign_in(app.test_client(), other, NEW_PASSWORD).status_code == 200
    assert sign_in(app.test_client(), other).status_code == 303


def test_a_link_of_nobody_opens_nothing(app: Flask, client: FlaskClient):
    for token in ("x", "a" * 43, "a" * 5000, "%00"):
        assert client.get(f"/reset-password/{token}").status_code == 410


def test_a_reset_refuses_what_registration_refuses_and_keeps_the_link(app: Flask, client: FlaskClient, email: str):
    ask(client, email)
    token = received(app)[0].token
    for password, words in (("short", "at least 12"), ("salasana1234", "easy to guess"), (email, "your own data")):
        answer = send(client, f"/reset-password/{token}?lang=en", password=password)
        assert answer.status_code == 200
        assert words in answer.text
    assert send(client, f"/reset-password/{token}", password=NEW_PASSWORD).status_code == 303


def test_an_account_disabled_meanwhile_stays_closed(app: Flask, client: FlaskClient, email: str):
    ask(client, email)
    token = received(app)[0].token
    with app.app_context():
        db.session.execute(update(Account).where(Account.email == email).values(is_disabled=True))
        db.session.commit()
    assert send(client, f"/reset-password/{token}", password=NEW_PASSWORD).status_code == 410
    with app.app_context():
        kept = db.session.scalars(select(Account.password_hash).where(Account.email == email)).one()
        assert fits(PASSWORD, kept)


def test_staff_reset_theirs_and_come_to_their_own_door(app: Flask, client: FlaskClient, world: World):
    email = give_password(app, world, "clerk")
    ask(client, email)
    answer = send(client, f"/reset-password/{received(app)[0].token}", password=NEW_PASSWORD)
    assert answer.location == "/staff/sign-in"


def test_mail_to_one_address_is_braked(app: Flask, email: str):
    answers = [ask(app.test_client(), email).status_code for _ in range(4)]
    assert answers == [303, 303, 303, 429]
    assert [ask(app.test_client(), "nobody@example.fi").status_code for _ in range(4)] == answers
