"""Passkeys at the residents' door, as the second step and alone: what is believed of an answer, and of whose."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from heka_portal import clock
from heka_portal.domain.accounts.operations.passkey_answers import handle_of
from heka_portal.domain.accounts.operations.passwords import hash_password
from heka_portal.extensions import db
from heka_portal.models.accounts import Account
from heka_portal.models.audit import AuditLine
from heka_portal.models.passkeys import Passkey
from heka_portal.vocabulary import AuditAction, MailKind
from tests.blueprints.auth.door import PASSWORD, is_signed_in
from tests.blueprints.second_factor.steps import (
    STEP,
    add_passkey,
    ask,
    halfway,
    passkeys,
    use_alone,
    use_second,
)
from tests.support.authenticator import Authenticator, decode
from tests.support.roles import World
from tests.support.sending import audited, received, send


def faults(app: Flask) -> list[str]:
    """Why passkeys were refused, as the log has it."""
    with app.app_context():
        lines = db.session.query(AuditLine).filter_by(action=AuditAction.SIGN_IN_FAILED).order_by(AuditLine.id)
        return [line.data["fault"] for line in lines]


def test_a_passkey_is_the_second_step(app: Flask, mine: FlaskClient, email: str, phone: Authenticator):
    add_passkey(mine, phone)
    client = halfway(app, email)
    asked = ask(client, f"{STEP}/options", STEP)
    assert [decode(one["id"]) for one in asked["allowCredentials"]] == [phone.kept[0].id]
    assert asked["userVerification"] == "required"
    assert use_second(client, phone).location == "/home"
    assert is_signed_in(client)
    [kept] = passkeys(app)
    assert kept.sign_count == 1
    assert kept.last_used_at is not None


def test_a_passkey_alone_is_both_steps(app: Flask, mine: FlaskClient, phone: Authenticator):
    add_passkey(mine, phone)
    client = app.test_client()
    assert ask(client, "/sign-in/passkey/options", "/sign-in")["allowCredentials"] == []
    assert use_alone(client, phone).location == "/home"
    assert is_signed_in(client)
    assert audited(app)[-1] is AuditAction.SIGNED_IN


def test_a_passkey_that_devices_share_does_not_count(app: Flask, mine: FlaskClient):
    shared = Authenticator(is_counting=False, is_backed_up=True)
    add_passkey(mine, shared)
    for _ in range(2):
        assert use_alone(app.test_client(), shared).location == "/home"


@pytest.mark.parametrize("is_alone", [True, False])
@pytest.mark.parametrize(
    ("lie", "fault"),
    [
        ({"origin": "http://localhost:8000"}, "invalid"),
        ({"origin": "http://evil.example"}, "invalid"),
        ({"rp_id": "evil.example"}, "invalid"),
        ({"is_verified": False}, "invalid"),
        ({"challenge": b"another challenge, of another time"}, "invalid"),
    ],
)
def test_what_another_page_was_told_does_not_let_in(
    app: Flask, mine: FlaskClient, email: str, phone, lie, fault, is_alone
):
    add_passkey(mine, phone)
    for name, value in lie.items():
        setattr(phone, name, value)
    client = app.test_client() if is_alone else halfway(app, email)
    client.set_cookie("lang", "en")
    answer = (use_alone if is_alone else use_second)(client, phone)
    assert answer.location == ("/sign-in" if is_alone else STEP)
    assert "The passkey did not work" in client.get(answer.location).text
    assert not is_signed_in(client)
    assert faults(app) == [fault]


def test_an_answer_is_taken_once(app: Flask, mine: FlaskClient):
    shared = Authenticator(is_counting=False)
    add_passkey(mine, shared)
    client = app.test_client()
    answer = shared.use(ask(client, "/sign-in/passkey/options", "/sign-in"))
    with client.session_transaction() as visit:
        kept = dict(visit)
    assert send(client, "/sign-in/passkey", page="/sign-in", answer=answer).location == "/home"
    onlooker = app.test_client()
    with onlooker.session_transaction() as visit:
        visit.update(kept)
    assert send(onlooker, "/sign-in/passkey", page="/sign-in", answer=answer).location == "/sign-in"
    assert not is_signed_in(onlooker)
    assert faults(app) == ["over"]


def test_an_answer_belongs_to_the_browser_that_asked(app: Flask, mine: FlaskClient, phone: Authenticator):
    add_passkey(mine, phone)
    asking, other = app.test_client(), app.test_client()
    answer = phone.use(ask(asking, "/sign-in/passkey/options", "/sign-in"))
    ask(other, "/sign-in/passkey/options", "/sign-in")
    assert send(other, "/sign-in/passkey", page="/sign-in", answer=answer).location == "/sign-in"
    assert faults(app) == ["invalid"]


def test_an_answer_comes_within_five_minutes(app: Flask, mine: FlaskClient, phone: Authenticator):
    with time_machine.travel(clock.now(), tick=False) as time:
        add_passkey(mine, phone)
        client = app.test_client()
        answer = phone.use(ask(client, "/sign-in/passkey/options", "/sign-in"))
        time.shift(timedelta(minutes=5))
        assert send(client, "/sign-in/passkey", page="/sign-in", answer=answer).location == "/sign-in"
    assert faults(app) == ["over"]


@pytest.mark.parametrize("used", [0, 6, 7])
def test_a_count_that_goes_back_tells_of_a_copy(app: Flask, mine: FlaskClient, phone: Authenticator, used: int):
    add_passkey(mine, phone)
    phone.kept[0].used = 6
    assert use_alone(app.test_client(), phone).location == "/home"
    phone.kept[0].used = used - 1
    assert use_alone(app.test_client(), phone).location == "/sign-in"
    assert faults(app) == ["counter"]
    assert passkeys(app)[0].sign_count == 7


def test_anothers_passkey_is_no_second_step(
    app: Flask, world: World, mine: FlaskClient, email: str, client_for, phone: Authenticator
):
    add_passkey(mine, phone)
    theirs = Authenticator()
    with app.app_context():
        world.account("neighbour").password_hash = hash_password(PASSWORD)
        db.session.commit()
    add_passkey(client_for("neighbour"), theirs)
    client = halfway(app, email)
    assert use_second(client, theirs).location == STEP
    assert not is_signed_in(client)
    assert faults(app) == ["anothers"]


def test_a_challenge_of_the_door_is_none_of_the_second_step(
    app: Flask, mine: FlaskClient, email: str, phone: Authenticator
):
    add_passkey(mine, phone)
    client = halfway(app, email)
    answer = phone.use(ask(client, "/sign-in/passkey/options", STEP))
    assert send(client, f"{STEP}/passkey", page=STEP, answer=answer).location == STEP
    answer = phone.use(ask(client, f"{STEP}/options", STEP))
    assert send(client, "/sign-in/passkey", page=STEP, answer=answer).location == "/sign-in"
    assert faults(app) == ["over", "over"]


@pytest.mark.parametrize("user", [b"", b"x" * 32])
def test_a_passkey_that_names_another_account_does_not_let_in(app: Flask, mine: FlaskClient, phone, user: bytes):
    add_passkey(mine, phone)
    phone.kept[0].user = user
    assert use_alone(app.test_client(), phone).location == "/sign-in"
    assert faults(app) == ["anothers"]


def test_a_removed_passkey_does_not_let_in(app: Flask, mine: FlaskClient, phone: Authenticator):
    add_passkey(mine, phone)
    send(mine, f"/account/second-factor/passkeys/{passkeys(app)[0].id}/remove", present=PASSWORD)
    assert use_alone(app.test_client(), phone).location == "/sign-in"
    assert faults(app) == ["unknown"]


def test_a_disabled_account_stays_closed(app: Flask, mine: FlaskClient, email: str, phone: Authenticator):
    add_passkey(mine, phone)
    with app.app_context():
        db.session.execute(update(Account).where(Account.email == email).values(is_disabled=True))
        db.session.commit()
    assert use_alone(app.test_client(), phone).location == "/sign-in"
    assert faults(app) == ["closed"]


def test_staff_do_not_come_in_by_the_residents_door(app: Flask, world: World, mine: FlaskClient, phone: Authenticator):
    add_passkey(mine, phone)
    with app.app_context():
        clerk = world.account_ids["clerk"]
        db.session.execute(update(Passkey).values(account_id=clerk))
        db.session.commit()
        phone.kept[0].user = handle_of(clerk)
    assert use_alone(app.test_client(), phone).location == "/sign-in"
    assert faults(app) == ["closed"]


@pytest.mark.parametrize("answer", ["", "{}", "[]", "[" * 9000, '{"id": "\\u0000"}', "x" * 30_000])
def test_what_is_no_answer_is_refused(app: Flask, client: FlaskClient, answer: str):
    ask(client, "/sign-in/passkey/options", "/sign-in")
    assert send(client, "/sign-in/passkey", page="/sign-in", answer=answer).location == "/sign-in"
    assert faults(app) == ["invalid"]


def test_a_new_browser_is_told(app: Flask, mine: FlaskClient, phone: Authenticator):
    add_passkey(mine, phone)
    assert use_alone(app.test_client(), phone).location == "/home"
    assert use_alone(app.test_client(), phone).location == "/home"
    assert [mail.kind for mail in received(app)][1:] == [MailKind.NEW_DEVICE]


def change_password_by_mail(app: Flask, email: str, new: str) -> None:
    """Choose a new password by a mailed link, as one does when a stranger was in."""
    send(app.test_client(), "/forgotten-password", email=email)
    assert send(app.test_client(), f"/reset-password/{received(app)[-1].token}", password=new).status_code == 303


def test_after_a_new_password_a_stranger_s_passkey_does_not_let_in_alone(app: Flask, mine: FlaskClient, email: str):
    stranger, new = Authenticator(), "uusi korvapuusti 77"
    add_passkey(mine, stranger)
    assert use_alone(app.test_client(), stranger).location == "/home"
    change_password_by_mail(app, email, new)
    thief = app.test_client()
    thief.set_cookie("lang", "en")
    assert use_alone(thief, stranger).location == "/sign-in"
    assert "Your password has changed" in thief.get("/sign-in").text
    assert not is_signed_in(thief)
    assert faults(app) == ["needs_password"]


def test_used_with_the_new_password_it_lets_in_alone_again(app: Flask, mine: FlaskClient, email: str, phone):
    new = "uusi korvapuusti 77"
    add_passkey(mine, phone)
    change_password_by_mail(app, email, new)
    client = app.test_client()
    assert send(client, "/sign-in", email=email, password=new).location == STEP
    assert use_second(client, phone).location == "/home"
    assert use_alone(app.test_client(), phone).location == "/home"


def test_after_an_undone_change_of_the_email_no_passkey_lets_in_alone(app: Flask, mine: FlaskClient, email: str):
    stranger = Authenticator()
    send(mine, "/account/email", email="stranger@example.fi", password=PASSWORD)
    for kind in (MailKind.CONFIRM_OLD_EMAIL, MailKind.CONFIRM_NEW_EMAIL):
        [mail] = [mail for mail in received(app) if mail.kind is kind]
        assert send(app.test_client(), f"/account/email/confirm/{mail.token}").status_code == 200
    add_passkey(mine, stranger)
    [mail] = [mail for mail in received(app) if mail.kind is MailKind.EMAIL_CHANGED]
    assert mail.to == email
    assert send(app.test_client(), f"/account/email/undo/{mail.token}").status_code == 303
    thief = app.test_client()
    assert use_alone(thief, stranger).location == "/sign-in"
    assert not is_signed_in(thief)
