"""What every test may ask for: `settings`, `app` over a database as new, `client`; `--database` says which database."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import flask_migrate
import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import settings as property_tests

from devtools.machine import server_url
from heka_portal import create_app
from heka_portal.config import Settings, make_settings
from heka_portal.extensions import db
from heka_portal.workbench.front import KEPT as KEPT_FIGURES
from tests.support import strictness
from tests.support.client import CheckedClient
from tests.support.databases import Database, SqliteDatabase, postgres_database
from tests.support.roles import ClientFor, World, make_world, signed_in_client

BASE_URL = "http://localhost"

# No test asserts how fast something is: a machine that is busy is no fault of the code.
property_tests.register_profile("heka", property_tests.default, deadline=None)
property_tests.load_profile("heka")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database", choices=("sqlite", "postgresql"), default="sqlite", help="what the tests run on")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Choose what is a test on this database: what the other run says already, or only can say, is none here."""
    chosen = config.getoption("--database")
    elsewhere = [item for item in items if not belongs_to(item, chosen)]
    if elsewhere:
        config.hook.pytest_deselected(items=elsewhere)
        items[:] = [item for item in items if belongs_to(item, chosen)]


def belongs_to(item: pytest.Item, chosen: str) -> bool:
    """Whether a test says something about this database; one that uses none says it once, in the run on SQLite."""
    other = {"sqlite": "postgresql", "postgresql": "sqlite"}[chosen]
    uses_one = "database" in getattr(item, "fixturenames", ())
    return item.get_closest_marker(other) is None and (uses_one or chosen == "sqlite")


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(strictness)


@pytest.fixture(scope="session")
def database(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, worker_id: str
) -> Iterator[Database]:
    """The database of this worker, still empty."""
    if request.config.getoption("--database") == "sqlite":
        yield SqliteDatabase(tmp_path_factory.mktemp("database"))
        return
    with postgres_database(server_url(), f"heka_suite_{os.getpid()}_{worker_id}") as created:
        yield created


@pytest.fixture(scope="session")
def instance_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An instance folder of this worker: files and mail of the tests end up here."""
    return tmp_path_factory.mktemp("instance")


@pytest.fixture(scope="session")
def settings(database: Database, instance_path: Path) -> Settings:
    """Settings of the tests; `settings.model_copy(update=...)` makes others, for an application of their own."""
    return make_settings(
        environment="testing",
        instance_path=instance_path,
        database_url=database.url,
        base_url=BASE_URL,
        secret_key="tests " * 8,
        data_keys={"tests": b"d" * 32},
        lookup_key=b"l" * 32,
        password_time_cost=1,
        password_memory_kib=8,
        test_identity_codes=True,
        # The commands of tests run in the process of all tests, which would stay nice.
        worker_nice=0,
    )


@pytest.fixture(scope="session")
def application(settings: Settings, database: Database) -> Iterator[Flask]:
    """The one application of this worker, its database migrated. Tests take `app`."""
    app = create_app(settings)
    app.test_client_class = CheckedClient
    with app.app_context():
        flask_migrate.upgrade()
        database.attach(db.engine)
        engine = db.engine
    yield app
    engine.dispose()


@pytest.fixture
def app(application: Flask, database: Database) -> Flask:
    """The application over a database as new. No context is open: use `with app.app_context():` for set-up only."""
    database.renew()
    # The process is older than this database: what it counted in another is forgotten.
    application.extensions.pop(KEPT_FIGURES, None)
    return application


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """An anonymous client, which checks every page it is given."""
    return app.test_client()


@pytest.fixture
def world(app: Flask) -> World:
    """A home and all who have to do with it, committed."""
    with app.app_context():
        return make_world()


@pytest.fixture
def client_for(app: Flask, world: World) -> ClientFor:
    """`client_for(role)`: a client signed in as someone of the world."""
    return lambda role, **options: signed_in_client(app, world.account_ids[role], **options)


@pytest.fixture
def _push_request_context() -> None:
    """pytest-flask's own holds a context open around the test: the first client's user would sign in all others."""
