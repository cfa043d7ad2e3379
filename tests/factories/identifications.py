"""Identifications, and a browser that has one."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from heka_portal import clock
from heka_portal.domain.accounts.queries import hash_key
from heka_portal.extensions import db
from heka_portal.models.accounts import Identification
from heka_portal.models.people import Person
from heka_portal.vocabulary import IdentificationPurpose, IdentificationState
from heka_portal.web.identification import BROWSER


def make_identification(person: Person | None, *, browser: str = "browser", **values: Any) -> Identification:
    """A round that ended well a moment ago; of nobody in the register without a person."""
    now = clock.now()
    given = {
        "purpose": IdentificationPurpose.REGISTER,
        "state": IdentificationState.IDENTIFIED,
        "state_hash": secrets.token_hex(32),
        "browser_hash": hash_key(browser),
        "nonce": "nonce",
        "code_verifier": "verifier",
        "created_at": now,
        "expires_at": now + timedelta(minutes=30),
        "identified_at": now,
        "person_id": person.id if person else None,
        "full_name": person.name if person else "Nobody Known",
        **values,
    }
    identification = Identification(**given)
    db.session.add(identification)
    db.session.flush()
    return identification


def identified_client(app: Flask, person_id: int | None, **values: Any) -> FlaskClient:
    """A browser whose owner has just identified as a person of the register."""
    browser = secrets.token_urlsafe(32)
    with app.app_context():
        person = db.session.get(Person, person_id) if person_id is not None else None
        make_identification(person, browser=browser, **values)
        db.session.commit()
    client = app.test_client()
    with client.session_transaction() as visit:
        visit[BROWSER] = browser
    return client
