"""A resident with a password, signed in."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.blueprints.auth.door import give_password
from tests.support.roles import ClientFor, World


@pytest.fixture
def mine(app: Flask, world: World, client_for: ClientFor) -> FlaskClient:
    """The main tenant's browser; the account has a password."""
    give_password(app, world, "main_tenant")
    return client_for("main_tenant")
