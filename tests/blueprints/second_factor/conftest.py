"""A resident with a password, signed in."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.blueprints.auth.door import give_password
from tests.support.authenticator import Authenticator
from tests.support.roles import ClientFor, World


@pytest.fixture
def email(app: Flask, world: World) -> str:
    """The email of the main tenant, who has a password."""
    return give_password(app, world, "main_tenant")


@pytest.fixture
def mine(email: str, client_for: ClientFor) -> FlaskClient:
    """The main tenant's browser."""
    return client_for("main_tenant")


@pytest.fixture
def phone() -> Authenticator:
    """A device of the main tenant's."""
    return Authenticator()
