"""A page that refuses a form shows the long texts again, and never a secret."""

from __future__ import annotations

import pytest
from flask import Flask
from wtforms import Field, HiddenField, PasswordField
from wtforms.fields.core import UnboundField

from heka_portal.web.errors import TITLES, typed_text
from heka_portal.web.forms import form_classes, free_text_names

#: single lines that are nobody else's to read
SECRET_LINES = {"iban", "code", "who", "identity_code", "token", "email", "phone"}


def fields_of_forms() -> dict[str, set[type[Field]]]:
    """Each name of a field of our forms, with what it may be."""
    found: dict[str, set[type[Field]]] = {}
    for form in form_classes():
        if not form.__module__.startswith("heka_portal."):
            continue
        for name in dir(form):
            if isinstance(field := getattr(form, name), UnboundField):
                found.setdefault(name, set()).add(field.field_class)
    return found


def test_no_secret_has_the_name_of_a_long_text(app: Flask) -> None:
    shown = TITLES | free_text_names()
    secret = {
        name
        for name, kinds in fields_of_forms().items()
        if any(issubclass(kind, HiddenField | PasswordField) for kind in kinds)
    }
    assert not shown & (secret | SECRET_LINES | {"csrf_token"})


def test_titles_that_are_shown_are_fields_of_forms(app: Flask) -> None:
    assert fields_of_forms().keys() >= TITLES


@pytest.mark.parametrize("name", ["text", "description", "body", "body_fi", "body_sv", "fi", "risks", "preparedness"])
def test_long_text_is_shown_again(app: Flask, name: str) -> None:
    data = {"title_fi": "Otsikko", name: "Pitkä teksti", "password": "secret", "csrf_token": "secret"}
    with app.test_request_context("/contact", method="POST", data=data):
        assert typed_text() == "Otsikko\n\nPitkä teksti"
