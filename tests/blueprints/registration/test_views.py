"""Registration after identification: choosing, confirming, and everybody who should not get in that way."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from heka_portal import clock
from heka_portal.domain.accounts.operations.passwords import fits
from heka_portal.domain.accounts.queries import hash_key
from heka_portal.extensions import db
from heka_portal.models.accounts import Account, AccountToken, Identification, KnownDevice, LoginSession
from heka_portal.models.email_changes import EmailChange
from heka_portal.models.passkeys import Passkey
from heka_portal.models.people import Person
from heka_portal.vocabulary import AuditAction, IdentificationState, MailKind, RegistrationObstacle
from tests.factories.accounts import make_account, make_session
from tests.factories.homes import make_apartment
from tests.factories.identifications import identified_client
from tests.factories.leases import let
from tests.factories.passkeys import make_passkey
from tests.factories.people import make_person
from tests.support.sending import audited, received, send

PASSWORD = "korvapuusti lamppu"
EMAIL = "aino@example.fi"


@pytest.fixture
def person_id(app: Flask) -> int:
    """Someone who lives in a home and has no account."""
    with app.app_context():
        person = make_person(first_names="Aino Maria", last_name="Virtanen")
        let(make_apartment(), person)
        db.session.commit()
        return person.id


def choose(client: FlaskClient, email: str = EMAIL, password: str = PASSWORD):
    return send(client, "/register/account?lang=en", email=email, password=password)


def registered(app: Flask, person_id: int, **wanted: str) -> tuple[FlaskClient, str]:
    """A browser that has chosen, and the token it was mailed."""
    client = identified_client(app, person_id)
    assert choose(client, **wanted).status_code == 303
    return client, received(app)[-1].token


def account_of(app: Flask, person_id: int) -> Account | None:
    with app.app_context():
        return db.session.scalar(select(Account).where(Account.person_id == person_id))


def is_signed_in(client: FlaskClient) -> bool:
    return client.get("/account/sessions").status_code == 200


def test_a_person_registers(app: Flask, person_id: int):
    client = identified_client(app, person_id)
    assert "Aino Virtanen" in client.get("/register/account?lang=en").text
    answer = choose(client, email="Aino@Example.FI")
    assert answer.location == "/register/sent"
    assert "Aino@example.fi" in client.get("/register/sent").text
    assert account_of(app, person_id) is None, "there is no account before the link was opened"
    [mail] = received(app)
    assert (mail.kind, mail.to) == (MailKind.CONFIRM_ACCOUNT, EMAIL)
    page = client.get(f"/confirm/{mail.token}")
    assert page.status_code == 200
    assert 'type="password"' not in page.text
    assert account_of(app, person_id) is None, "a mail scanner that follows the link confirms nothing"
    answer = send(client, f"/confirm/{mail.token}")
    assert answer.location == "/home"
    account = account_of(app, person_id)
    assert account is not None
    assert (account.email, str(account.language)) == (EMAIL, "en")
    assert is_signed_in(client)
    assert audited(app) == [AuditAction.ACCOUNT_OPENED, AuditAction.SIGNED_IN]
    assert [mail.kind for mail in received(app)] == [MailKind.CONFIRM_ACCOUNT]


def test_the_new_account_can_sign_in(app: Flask, person_id: int):
    client, token = registered(app, person_id)
    send(client, f"/confirm/{token}")
    other = app.test_client()
    assert send(other, "/sign-in", email=EMAIL, password=PASSWORD).location == "/home"


def test_a_link_works_once(app: Flask, person_id: int):
    client, token = registered(app, person_id)
    send(client, f"/confirm/{token}")
    again = app.test_client()
    answer = again.get(f"/confirm/{token}")
    assert answer.status_code == 410
    assert "/sign-in" in answer.text


def test_two_presses_at_once_open_one_account(app: Flask, person_id: int):
    client, token = registered(app, person_id)
    page = client.get(f"/confirm/{token}")
    csrf = re.search(r'name="csrf_token"[^>]* value="([^"]+)"', page.text)
    assert csrf is not None
    data = {"csrf_token": csrf[1]}
    assert client.post(f"/confirm/{token}", data=data).status_code == 303
    with client.session_transaction() as visit:
        visit.clear()
    answer = app.test_client().get(f"/confirm/{token}")
    assert answer.status_code == 410
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Account)) == 1


def test_a_link_is_dead_after_a_day(app: Flask, person_id: int):
    with time_machine.travel(clock.now(), tick=False) as time:
        client, token = registered(app, person_id)
        time.shift(timedelta(hours=24, seconds=-1))
        assert client.get(f"/confirm/{token}").status_code == 200
        time.shift(timedelta(seconds=1))
        assert client.get(f"/confirm/{token}").status_code == 410


def test_only_the_newest_link_works(app: Flask, person_id: int):
    client, first = registered(app, person_id)
    assert choose(client, email="aino.virtanen@example.fi").status_code == 303
    second = received(app)[-1].token
    assert client.get(f"/confirm/{first}").status_code == 410
    assert send(client, f"/confirm/{second}").status_code == 303
    account = account_of(app, person_id)
    assert account is not None
    assert account.email == "aino.virtanen@example.fi"


def test_a_stranger_who_gets_the_link_needs_the_password(app: Flask, person_id: int):
    _, token = registered(app, person_id)
    stranger = app.test_client()
    page = stranger.get(f"/confirm/{token}?lang=en")
    assert 'type="password"' in page.text
    for guess in ({}, {"password": ""}, {"password": "salasana12345"}):
        answer = send(stranger, f"/confirm/{token}?lang=en", **guess)
        assert answer.status_code == 200
        assert answer.text.count("<title>Error:") == 1
    assert not is_signed_in(stranger)
    assert account_of(app, person_id) is None
    assert send(stranger, f"/confirm/{token}", password=PASSWORD).status_code == 303
    assert is_signed_in(stranger)


def test_guesses_at_a_link_are_braked(app: Flask, person_id: int):
    _, token = registered(app, person_id)
    stranger = app.test_client()
    answers = [send(stranger, f"/confirm/{token}", password=f"guess number {n}").status_code for n in range(11)]
    assert answers == [200] * 10 + [429]


def test_the_token_is_not_in_the_database(app: Flask, person_id: int):
    _, token = registered(app, person_id)
    with app.app_context():
        kept = db.session.scalars(select(AccountToken)).one()
        assert token not in (kept.token_hash, kept.password_hash)
        assert PASSWORD not in (kept.password_hash or "")
        assert fits(PASSWORD, kept.password_hash)


def test_another_browser_has_no_part_in_an_identification(app: Flask, person_id: int):
    identified_client(app, person_id)
    stranger = app.test_client()
    assert stranger.get("/register/account?lang=en").location == "/register"
    assert "Identify yourself first" in stranger.get("/register?lang=en").text
    assert send(stranger, "/register/account", page="/register", email=EMAIL, password=PASSWORD).location == "/register"
    assert received(app) == []


def test_an_identification_works_for_half_an_hour(app: Flask, person_id: int):
    with time_machine.travel(clock.now(), tick=False) as time:
        client = identified_client(app, person_id)
        time.shift(timedelta(minutes=30, seconds=-1))
        assert client.get("/register/account").status_code == 200
        time.shift(timedelta(seconds=1))
        assert client.get("/register/account").location == "/register"


def test_an_identification_is_used_up_by_the_confirmation(app: Flask, person_id: int):
    client, token = registered(app, person_id)
    browser = identified_client(app, person_id)
    send(client, f"/confirm/{token}")
    assert browser.get("/register/account").location == "/register"
    with app.app_context():
        assert set(db.session.scalars(select(Identification.state))) == {IdentificationState.USED}


@pytest.mark.parametrize(
    ("email", "password", "words"),
    [
        ("", PASSWORD, "Write your email address"),
        ("aino", PASSWORD, "Check the email address"),
        (EMAIL, "", "Write a password"),
        (EMAIL, "korvapuusti", "Use at least 12 characters"),
        (EMAIL, "salasana1234", "easy to guess"),
        (EMAIL, "AinoVirtanen1", "too much of your own data"),
        (EMAIL, "aino@example.fi", "too much of your own data"),
    ],
)
def test_what_does_not_do_is_said_at_the_field(app: Flask, person_id: int, email: str, password: str, words: str):
    client = identified_client(app, person_id)
    answer = choose(client, email=email, password=password)
    assert answer.status_code == 200
    assert words in answer.text
    assert "<title>Error:" in answer.text
    assert email in answer.text
    assert received(app) == []


def test_an_email_of_another_account_looks_the_same_and_is_explained_by_mail(app: Flask, person_id: int):
    with app.app_context():
        make_account(make_person(), email=EMAIL)
        db.session.commit()
    client = identified_client(app, person_id)
    taken = choose(client)
    taken_page = client.get(taken.location).text
    other = identified_client(app, person_id)
    free = choose(other, email="free@example.fi")
    assert (taken.status_code, taken.location) == (free.status_code, free.location)
    assert taken_page.replace(EMAIL, "") == other.get(free.location).text.replace("free@example.fi", "")
    with client.session_transaction() as mine, other.session_transaction() as theirs:
        assert mine.keys() == theirs.keys()
        assert {name: len(text) for name, text in mine["chosen"].items() if name == "link"} == {"link": 64}
    mails = received(app)
    assert [(mail.kind, mail.to) for mail in mails] == [
        (MailKind.EMAIL_IN_USE, EMAIL),
        (MailKind.CONFIRM_ACCOUNT, "free@example.fi"),
    ]
    assert mails[0].params == {}


def test_an_email_taken_meanwhile_is_told(app: Flask, person_id: int):
    client, token = registered(app, person_id)
    with app.app_context():
        make_account(make_person(), email=EMAIL)
        db.session.commit()
    answer = send(client, f"/confirm/{token}?lang=en")
    assert answer.status_code == 409
    assert "Choose another email" in answer.text
    assert account_of(app, person_id) is None
    assert not is_signed_in(client)


def test_the_way_back_ends_everything_of_before(app: Flask, person_id: int):
    with app.app_context():
        account = make_account(db.session.get_one(Person, person_id), email="old@example.fi")
        key = make_session(account)
        db.session.add(
            KnownDevice(account_id=account.id, device_hash="x", first_seen_at=clock.now(), last_seen_at=clock.now())
        )
        db.session.commit()
        account_id = account.id
    thief = app.test_client()
    with thief.session_transaction() as visit:
        visit["_user_id"] = key
    assert is_signed_in(thief)
    send(app.test_client(), "/forgotten-password", email="old@example.fi")
    reset = received(app)[-1].token
    client, token = registered(app, person_id)
    assert is_signed_in(thief), "nothing changes before the link was opened"
    assert send(client, f"/confirm/{token}").status_code == 303
    assert not is_signed_in(thief)
    assert is_signed_in(client)
    assert app.test_client().get(f"/reset-password/{reset}").status_code == 410
    renewed = account_of(app, person_id)
    assert renewed is not None
    assert (renewed.id, renewed.email) == (account_id, EMAIL)
    told = [(mail.kind, mail.to) for mail in received(app)][2:]
    assert told == [(MailKind.PASSWORD_CHANGED, "old@example.fi")]
    assert AuditAction.CREDENTIALS_RENEWED in audited(app)
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(KnownDevice)) == 1


def test_after_the_way_back_no_old_mailbox_undoes_a_change_of_the_email(app: Flask, person_id: int):
    """A stranger who had the old mailbox, changed the email and kept the link would else get the account back."""
    now, undo = clock.now(), "the-link-a-stranger-kept"
    with app.app_context():
        account = make_account(db.session.get_one(Person, person_id), email="stranger@example.fi")
        db.session.add(
            EmailChange(
                account_id=account.id,
                old_email="old@example.fi",
                new_email=account.email,
                new_token_hash="x",
                undo_token_hash=hash_key(undo),
                by_identification=False,
                created_at=now,
                expires_at=now + timedelta(days=1),
                done_at=now,
                undo_until=now + timedelta(days=7),
            )
        )
        db.session.commit()
    assert app.test_client().get(f"/account/email/undo/{undo}").status_code == 200
    client, token = registered(app, person_id)
    assert send(client, f"/confirm/{token}").status_code == 303
    assert app.test_client().get(f"/account/email/undo/{undo}").status_code == 410


def test_the_way_back_takes_the_second_factor_away_and_tells(app: Flask, person_id: int):
    with app.app_context():
        account = make_account(db.session.get_one(Person, person_id), email="old@example.fi", totp_secret="A" * 32)
        account.recovery_codes = ["x"]
        other = make_account(make_person(), email="other@example.fi")
        make_passkey(account)
        make_passkey(other)
        db.session.commit()
    client, token = registered(app, person_id)
    assert send(client, f"/confirm/{token}").status_code == 303
    assert is_signed_in(client), "nothing is asked for that may be lost"
    with app.app_context():
        renewed = db.session.scalars(select(Account).where(Account.person_id == person_id)).one()
        assert (renewed.totp_secret, renewed.recovery_codes) == (None, [])
        assert [each.account_id for each in db.session.scalars(select(Passkey))] == [
            db.session.scalars(select(Account.id).where(Account.email == "other@example.fi")).one()
        ]
    told = [mail.to for mail in received(app) if mail.kind is MailKind.SECOND_FACTOR_RESET]
    assert told == sorted([EMAIL, "old@example.fi"])
    assert AuditAction.SECOND_FACTOR_RESET in audited(app)
    later = app.test_client()
    assert send(later, "/sign-in", email=EMAIL, password=PASSWORD).location == "/home"


def test_a_disabled_account_stays_closed(app: Flask, person_id: int):
    with app.app_context():
        make_account(db.session.get_one(Person, person_id), email=EMAIL, is_disabled=True)
        db.session.commit()
    client, token = registered(app, person_id)
    assert send(client, f"/confirm/{token}").status_code == 403
    assert not is_signed_in(client)
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(LoginSession)) == 0


@pytest.mark.parametrize(
    ("obstacle", "words"),
    [
        (RegistrationObstacle.NOT_IN_REGISTER, "We did not find you in our register"),
        (RegistrationObstacle.UNDER_AGE, "You can register when you are 18"),
        (RegistrationObstacle.NO_HOME, "No home of ours is on your name"),
        (RegistrationObstacle.LEASE_ENDED, "Your lease has ended"),
    ],
)
def test_who_cannot_register_is_told_why_and_what_to_do(app: Flask, person_id, obstacle, words):
    known = None if obstacle is RegistrationObstacle.NOT_IN_REGISTER else person_id
    client = identified_client(app, known, obstacle=obstacle)
    page = client.get("/register/not-possible?lang=en").text
    assert words in page
    assert "tel:+358957673000" in page
    assert "/contact#offices" in page
    assert client.get("/register/account").location == "/register/not-possible"
    answer = send(client, "/register/account", page="/register", email=EMAIL, password=PASSWORD)
    assert answer.location == "/register/not-possible"
    assert received(app) == []


def test_every_obstacle_has_its_page(app: Flask):
    for obstacle in RegistrationObstacle:
        for language in ("fi", "sv", "en"):
            client = identified_client(app, None, obstacle=obstacle)
            assert client.get(f"/register/not-possible?lang={language}").status_code == 200


def test_without_an_identification_there_is_nothing_to_say(client: FlaskClient):
    assert client.get("/register/not-possible").location == "/register"
    assert client.get("/register/sent").location == "/register"


def test_mails_to_one_address_are_braked(app: Flask, person_id: int):
    client = identified_client(app, person_id)
    assert [choose(client).status_code for _ in range(4)] == [303, 303, 303, 429]
