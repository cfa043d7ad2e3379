"""Someone with a password at the residents' door."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.blueprints.auth.door import give_password
from tests.support.roles import World


@pytest.fixture
def email(app: Flask, world: World) -> str:
    """The email of the main tenant, who has a password."""
    return give_password(app, world, "main_tenant")
