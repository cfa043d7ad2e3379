"""What tests of the outbox take."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from tests.factories.mails import Office


@pytest.fixture
def office(app: Flask) -> Iterator[Office]:
    """An outbox with a sender at hand, in a context of its own: no client is used around it."""
    with app.app_context():
        yield Office()
