"""The staff's door: two factors, enrolment, recovery codes, and who must not come in by it."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from heka_portal import clock
from heka_portal.config import Settings
from heka_portal.domain.accounts.operations.passwords import hash_password
from heka_portal.extensions import SETTINGS, db
from heka_portal.models.accounts import Account, LoginSession
from heka_portal.vocabulary import AuditAction, MailKind
from tests.blueprints.second_factor.steps import CODE, code_now, secret_on
from tests.support.roles import World
from tests.support.sending import audited, received, send

PASSWORD = "korvapuusti lamppu"


@pytest.fixture
def email(app: Flask, world: World) -> str:
    """The email of the clerk, who has a password and no second factor yet."""
    with app.app_context():
        account = world.account("clerk")
        account.password_hash = hash_password(PASSWORD)
        db.session.commit()
        return account.email


def sign_in(client: FlaskClient, email: str, password: str = PASSWORD, path: str = "/staff/sign-in") -> TestResponse:
    return send(client, path, email=email, password=password)


def is_signed_in(client: FlaskClient) -> bool:
    return client.get("/account/sessions").status_code == 200


def enrolled(app: Flask, email: str) -> tuple[FlaskClient, str, list[str]]:
    """A browser that has just enrolled: with its secret and recovery codes."""
    client = app.test_client()
    sign_in(client, email)
    secret = secret_on(client.get("/staff/enrol"))
    page = send(client, "/staff/enrol", code=code_now(secret))
    return client, secret, CODE.findall(page.text)


def test_the_first_sign_in_enrols(app: Flask, client: FlaskClient, email: str):
    assert sign_in(client, email).location == "/staff/enrol"
    assert not is_signed_in(client), "a password alone opens nothing"
    page = client.get("/staff/enrol?lang=en")
    assert 'src="data:image/svg+xml' in page.text
    secret = secret_on(page)
    assert secret == secret_on(client.get("/staff/enrol")), "a reload keeps the picture"
    wrong = send(client, "/staff/enrol?lang=en", code="000000")
    assert wrong.status_code == 200
    assert "This code does not work" in wrong.text
    assert not is_signed_in(client)
    shown = send(client, "/staff/enrol?lang=en", code=code_now(secret))
    codes = CODE.findall(shown.text)
    assert len(set(codes)) == 10
    assert 'href="/admin/"' in shown.text
    assert is_signed_in(client)
    assert audited(app) == [AuditAction.SECOND_FACTOR_ENROLLED, AuditAction.SIGNED_IN]
    with app.app_context():
        account = db.session.scalars(select(Account).where(Account.email == email)).one()
        assert account.totp_secret == secret
        kept = db.session.execute(
            db.text("SELECT totp_secret, recovery_codes FROM accounts WHERE email = :e"), {"e": email}
        ).one()
    assert secret not in kept.totp_secret, "the secret is encrypted"
    assert not any(code.replace("-", "") in str(kept.recovery_codes) for code in codes), "the codes are hashed"
    assert client.get("/staff/enrol").location == "/staff/sign-in", "the codes are shown once"


def test_the_next_sign_in_asks_for_the_code(app: Flask, email: str):
    with time_machine.travel(clock.now(), tick=False) as time:
        _, secret, _ = enrolled(app, email)
        time.shift(timedelta(minutes=5))
        client = app.test_client()
        assert sign_in(client, email).location == "/staff/second-factor"
        assert not is_signed_in(client)
        assert send(client, "/staff/second-factor", code=code_now(secret)).location == "/admin/"
        assert is_signed_in(client)
        with app.app_context():
            last = db.session.scalars(select(LoginSession).order_by(LoginSession.id.desc())).first()
            assert last is not None
            assert last.expires_at - last.created_at == timedelta(hours=8)


def test_a_code_works_once(app: Flask, email: str):
    with time_machine.travel(clock.now(), tick=False) as time:
        _, secret, _ = enrolled(app, email)
        again = app.test_client()
        sign_in(again, email)
        assert send(again, "/staff/second-factor", code=code_now(secret)).status_code == 200, "enrolment used it"
        time.shift(timedelta(seconds=30))
        code = code_now(secret)
        assert send(again, "/staff/second-factor", code=f" {code[:3]} {code[3:]} ").status_code == 303
        onlooker = app.test_client()
        sign_in(onlooker, email)
        assert send(onlooker, "/staff/second-factor", code=code).status_code == 200
        assert not is_signed_in(onlooker)


@pytest.mark.parametrize(("steps", "comes_in"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_phones_clock_may_be_one_step_off(app: Flask, email: str, steps: int, comes_in: bool):
    with time_machine.travel(clock.now(), tick=False) as time:
        _, secret, _ = enrolled(app, email)
        time.shift(timedelta(minutes=5))
        client = app.test_client()
        sign_in(client, email)
        answer = send(client, "/staff/second-factor", code=code_now(secret, steps=steps))
        assert (answer.status_code == 303) is comes_in


def test_a_recovery_code_lets_in_once(app: Flask, email: str):
    _, _, codes = enrolled(app, email)
    for expected in (303, 200):
        client = app.test_client()
        sign_in(client, email)
        assert send(client, "/staff/second-factor", code=codes[3].upper()).status_code == expected
    client = app.test_client()
    sign_in(client, email)
    assert send(client, "/staff/second-factor", code=codes[4].replace("-", " ")).status_code == 303
    with app.app_context():
        account = db.session.scalars(select(Account).where(Account.email == email)).one()
        assert len(account.recovery_codes) == 8


@pytest.mark.parametrize("code", ["", "1", "abcdef", "１２３４５６", "-", "\x00", "0" * 40])
def test_what_is_no_code_is_refused(app: Flask, email: str, code: str):
    enrolled(app, email)
    client = app.test_client()
    sign_in(client, email)
    assert send(client, "/staff/second-factor", code=code).status_code == 200
    assert not is_signed_in(client)


def test_guesses_at_the_code_are_braked_and_recorded(app: Flask, email: str):
    enrolled(app, email)
    client = app.test_client()
    sign_in(client, email)
    answers = [send(client, "/staff/second-factor", code=f"{n:06}").status_code for n in range(10)]
    assert answers[:9] == [200] * 9
    assert answers[9] == 429, "the code of the enrolment counts too"
    assert AuditAction.SIGN_IN_FAILED in audited(app)


def test_slow_guesses_are_stopped_by_the_day_and_told_once(app: Flask, email: str):
    with time_machine.travel(clock.now(), tick=False) as time:
        enrolled(app, email)
        answers = []
        for n in range(24):
            time.shift(timedelta(minutes=16))
            client = app.test_client()
            sign_in(client, email)
            answers.append(send(client, "/staff/second-factor", code=f"{n:06}").status_code)
        assert answers == [200] * 20 + [429] * 4
        assert [(mail.kind, mail.to) for mail in received(app)] == [(MailKind.WRONG_CODES, email)]


def test_between_the_factors_time_is_short(app: Flask, email: str):
    with time_machine.travel(clock.now(), tick=False) as time:
        _, secret, _ = enrolled(app, email)
        client = app.test_client()
        sign_in(client, email)
        time.shift(timedelta(minutes=10, seconds=1))
        assert client.get("/staff/second-factor").location == "/staff/sign-in"
        assert (
            send(client, "/staff/second-factor", page="/register", code=code_now(secret)).location == "/staff/sign-in"
        )


def test_a_password_changed_meanwhile_ends_the_half_way(app: Flask, email: str):
    enrolled(app, email)
    client = app.test_client()
    sign_in(client, email)
    with app.app_context():
        db.session.execute(update(Account).where(Account.email == email).values(password_hash="another"))
        db.session.commit()
    assert client.get("/staff/second-factor").location == "/staff/sign-in"


def test_nobody_enrols_over_a_second_factor(app: Flask, email: str):
    slow = app.test_client()
    sign_in(slow, email)
    theirs = secret_on(slow.get("/staff/enrol"))
    _, secret, _ = enrolled(app, email)
    assert slow.get("/staff/enrol").location == "/staff/sign-in"
    answer = send(slow, "/staff/enrol", page="/register", code=code_now(theirs))
    assert answer.location == "/staff/sign-in"
    with app.app_context():
        assert db.session.scalars(select(Account.totp_secret).where(Account.email == email)).one() == secret


def test_residents_do_not_come_in_here_nor_staff_at_the_residents_door(app: Flask, world: World, email: str):
    with app.app_context():
        resident = world.account("main_tenant")
        resident.password_hash = hash_password(PASSWORD)
        db.session.commit()
        residents_email = resident.email
    answers = {
        path: sign_in(app.test_client(), who, path=f"{path}?lang=en")
        for path, who in (("/staff/sign-in", residents_email), ("/sign-in", email))
    }
    for answer in answers.values():
        assert answer.status_code == 200
        assert "The email or the password is wrong" in answer.text
    assert audited(app) == [AuditAction.SIGN_IN_FAILED] * 2


def test_the_second_factor_can_be_off_in_development(
    app: Flask, settings: Settings, email: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setitem(app.extensions, SETTINGS, settings.model_copy(update={"staff_second_factor": False}))
    client = app.test_client()
    assert sign_in(client, email).location == "/admin/"
    assert is_signed_in(client)
    assert client.get("/staff/sign-in").location == "/admin/"


def test_the_page_asked_for_is_come_back_to(app: Flask, email: str):
    with time_machine.travel(clock.now(), tick=False) as time:
        _, secret, _ = enrolled(app, email)
        time.shift(timedelta(minutes=5))
        client = app.test_client()
        sign_in(client, email, path="/staff/sign-in?next=/account/password")
        assert send(client, "/staff/second-factor", code=code_now(secret)).location == "/account/password"
        client = app.test_client()
        sign_in(client, email, path="/staff/sign-in?next=//evil.example")
        assert send(client, "/staff/second-factor", code=code_now(secret, steps=1)).location == "/admin/"


def test_staff_sign_out_to_their_own_door(app: Flask, email: str):
    client, _, _ = enrolled(app, email)
    answer = send(client, "/staff/sign-out", page="/account/password")
    assert answer.location == "/staff/sign-in"
    assert "Clear-Site-Data" in answer.headers
    assert not is_signed_in(client)


def test_a_new_browser_of_staff_is_told_too(app: Flask, email: str):
    with time_machine.travel(clock.now(), tick=False) as time:
        first, secret, _ = enrolled(app, email)
        assert received(app) == []
        time.shift(timedelta(minutes=5))
        send(first, "/staff/sign-out", page="/account/password")
        sign_in(first, email)
        send(first, "/staff/second-factor", code=code_now(secret))
        assert received(app) == [], "enrolment made this browser known"
        time.shift(timedelta(minutes=5))
        second = app.test_client()
        sign_in(second, email)
        send(second, "/staff/second-factor", code=code_now(secret))
        assert [mail.to for mail in received(app)] == [email]


@pytest.mark.parametrize("path", ["/staff/second-factor", "/staff/enrol"])
def test_without_the_first_factor_there_is_no_second(client: FlaskClient, path: str):
    assert client.get(path).location == "/staff/sign-in"


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_the_pages_speak_three_languages(app: Flask, client: FlaskClient, email: str, language: str):
    query = {"lang": language}
    assert f'<html lang="{language}">' in client.get("/staff/sign-in", query_string=query).text
    sign_in(client, email)
    assert f'<html lang="{language}">' in client.get("/staff/enrol", query_string=query).text
    enrolled(app, email)
    later = app.test_client()
    sign_in(later, email)
    assert f'<html lang="{language}">' in later.get("/staff/second-factor", query_string=query).text
