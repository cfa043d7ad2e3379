"""When one signed in, and who at the landlord's looked at one's data."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask

from heka_portal import clock
from heka_portal.domain.audit.operations import record_audit
from heka_portal.extensions import db
from heka_portal.vocabulary import AuditAction
from tests.factories.accounts import make_session
from tests.factories.defects import make_defect
from tests.support.roles import ClientFor, World
from tests.support.sending import send

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; rv:145.0) Gecko/20100101 Firefox/145.0"


def test_the_history_shows_sessions_and_failures_of_one_s_own(app: Flask, world: World, client_for: ClientFor):
    with app.app_context():
        make_session(world.account("main_tenant"), user_agent=FIREFOX, ended_at=clock.now())
        make_session(world.account("co_tenant"), user_agent="Safari iPad")
        email = world.account("main_tenant").email
        db.session.commit()
    send(app.test_client(), "/sign-in", email=email, password="not it at all")
    page = client_for("main_tenant").get("/account/history?lang=en").text
    assert "Firefox, Windows" in page
    assert "iPad" not in page
    assert "Attempts that failed" in page
    assert "Attempts that failed" not in client_for("co_tenant").get("/account/history?lang=en").text


def test_a_long_history_has_pages(app: Flask, world: World, client_for: ClientFor):
    with app.app_context():
        for day in range(45):
            make_session(world.account("main_tenant"), created_at=clock.now() - timedelta(days=90 - day))
        db.session.commit()
    client, url, pages = client_for("main_tenant"), "/account/history?lang=en", 0
    while url:
        page = client.get(url).text
        pages += 1
        url = page.split('rel="next" href="')[1].split('"')[0] if 'rel="next"' in page else ""
    assert pages == 3


def test_the_person_reads_who_looked_and_why(app: Flask, world: World, client_for: ClientFor):
    clerk, owner = client_for("clerk"), client_for("main_tenant")
    assert "Nobody has looked" in owner.get("/account/looks?lang=en").text
    with app.app_context():
        case = make_defect(world.actor("main_tenant"))
        person_id, number = world.account("main_tenant").person_id, case.number
        name = world.actor("clerk").name
        supervisor = world.actor("supervisor").name
        db.session.commit()
    clerk.get(f"/admin/people/{person_id}/")
    clerk.get(f"/admin/cases/{number}/")
    send(client_for("supervisor"), f"/admin/people/{person_id}/", reason="Checks a lease")
    page = owner.get("/account/looks?lang=en").text
    assert name in page
    assert supervisor in page
    assert "Reason: Checks a lease" in page
    assert f"/matters/{number}" in page
    assert name not in client_for("co_tenant").get("/account/looks").text


def test_what_residents_do_is_no_look(app: Flask, world: World, client_for: ClientFor):
    with app.app_context():
        person_id = world.account("main_tenant").person_id
        record_audit(AuditAction.PERSON_VIEWED, account_id=world.account_ids["neighbour"], person_id=person_id)
        record_audit(AuditAction.SIGNED_IN, account_id=world.account_ids["clerk"], person_id=person_id)
        db.session.commit()
    assert "Nobody has looked" in client_for("main_tenant").get("/account/looks?lang=en").text
