"""What residents do with a second factor, as their browsers send it."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pyotp
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from heka_portal import clock
from heka_portal.extensions import db
from heka_portal.models.accounts import Account
from heka_portal.models.passkeys import Passkey
from tests.blueprints.auth.door import PASSWORD, sign_in
from tests.support.authenticator import Authenticator
from tests.support.sending import send, token_of

OWN = "/account/second-factor"
STEP = "/sign-in/second-step"
CODE = re.compile(r"<li>([a-z2-9]{4}-[a-z2-9]{4}-[a-z2-9]{4})</li>")


def code_now(secret: str, *, steps: int = 0) -> str:
    """What the app shows now, or some steps from now."""
    return pyotp.TOTP(secret).at(clock.now(), counter_offset=steps)


def secret_on(page: TestResponse) -> str:
    found = re.search(r'id="secret">([A-Z2-7]+)<', page.text)
    assert found is not None
    return found[1]


def add_app(client: FlaskClient) -> tuple[str, list[str]]:
    """Take a code app into use; its secret and the recovery codes."""
    secret = secret_on(client.get(f"{OWN}/app"))
    page = send(client, f"{OWN}/app?lang=en", present=PASSWORD, code=code_now(secret))
    assert page.status_code == 200
    return secret, CODE.findall(page.text)


def ask(client: FlaskClient, options: str, page: str) -> dict[str, Any]:
    """What the page's script is told to ask of the browser."""
    answer = client.post(options, data={"csrf_token": token_of(client.get(page))})
    assert (answer.status_code, answer.mimetype) == (200, "application/json")
    told: dict[str, Any] = answer.get_json()
    return told


def begin_passkey(client: FlaskClient, name: str = "My phone") -> dict[str, Any]:
    """Name a passkey, and what the script is told then."""
    answer = send(client, f"{OWN}/passkeys/new", called=name, present=PASSWORD)
    assert answer.location == f"{OWN}/passkeys/make"
    return ask(client, f"{OWN}/passkeys/options", f"{OWN}/passkeys/make")


def finish_passkey(client: FlaskClient, answer: str) -> TestResponse:
    return send(client, f"{OWN}/passkeys/make?lang=en", answer=answer)


def add_passkey(client: FlaskClient, device: Authenticator, name: str = "My phone") -> TestResponse:
    """Make a passkey in a device."""
    return finish_passkey(client, device.make(begin_passkey(client, name)))


def use_alone(client: FlaskClient, device: Authenticator) -> TestResponse:
    """Sign in by a passkey alone."""
    answer = device.use(ask(client, "/sign-in/passkey/options", "/sign-in"))
    return send(client, "/sign-in/passkey", page="/sign-in", answer=answer)


def halfway(app: Flask, email: str) -> FlaskClient:
    """A browser that has given the password of an account with a second factor."""
    client = app.test_client()
    assert sign_in(client, email).location == STEP
    return client


def use_second(client: FlaskClient, device: Authenticator) -> TestResponse:
    """Take the second step by a passkey."""
    answer = device.use(ask(client, f"{STEP}/options", STEP))
    return send(client, f"{STEP}/passkey", page=STEP, answer=answer)


def account_of(app: Flask, email: str) -> Account:
    with app.app_context():
        return db.session.query(Account).filter_by(email=email).one()


def passkeys(app: Flask) -> list[Passkey]:
    with app.app_context():
        return db.session.query(Passkey).order_by(Passkey.id).all()


NEXT_CODE = timedelta(seconds=30)
