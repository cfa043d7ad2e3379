"""The code app and the recovery codes: on and off by who knows the password, told by mail."""

from __future__ import annotations

from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from heka_portal import clock
from heka_portal.extensions import db
from heka_portal.models.accounts import LoginSession
from heka_portal.vocabulary import AuditAction, MailKind
from tests.blueprints.auth.door import PASSWORD, is_signed_in, sign_in
from tests.blueprints.second_factor.steps import (
    CODE,
    NEXT_CODE,
    OWN,
    account_of,
    add_app,
    add_passkey,
    code_now,
    passkeys,
    secret_on,
)
from tests.support.authenticator import Authenticator
from tests.support.roles import ClientFor
from tests.support.sending import audited, received, send


def kinds(app: Flask) -> list[MailKind]:
    return [mail.kind for mail in received(app)]


def test_nothing_is_on_at_first(mine: FlaskClient, app: Flask, email: str):
    page = mine.get(f"{OWN}?lang=en").text
    assert "Add a passkey" in page
    assert "Take a code app into use" in page
    assert "Recovery codes" not in page
    assert sign_in(app.test_client(), email).location == "/home", "who wants none needs none"


def test_the_app_is_taken_into_use_by_password_and_code(app: Flask, mine: FlaskClient, email: str):
    page = mine.get(f"{OWN}/app?lang=en")
    assert 'src="data:image/svg+xml' in page.text
    secret = secret_on(page)
    assert secret_on(mine.get(f"{OWN}/app")) == secret, "a reload keeps the picture"
    wrong = send(mine, f"{OWN}/app?lang=en", present="not this one", code=code_now(secret))
    assert "This is not your present password" in wrong.text
    wrong = send(mine, f"{OWN}/app?lang=en", present=PASSWORD, code="000000")
    assert "This code does not work" in wrong.text
    assert account_of(app, email).totp_secret is None
    shown = send(mine, f"{OWN}/app?lang=en", present=PASSWORD, code=code_now(secret))
    assert len(set(CODE.findall(shown.text))) == 10
    assert account_of(app, email).totp_secret == secret
    assert is_signed_in(mine), "sessions of before stay"
    assert audited(app) == [AuditAction.SECOND_FACTOR_ENROLLED]
    assert [(mail.kind, mail.to) for mail in received(app)] == [(MailKind.CODE_APP_ADDED, email)]
    assert mine.get(f"{OWN}/app").location == OWN, "there is one app"
    assert send(mine, f"{OWN}/app", page=f"{OWN}/recovery-codes", present=PASSWORD, code="1").location == OWN
    assert "You have 10 codes left" in mine.get(f"{OWN}?lang=en").text


@pytest.mark.parametrize(
    ("path", "first", "last"),
    [("app", "Write the code", "Write your password"), ("passkeys/new", "Write a name", "Write your password")],
)
def test_what_is_to_be_mended_is_told_in_the_order_of_the_page(mine: FlaskClient, path: str, first: str, last: str):
    page = send(mine, f"{OWN}/{path}?lang=en", present="", code="", called="").text
    assert 0 < page.find(first) < page.find(last)


def test_new_codes_end_those_of_before(app: Flask, mine: FlaskClient, email: str):
    _, before = add_app(mine)
    wrong = send(mine, f"{OWN}/recovery-codes?lang=en", present="not this one")
    assert "This is not your present password" in wrong.text
    after = CODE.findall(send(mine, f"{OWN}/recovery-codes?lang=en", present=PASSWORD).text)
    assert len(set(after)) == 10
    assert not set(before) & set(after)
    assert kinds(app)[-1] is MailKind.RECOVERY_CODES_MADE
    assert audited(app)[-1] is AuditAction.RECOVERY_CODES_MADE
    for code, status in ((before[0], 200), (after[0], 303)):
        client = app.test_client()
        sign_in(client, email)
        assert send(client, "/sign-in/second-step", code=code).status_code == status


def test_there_are_no_codes_without_a_second_factor(app: Flask, mine: FlaskClient, email: str):
    assert mine.get(f"{OWN}/recovery-codes").location == OWN
    answer = send(mine, f"{OWN}/recovery-codes", page=f"{OWN}/app", present=PASSWORD)
    assert answer.location == OWN
    assert account_of(app, email).recovery_codes == []
    assert received(app) == []


