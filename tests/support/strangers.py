"""Every address of a case, and what somebody gets there who has no business with it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Flask, url_for
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from heka_portal.extensions import db
from heka_portal.models.attachments import Attachment
from heka_portal.models.cases import Case
from tests.support.sending import token_of

#: addresses with a key that are about files; the other keys are those of drafts
FILES = ("resident.files.", "admin_files.")
METHODS = ("GET", "POST")


@dataclass(frozen=True, order=True)
class Address:
    """Where a request goes, and how."""

    path: str
    method: str
    endpoint: str


def addresses_of(app: Flask, number: int) -> list[Address]:
    """Every address of a case and of its files."""
    with app.app_context():
        keys = db.session.scalars(db.select(Attachment.key).join(Case).where(Case.number == number)).all()
    with app.test_request_context():
        return sorted(
            Address(url_for(rule.endpoint, **values), method, rule.endpoint)
            for rule in app.url_map.iter_rules()
            for values in _values(rule, number, keys)
            for method in METHODS
            if method in (rule.methods or ())
        )


def _values(rule: Rule, number: int, keys: Sequence[str]) -> Iterator[dict[str, Any]]:
    """What fills the gaps of an address that is about the case; nothing where it is not."""
    if rule.endpoint.startswith(FILES) and "key" in rule.arguments:
        yield from ({"key": key} for key in keys)
    elif "number" in rule.arguments:
        yield {"number": number} | dict.fromkeys(rule.arguments - {"number"}, keys[0])


def let_in(client: FlaskClient, own_page: str, addresses: Sequence[Address]) -> list[str]:
    """Ask for every address with a token of one's own; answers those that neither hide the case nor say who may."""
    token = token_of(client.get(own_page))
    answers = (
        (address, client.open(address.path, method=address.method, data={"csrf_token": token}).status_code)
        for address in addresses
    )
    return [f"{address.method} {address.path}: {status}" for address, status in answers if status not in {403, 404}]
