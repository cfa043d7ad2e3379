from collections.abc import Callable
from itertools import count

import pytest

from tests.factories.register_files import SMALL, Outcome, Tables, run_import, write_folder


@pytest.fixture
def in_app(app):
    with app.app_context():
        yield


@pytest.fixture
def send(in_app, tmp_path) -> Callable[..., Outcome]:
    """Import a folder of these tables."""
    numbers = count(1)

    def send(tables: Tables, **options) -> Outcome:
        return run_import(write_folder(tmp_path / f"folder{next(numbers)}", tables), **options)

    return send


@pytest.fixture
def small(send):
    """The register holds one home, with everything that hangs on it."""
    assert send(SMALL).errors == []