def test_the_app_is_turned_off_by_password_and_code(app: Flask, mine: FlaskClient, email: str):
    with time_machine.travel(clock.now(), tick=False) as time:
        secret, codes = add_app(mine)
        off = f"{OWN}/app/off?lang=en"
        assert "This code does not work" in send(mine, off, present=PASSWORD, code=code_now(secret)).text, "used before"
        time.shift(NEXT_CODE)
        assert "not your present password" in send(mine, off, present="wrong", code=code_now(secret)).text
        assert account_of(app, email).totp_secret == secret
        assert len(account_of(app, email).recovery_codes) == 10
        assert send(mine, off, present=PASSWORD, code=code_now(secret)).location == OWN
        account = account_of(app, email)
        assert (account.totp_secret, account.totp_step, account.recovery_codes) == (None, None, [])
        assert kinds(app) == [MailKind.CODE_APP_ADDED, MailKind.CODE_APP_REMOVED]
        assert audited(app)[-1] is AuditAction.SECOND_FACTOR_REMOVED
        assert sign_in(app.test_client(), email).location == "/home"
        assert mine.get(off).location == OWN
        assert secret_on(mine.get(f"{OWN}/app")) != secret, "the next app gets a secret of its own"
        assert codes


def test_a_recovery_code_turns_the_app_off_too(app: Flask, mine: FlaskClient, email: str):
    _, codes = add_app(mine)
    assert send(mine, f"{OWN}/app/off", present=PASSWORD, code=codes[9]).location == OWN
    assert account_of(app, email).totp_secret is None


def test_with_a_passkey_the_codes_outlive_the_app(app: Flask, mine: FlaskClient, email: str, phone: Authenticator):
    _, codes = add_app(mine)
    add_passkey(mine, phone)
    assert send(mine, f"{OWN}/app/off", present=PASSWORD, code=codes[0]).location == OWN
    assert len(account_of(app, email).recovery_codes) == 9
    assert sign_in(app.test_client(), email).location == "/sign-in/second-step"


def test_guesses_at_turning_off_are_braked(mine: FlaskClient):
    add_app(mine)
    answers = [send(mine, f"{OWN}/app/off", present=PASSWORD, code=f"{n:06}").status_code for n in range(10)]
    assert (answers[0], answers[9]) == (200, 429)


def test_sessions_of_before_stay(app: Flask, mine: FlaskClient, client_for: ClientFor):
    other = client_for("main_tenant")
    add_app(mine)
    assert is_signed_in(other)
    with app.app_context():
        assert db.session.query(LoginSession).filter(LoginSession.ended_at.is_not(None)).count() == 0


@pytest.mark.parametrize("path", ["", "/app", "/app/off", "/recovery-codes", "/passkeys/new", "/passkeys/make"])
def test_staff_have_a_second_factor_of_their_own(client_for: ClientFor, path: str):
    assert client_for("clerk").get(OWN + path).status_code == 403


def test_the_menu_leads_there_for_residents_only(client_for: ClientFor):
    assert f'href="{OWN}"' in client_for("main_tenant").get("/account/sessions").text
    assert f'href="{OWN}"' not in client_for("clerk").get("/account/sessions").text


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_the_pages_that_are_shown_once_speak_three_languages(mine: FlaskClient, language: str):
    secret = secret_on(mine.get(f"{OWN}/app"))
    page = send(mine, f"{OWN}/app?lang={language}", present=PASSWORD, code=code_now(secret))
    assert f'<html lang="{language}">' in page.text


def test_nothing_of_the_app_is_kept_readable(app: Flask, mine: FlaskClient, email: str):
    secret, codes = add_app(mine)
    with app.app_context():
        kept: Any = db.session.execute(
            db.text("SELECT totp_secret, recovery_codes FROM accounts WHERE email = :e"), {"e": email}
        ).one()
    assert secret not in kept.totp_secret
    assert not any(code.replace("-", "") in str(kept.recovery_codes) for code in codes)
    assert passkeys(app) == []
