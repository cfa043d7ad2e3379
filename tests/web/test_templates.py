"""The templates' environment: one plain mapping of what every page may use."""

from __future__ import annotations

from flask import Flask

from heka_portal.web.templates import PortalEnvironment

MACRO = "components/buttons.html"


def test_a_template_has_the_globals_and_its_own_over_them(app: Flask) -> None:
    assert isinstance(app.jinja_env, PortalEnvironment)
    found = app.jinja_env.make_globals({"contact": "own", "more": 1})
    assert type(found) is dict, "the keys of a chain of mappings are compared one by one, at each import of a macro"
    assert (found["contact"], found["more"]) == ("own", 1)
    assert found["url_for"] is app.jinja_env.globals["url_for"]
    assert app.jinja_env.globals["contact"] != "own"


def test_macros_are_made_once(app: Flask) -> None:
    with app.test_request_context("/"):
        macros = app.jinja_env.get_template(MACRO).module
        assert app.jinja_env.get_template(MACRO).module is macros
