"""Coming in by the residents' door."""

from __future__ import annotations

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from heka_portal.domain.accounts.operations.passwords import hash_password
from heka_portal.extensions import db
from tests.support.roles import World
from tests.support.sending import send

PASSWORD = "korvapuusti lamppu"


def give_password(app: Flask, world: World, role: str) -> str:
    with app.app_context():
        account = world.account(role)
        account.password_hash = hash_password(PASSWORD)
        db.session.commit()
        return account.email


def sign_in(client: FlaskClient, email: str, password: str = PASSWORD, path: str = "/sign-in?lang=en") -> TestResponse:
    return send(client, path, email=email, password=password)


def is_signed_in(client: FlaskClient) -> bool:
    return client.get("/account/sessions").status_code == 200
