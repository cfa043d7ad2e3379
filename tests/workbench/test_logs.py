"""Refused registrations, dead mail and the audit log."""

from __future__ import annotations

import re
import secrets
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from flask import Flask

from heka_portal import clock
from heka_portal.database import footprint
from heka_portal.domain.audit.operations import append_lines, make_line
from heka_portal.domain.outbox.operations import enqueue_mail
from heka_portal.extensions import db
from heka_portal.models.accounts import Identification, StaffMember
from heka_portal.models.audit import AuditLine
from heka_portal.models.outbox import OutboxMail
from heka_portal.models.people import Person
from heka_portal.vocabulary import (
    AuditAction,
    IdentificationPurpose,
    IdentificationState,
    Language,
    MailKind,
    MailState,
    RegistrationObstacle,
)
from tests.support.case_page import HIDDEN
from tests.support.roles import ClientFor, World


def refuse(obstacle: RegistrationObstacle, name: str, *, hours: int = 0, **values: Any) -> None:
    now = clock.now() - timedelta(hours=hours)
    db.session.add(
        Identification(
            purpose=IdentificationPurpose.REGISTER,
            state=IdentificationState.FAILED,
            state_hash=secrets.token_hex(16),
            browser_hash="b",
            nonce="n",
            code_verifier="v",
            created_at=now,
            expires_at=now,
            full_name=name,
            obstacle=obstacle,
            **values,
        )
    )


def test_refused_registrations_come_with_their_reasons(client_for: ClientFor, app: Flask, world: World) -> None:
    with app.app_context():
        refuse(RegistrationObstacle.NOT_IN_REGISTER, "Uusi Asukas", hours=1)
        refuse(RegistrationObstacle.UNDER_AGE, "Nuori Asukas", person_id=world.account("resident").person_id)
        db.session.commit()
        person_id = world.account("resident").person_id
    page = client_for("clerk").get("/admin/registrations/").text
    assert page.index("Nuori Asukas") < page.index("Uusi Asukas")
    assert "Not found in the register" in page
    assert "Under 18 years" in page
    assert f"/admin/people/{person_id}/" in page


def test_protected_name_is_hidden_among_the_refused(client_for: ClientFor, app: Flask, world: World) -> None:
    with app.app_context():
        person = db.session.get_one(Person, world.account("resident").person_id)
        person.is_protected = True
        refuse(RegistrationObstacle.LEASE_ENDED, "Salainen Nimi", person_id=person.id)
        db.session.commit()
    assert "Salainen" not in client_for("clerk").get("/admin/registrations/").text
    assert "Salainen" in client_for("supervisor").get("/admin/registrations/").text


def test_older_refusals_are_a_link_away(client_for: ClientFor, app: Flask, world: World) -> None:
    with app.app_context():
        for index in range(30):
            obstacle = list(RegistrationObstacle)[index % 4]
            refuse(obstacle, f"Asukas {index:02}", hours=index)
        db.session.commit()
    client = client_for("clerk")
    names: list[str] = []
    url = "/admin/registrations/"
    while url:
        page = client.get(url).text
        names += re.findall(r"Asukas \d\d", page)
        found = re.search(r'rel="next" href="([^"]+)"', page)
        url = unescape(found[1]) if found else ""
    assert names == [f"Asukas {index:02}" for index in range(30)]


@pytest.fixture
def dead_id(app: Flask, world: World) -> int:
    """A mail that could not be sent."""
    with app.app_context():
        mail = enqueue_mail(
            MailKind.CASE_NEWS, to_email="aino@example.fi", language=Language.FINNISH, params={"number": 482719306}
        )
        mail.state, mail.attempts, mail.last_error = MailState.DEAD, 9, "550 no such mailbox"
        db.session.commit()
        return mail.id


@pytest.mark.parametrize("role", ["supervisor", "administrator"])
def test_dead_mail_is_sent_again(client_for: ClientFor, app: Flask, world: World, dead_id: int, role: str) -> None:
    client = client_for(role)
    page = client.get("/admin/mails/").text
    assert "aino@example.fi" in page
    assert "550 no such mailbox" in page
    token = dict(HIDDEN.findall(page))["csrf_token"]
    answer = client.post(f"/admin/mails/{dead_id}/again/", data={"csrf_token": token})
    assert answer.status_code == 303
    assert "sent again in a moment" in client.get(answer.location).text
    with app.app_context():
        assert db.session.get_one(OutboxMail, dead_id).state is MailState.WAITING
        line = db.session.scalars(db.select(AuditLine).where(AuditLine.action == AuditAction.MAIL_RESENT)).one()
        assert line.account_id == world.account_ids[role]
    again = client.post(f"/admin/mails/{dead_id}/again/", data={"csrf_token": token})
    assert "Somebody was faster" in client.get(again.location).text


def test_mail_is_not_for_clerks(client_for: ClientFor, dead_id: int) -> None:
    client = client_for("clerk")
    assert client.get("/admin/mails/").status_code == 403
    token = dict(HIDDEN.findall(client.get("/admin/people/").text))["csrf_token"]
    assert client.post(f"/admin/mails/{dead_id}/again/", data={"csrf_token": token}).status_code == 403


def test_audit_log_names_who_and_leaves_the_rest_to_references(
    client_for: ClientFor, app: Flask, world: World, number: int
) -> None:
    clerk = client_for("clerk")
    clerk.get(f"/admin/cases/{number}/")
    page = client_for("supervisor").get("/admin/audit/").text
    with app.app_context():
        staff = db.session.get_one(StaffMember, world.account("clerk").staff_member_id)
        person = db.session.get_one(Person, world.account("main_tenant").person_id)
        name, last_name, person_id = staff.name, person.last_name, person.id
    assert name in page
    assert "Case looked at" in page
    assert "Case opened" in page
    assert last_name not in page
    own = client_for("supervisor").get(f"/admin/audit/?person={person_id}").text
    assert f"Only lines about person {person_id}" in own


def test_audit_log_is_paged(client_for: ClientFor, app: Flask, world: World) -> None:
    with app.app_context():
        lines = [make_line(AuditAction.SIGNED_IN, account_id=world.account_ids["clerk"]) for _ in range(120)]
        with footprint(db) as connection:
            append_lines(connection, lines)
    client = client_for("administrator")
    ids: list[int] = []
    url = "/admin/audit/"
    while url:
        page = client.get(url).text
        ids += [int(found) for found in re.findall(r'class="hp-num">(\d+)<', page)]
        found = re.search(r'rel="next" href="([^"]+)"', page)
        url = unescape(found[1]) if found else ""
    assert ids == list(range(120, 0, -1))


@pytest.mark.parametrize("role", ["clerk", "contractor", "main_tenant"])
def test_audit_log_is_for_named_roles(client_for: ClientFor, role: str) -> None:
    assert client_for(role).get("/admin/audit/").status_code == 403
