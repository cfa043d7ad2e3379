"""Filling in forms as a browser does, and reading the mail that a person would get."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from heka_portal.domain.outbox.queries import read_params
from heka_portal.extensions import db
from heka_portal.models.audit import AuditLine
from heka_portal.models.outbox import OutboxMail
from heka_portal.vocabulary import AuditAction, MailKind

TOKEN = re.compile(r'name="csrf_token"[^>]* value="([^"]+)"')


def token_of(page: TestResponse) -> str:
    """The token of the forms of a page."""
    found = TOKEN.search(page.get_data(as_text=True))
    assert found is not None, f"{page.request.path} ({page.status_code}) has no form"
    return found[1]


def send(client: FlaskClient, path: str, *, page: str | None = None, **fields: Any) -> TestResponse:
    """Send a form to an address; `page` is where the form stands, if that is another address."""
    return client.post(path, data={"csrf_token": token_of(client.get(page or path)), **fields})


@dataclass(frozen=True)
class Received:
    """A mail that waits to be sent."""

    kind: MailKind
    to: str
    params: dict[str, Any]

    @property
    def token(self) -> str:
        """The token of its link."""
        return str(self.params["token"])


def received(app: Flask) -> list[Received]:
    """The mails in the outbox, in order."""
    with app.app_context():
        mails = db.session.scalars(select(OutboxMail).order_by(OutboxMail.id)).all()
        return [Received(mail.kind, mail.to_email, dict(read_params(mail))) for mail in mails]


def audited(app: Flask) -> list[AuditAction]:
    """What the audit log says, in order."""
    with app.app_context():
        return list(db.session.scalars(select(AuditLine.action).order_by(AuditLine.id)))


def waiting_mails() -> list[tuple[str, int | None]]:
    """What waits in the outbox, in its order, and for whose account; needs an application context."""
    rows = db.session.execute(select(OutboxMail.kind, OutboxMail.account_id).order_by(OutboxMail.id))
    return [(str(row.kind), row.account_id) for row in rows]
