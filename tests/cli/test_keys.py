"""Secrets are made, and data keys rotated, without losing a letter."""

from __future__ import annotations

import re

from flask import Flask
from sqlalchemy import select, text

from heka_portal.config import Settings, make_settings
from heka_portal.extensions import db
from heka_portal.keyring import EXTENSION, Keyring
from heka_portal.models.people import Person
from tests.factories.people import make_person


def test_made_secrets_are_accepted_by_the_settings(app: Flask, settings: Settings) -> None:
    printed = app.test_cli_runner().invoke(args=["keys", "make"]).output
    made = dict(re.findall(r"HEKA_([A-Z_]+)=(\S+)", printed))
    given = {name.lower(): value for name, value in made.items()}
    assert make_settings(environment="testing", **given).data_keys.keys() == {"k1"}


def test_rotation_encrypts_everything_anew_and_reads_as_before(app: Flask) -> None:
    old = app.extensions[EXTENSION]
    try:
        with app.app_context():
            codes = {}
            for code in ("010170-999R", "070770-905D", "010200A9618"):
                person = make_person(identity_code=code, identity_mark=old.fingerprint(code))
                codes[person.id] = code
            make_person(identity_code=None, identity_mark=None)
            db.session.commit()
        app.extensions[EXTENSION] = Keyring({"new": b"n" * 32, **old.keys}, old.fingerprint_key)
        result = app.test_cli_runner().invoke(args=["keys", "rotate-data"])
        assert "people.identity_code: 3 encrypted anew with new" in result.output
        again = app.test_cli_runner().invoke(args=["keys", "rotate-data"])
        assert "people.identity_code: 0 encrypted anew" in again.output
        app.extensions[EXTENSION] = Keyring({"new": b"n" * 32}, old.fingerprint_key)
        with app.app_context():
            stored = db.session.scalars(text("SELECT identity_code FROM people WHERE identity_code IS NOT NULL"))
            assert all(value.startswith("new.") for value in stored)
            found = db.session.execute(select(Person.id, Person.identity_code).where(Person.identity_mark.is_not(None)))
            assert {row.id: row.identity_code for row in found} == codes
    finally:
        app.extensions[EXTENSION] = old
