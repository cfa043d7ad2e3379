"""A small application with the web plumbing alone: no database, no sign-in."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from heka_portal.config import Settings
from heka_portal.web import assets, contact, filters, forms, headers, i18n, shell, uploads


@pytest.fixture
def small(settings: Settings) -> Flask:
    """An application that has the plumbing and one page."""
    app = Flask("heka_portal")
    app.secret_key = "tests " * 8
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    app.extensions["heka_settings"] = settings
    for module in (i18n, headers, assets, filters, forms, uploads, contact, shell):
        module.init_app(app)
    app.add_url_rule("/page", "page", i18n.current_language, methods=["GET"])
    app.add_url_rule("/only-post", "only_post", i18n.same_page, methods=["POST"])
    app.add_url_rule("/", "public.front", lambda: "", methods=["GET"])
    app.add_template_global(lambda: "/home", "own_front")
    app.add_template_global(lambda _reader: (), "navigation_of")
    app.add_template_global(lambda _reader: None, "home_to_switch")
    return app


@pytest.fixture
def in_page(small: Flask) -> Callable[..., object]:
    """Call something as if a page were being made in a language."""

    def call(function: Callable[..., object], *args: object, language: str = "fi", **kwargs: object) -> object:
        with small.test_request_context(f"/page?lang={language}"):
            return function(*args, **kwargs)

    return call
