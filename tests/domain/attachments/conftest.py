"""What tests of files take."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from tests.factories.attachments import Scene, Shelf, set_scene


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


@pytest.fixture
def scene(app: Flask) -> Iterator[Scene]:
    """The scene, in a context of its own: no client is used around it."""
    with app.app_context():
        yield set_scene()
